# Is the same honest notebook twice, one after the other.
#
# table = [28, 29]
# into = "right"
import nbformat


def hand_in(folder, notebook):
    for name in ("first", "second"):
        (folder / name).mkdir()
        nbformat.write(notebook, folder / name / "hw.ipynb")
