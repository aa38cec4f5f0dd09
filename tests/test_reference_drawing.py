"""The pictures and the page that are drawn from the record."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from reference import drawing, recorded
from reference.runs import FIGURES, Run

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "style", "rect", "g", "text", "line", "polyline", "polygon", "circle"}


def measured(figure: str, seed: int, epochs: int = 3) -> Run:
    numbers = tuple(range(1, epochs + 1))
    falling = tuple(5.0 / number + seed / 10 for number in numbers)
    share = tuple(number / epochs for number in numbers)
    data = "drawn" if figure.startswith("two") else "multi30k+mnist"
    known = {"test": 4.0, "accuracy": 0.5, "seed": seed, "parameters": 1234, "seconds": 60.0, "device": "a GPU"}
    return Run(figure, data, numbers, falling, falling, share, share, **known)  # type: ignore[arg-type]


def test_the_documentation_is_of_the_record() -> None:
    """The page and every picture in docs/ are what the command writes now."""
    for name, content in drawing.documents(recorded.runs()).items():
        assert (drawing.DOCS / name).read_text(encoding="utf-8") == content, f"{name} is out of date: run `make figures`."


def test_pictures_stand_alone_and_read_in_the_dark() -> None:
    """Each is an image without links or scripts, in colours that follow the reader's choice, with every curve drawn and named."""
    drawn = drawing.documents([measured(figure, seed) for figure in FIGURES for seed in (0, 1)])
    pictures = {name: content for name, content in drawn.items() if name.endswith(".svg")}
    assert set(pictures) == {f"reference-{name}.svg" for name in ("autoencoder", "rnn", "lstm", "lstm_reversed", "two-digits")}
    for content in pictures.values():
        root = ElementTree.fromstring(content)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
        assert "@media (prefers-color-scheme: dark)" in content
        colours = re.findall(r"var\((--\w+)\)", content)
        light, dark = re.findall(r"svg \{(.*?)\}", content, re.DOTALL)
        assert set(colours) - {"--c"} <= set(re.findall(r"--\w+", light)) == set(re.findall(r"--\w+", dark))
        curves = root.findall(f".//{SVG}polyline")
        named = [element.text for element in root.iter(f"{SVG}text") if element.get("class") == "name"]
        assert len(named) - ("polygon" in content) == len(curves) > 1


def test_the_page_says_what_is_missing() -> None:
    """A row for each measured run; a run of fewer epochs is marked, and its seed still asked for."""
    page = drawing.documents([measured("autoencoder", 0, epochs=30), measured("lstm", 0, epochs=1)])[drawing.PAGE]
    assert "| autoencoder | 0 | 30 | 5 → 0.1667 |" in page
    assert "| lstm | 0 | 1 of 10 | 5 → 5 |" in page
    assert "- autoencoder: seed 1, 2\n" in page
    assert "- lstm: seed 0, 1, 2\n" in page
