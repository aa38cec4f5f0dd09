"""feedback.html and staff.html: one file each that asks for nothing, shows what it should and to whom it should."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
import sample_reports as samples

from autograder.model.grading import GradeReport
from autograder.reports import feedback, staff
from autograder.reports.pictures import panel

ALL = [samples.ordinary, samples.hostile, samples.rejected, samples.in_progress, samples.nothing_asked]
BOTH = [feedback.render, staff.render]
VOID = {"meta", "img", "br", "use", "path", "circle", "line", "polyline", "polygon", "rect", "link", "input", "hr"}
TAG_NAMES = """
html head meta title style body svg symbol path use a div header main nav footer section article h1 h2 h3 h4 p span strong b em
bdi br dl dt dd ul ol li table thead tbody tr th td figure figcaption img details summary pre code blockquote
circle text line polyline polygon rect
"""
TAGS = set(TAG_NAMES.split())


class Reader(HTMLParser):
    """Collects tags and attributes, and fails on anything left open or closed twice."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("render", BOTH)
@pytest.mark.parametrize("sample", ALL)
def test_a_page_asks_for_nothing_outside_itself(sample: Callable[[], GradeReport], render: Callable[[GradeReport], str]) -> None:
    """No script, no address but those of its own parts and data, a policy that forbids the rest; every tag is one of ours and closed."""
    text = render(sample())
    page = Reader(text)
    assert {tag for tag, _ in page.tags} <= TAGS
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcset", "action", "formaction", "data"}]
        for name in ("src", "href", "xlink:href", "poster"):
            if address := attributes.get(name):
                assert address.startswith("data:image/" if tag == "img" else "#"), address
    styles = re.findall(r"<style>(.*?)</style>", text, re.S)
    assert len(styles) == 1
    assert "url(" not in styles[0]
    assert "@import" not in styles[0]
    policy = next(meta for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")


@pytest.mark.parametrize("render", BOTH)
@pytest.mark.parametrize("sample", ALL)
def test_a_page_can_be_read_by_everybody(sample: Callable[[], GradeReport], render: Callable[[GradeReport], str]) -> None:
    """The language is named, headings go down one step at a time, pictures have a text, ids are unique, links lead somewhere."""
    page = Reader(render(sample()))
    assert page.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(image.get("alt") for image in page.all("img"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [attributes["href"] for tag, attributes in page.tags if tag in {"a", "use"}]
    assert {str(target).removeprefix("#") for target in targets} <= set(ids)
    for _, attributes in page.tags:
        assert set(str(attributes.get("aria-labelledby") or "").split()) <= set(ids)


@pytest.mark.parametrize("sample", ALL)
def test_students_see_nothing_hidden(sample: Callable[[], GradeReport]) -> None:
    """No detail, hidden title, hidden exhibit, traceback or log line is anywhere in the student's page."""
    assert samples.SECRET not in feedback.render(sample())


def test_staff_see_everything() -> None:
    """The staff page has the hidden check, its exhibit and detail, tracebacks, the cells and the log, and room for marks."""
    page = Reader(staff.render(samples.ordinary()))
    assert f"{samples.SECRET} title" in page.words
    assert f"{samples.SECRET} detail" in page.words
    assert "NameError: name 'nn' is not defined" in page.words
    assert "interrupted after 20 s" in page.words
    assert "(tried 2 times)" in page.words
    assert "kernel ended" in page.words
    assert len([1 for _, attributes in page.tags if attributes.get("class") == "blank"]) == 3
    assert "staff only" in page.words


def test_the_student_page_says_what_counts() -> None:
    """Points, verdicts, sentences, answers, flags and what was changed are on the page."""
    words = Reader(feedback.render(samples.ordinary())).words
    for said in (
        "Ann Lee",
        "Earned automatically 1.55",
        "Waiting for a person 1.70",
        "You wrote 77,330 for the second network.",
        "A hidden check Passed 0.15 / 0.15",
        "Some cells were executed out of order",
        "Because the factor w**t goes to zero.",
        "If you wrote one, tell your teaching assistant where it stands.",
        "SIZE was 100 and is 12.",
        "5 figures stored in the notebook",
        "is not shown: it is an SVG drawing",
        "Data: sample digits.",
    ):
        assert said in words, said


@pytest.mark.parametrize("render", BOTH)
def test_hostile_text_is_shown_as_text(render: Callable[[GradeReport], str]) -> None:
    """Tags are escaped, templates in text are not executed, terminal and direction characters are gone."""
    text = render(samples.hostile())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "{{ 7*7 }}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "[31m" not in text


def test_a_rejected_submission_is_told_why() -> None:
    """The page of a rejected submission says what to do and shows no list of failed checks."""
    words = Reader(feedback.render(samples.rejected())).words
    assert "This submission could not be graded. bob.ipynb is not JSON." in words
    assert "hw9.pdf" in words
    assert "Not passed" not in words


def test_the_same_report_gives_the_same_page() -> None:
    """The student's page depends on the verdicts only: not on how long anything took."""
    report = samples.ordinary()
    slower = dataclasses.replace(report, seconds={"total": 99.0}, peak_memory_mb=1.0, log=("another",))
    slower = dataclasses.replace(slower, checks=tuple(dataclasses.replace(check, seconds=5.0) for check in slower.checks))
    assert feedback.render(report) == feedback.render(slower)


def test_colours_are_readable() -> None:
    """Text and tinted badges reach a contrast of 4.5 in light and in dark."""
    css = re.findall(r"<style>(.*?)</style>", feedback.render(samples.nothing_asked()), re.S)[0]
    themes = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)[:2]]

    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        parts = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    pairs = [(ink, ground) for ink in ("ink", "soft", "link") for ground in ("paper", "card", "sunk")]
    pairs += [(name, f"{name}-tint") for name in ("good", "bad", "ask", "fault", "idle")]
    pairs += [(name, "card") for name in ("good", "bad", "ask", "fault", "idle")]
    pairs += [("ink", f"{name}-tint") for name in ("good", "bad", "ask", "fault", "idle")]
    for theme in themes:
        for ink, ground in pairs:
            bright, dark = sorted((light(theme[ink]), light(theme[ground])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def test_a_panel_is_drawn_once_for_both_pages() -> None:
    """What the student sees is not drawn anew for the staff."""
    panel.cache_clear()
    feedback.render(samples.ordinary())
    drawn = panel.cache_info().misses
    staff.render(samples.ordinary())
    assert drawn
    assert panel.cache_info().hits >= drawn
