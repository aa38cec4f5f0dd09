# Is handed in under names that are formulas, paths, markup, two lines, or a device.
#
# table = [25]
# seconds = 60
import nbformat

NAMES = (
    '=HYPERLINK("https:evil.example").ipynb',
    "..%2f..%2fx.ipynb",
    "a\nb.ipynb",
    "<b onmouseover=alert(1)>.ipynb",
    "-1+1.ipynb",
    "con.ipynb",
)


def hand_in(folder, notebook):
    text = nbformat.writes(notebook)
    for name in NAMES[:3]:
        (folder / name).write_text(text, encoding="utf-8")
    for name in NAMES[3:]:
        (folder / name[:-6]).mkdir()
        (folder / name[:-6] / name).write_text(text, encoding="utf-8")
