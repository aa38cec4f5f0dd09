"""People's marks: entered in marks.csv, they are in everything that the next run writes, and nothing that is graded anew touches them."""

from __future__ import annotations

import codecs
import csv
import dataclasses
import html
import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import sample_reports as samples
from test_cli import run
from test_pipeline import ASSIGNMENT, RIGHT, notebook

import autograder
from autograder.course import HandedBack
from autograder.errors import AssignmentError
from autograder.intake import marks as entered
from autograder.model.grading import GradeReport, Mark, Outcome, Status
from autograder.quoting import FORMULA_STARTS, unquoted
from autograder.reports import feedback, marks, staff
from autograder.store import Store

GRADEBOOK = (
    "Student,ID,SIS Login ID,Section,Counting (7)\r\n    Points Possible,,,,1.50\r\n"
    '"Doe, Jane",101,jane,A,\r\n"Roe, Max",102,max,A,0.25\r\n'
)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def enter(path: Path, given: dict[tuple[str, str], tuple[str, str]], *, separator: str = ",") -> None:
    """Fill in marks and comments by submission and item, as a spreadsheet would."""
    lines = table(path)
    for line in lines:
        line["mark"], line["comment"] = given.get((line["submission"], line["item"]), (line["mark"], line["comment"]))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, lines[0], delimiter=separator)
        writer.writeheader()
        writer.writerows(lines)


class Grading:
    """Grades `in` into `out` within the test's own process, without executing anything, and keeps what was to be said to a person."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.marks = self.out / "marks.csv"
        self.undone: tuple[str, ...] = ()

    def __call__(self, meanwhile: Callable[[], None] = lambda: None, *, source: str = "in", **settings: object) -> None:
        """`meanwhile` is done when the first submission is."""

        def listen(event: object) -> None:
            if isinstance(event, HandedBack):
                self.undone = event.undone

        given = autograder.Settings(out=self.out, mode="static", **settings)  # type: ignore[arg-type]
        cache = self.folder / "cache"
        for number, _ in enumerate(
            autograder.grade([self.folder / source], given, assignment=ASSIGNMENT, cache_folder=cache, listen=listen)
        ):
            if number == 0:
                meanwhile()

    def scores(self) -> dict[str, str]:
        return {row["submission"]: row["q1.2"] for row in table(self.out / "grades.csv")}

    def page(self, id: str) -> str:
        return (self.out / id / "feedback.html").read_text(encoding="utf-8")

    def stored(self, id: str) -> dict[str, Mark]:
        with Store(self.out) as store:
            return store.marks(id)


@pytest.fixture
def grading(tmp_path: Path) -> Grading:
    """Two submissions, neither of which was graded yet."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    notebook(tmp_path / "in" / "bob.ipynb", RIGHT)
    return Grading(tmp_path)


WORDS = "q1_2.explanation"


@pytest.mark.parametrize("resume", [True, False])
def test_marks_that_are_saved_while_a_run_goes_on_are_taken_over_by_it(grading: Grading, resume: bool) -> None:
    """They stand in the file, the store, the table and the pages when it ends, and the next run has nothing to do."""
    grading()
    before = grading.scores()
    given = {("ann", WORDS): ("0.25", "Nearly."), ("bob", WORDS): ("0.1", "")}
    grading(lambda: enter(grading.marks, given), resume=resume)
    assert grading.undone == ()
    assert {line["submission"]: line["mark"] for line in table(grading.marks) if line["item"] == WORDS} == {"ann": "0.25", "bob": "0.10"}
    assert grading.stored("ann") == {WORDS: Mark(25, "Nearly.")}
    after = grading.scores()
    assert {id: round(float(after[id]) - float(before[id]), 2) for id in after} == {"ann": 0.25, "bob": 0.1}
    assert "Nearly." in grading.page("ann")
    written = (grading.out / "ann" / "feedback.html").stat().st_mtime_ns
    grading()
    assert (grading.out / "ann" / "feedback.html").stat().st_mtime_ns == written


def test_marks_reach_the_pages_of_whom_the_run_was_not_asked_to_grade(grading: Grading) -> None:
    """The table of a run for one student holds the marks of all, and so do their pages, whenever in the run these were saved."""
    grading()
    enter(grading.marks, {("bob", WORDS): ("0.1", "Before.")})
    grading(only=("ann",))
    assert "Before." in grading.page("bob")
    grading(lambda: enter(grading.marks, {("bob", WORDS): ("0.2", "Meanwhile.")}), only=("ann",))
    assert "Meanwhile." in grading.page("bob")
    assert grading.stored("bob") == {WORDS: Mark(20, "Meanwhile.")}


def test_a_file_that_is_saved_meanwhile_and_cannot_be_meant_is_left_as_it_is(grading: Grading) -> None:
    """The run ends well, says what, where and what to do, and takes the marks over once the file is mended."""
    grading()
    grading(lambda: enter(grading.marks, {("ann", WORDS): ("0.25", ""), ("bob", WORDS): ("a lot", "")}))
    (said,) = grading.undone
    assert f"{grading.marks}, line " in said
    assert "the mark 'a lot' is not a number" in said
    assert "left as it is" in said
    assert said in html.unescape((grading.out / "summary.html").read_text(encoding="utf-8"))
    assert [line["mark"] for line in table(grading.marks) if line["item"] == WORDS] == ["0.25", "a lot"]
    assert grading.stored("ann") == {}
    enter(grading.marks, {("bob", WORDS): ("0.4", "")})
    grading()
    assert (grading.undone, grading.stored("ann"), grading.stored("bob")) == ((), {WORDS: Mark(25)}, {WORDS: Mark(40)})


def test_marks_that_are_saved_while_the_file_is_written_are_not_lost(grading: Grading, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at once more before it is replaced."""
    grading()
    rendered: list[str] = []

    def render(reports: Sequence[GradeReport], left: Sequence[Mapping[str, str]]) -> str:
        if not rendered:
            enter(grading.marks, {("ann", WORDS): ("0.25", "")})
        rendered.append(original(reports, left))
        return rendered[-1]

    original = marks.render
    monkeypatch.setattr(marks, "render", render)
    grading()
    assert len(rendered) == 2
    assert grading.stored("ann") == {WORDS: Mark(25)}


def test_marks_reach_the_pages_the_table_and_canvas(tmp_path: Path) -> None:
    """Blank in Canvas while points wait; the same command after the marks are entered fills it, and replays and judges nothing."""
    jane, max_ = "doejane_101", "roemax_102"
    notebook(tmp_path / "in" / f"{jane}_9001_hw.ipynb", RIGHT)
    notebook(tmp_path / "in" / f"{max_}_9002_hw.ipynb", RIGHT)
    (tmp_path / "grades.csv").write_bytes(GRADEBOOK.encode())
    command = [
        "grade",
        "in",
        "--out",
        "out",
        "--isolation",
        "none",
        "--fill-canvas",
        "grades.csv",
        "--canvas-whole",
        "--assignment",
        ASSIGNMENT,
    ]
    out = tmp_path / "out"
    first = run(*command, cwd=tmp_path)
    assert "2 students of whom points wait for a person" in first.stdout
    assert (out / "canvas.csv").read_bytes() == GRADEBOOK.encode()
    waiting = [(line["item"], line["possible"]) for line in table(out / "marks.csv") if line["submission"] == jane]
    assert waiting == [("q1_1.left_open", "0.20"), ("q1_2.explanation", "0.40")]

    words = {(jane, "q1_2.explanation"): ("0,3", "=Say <b>why</b>"), (max_, "q1_2.explanation"): ("0", "")}
    enter(out / "marks.csv", {(jane, "q1_1.left_open"): ("0.20", ""), **words}, separator=";")
    second = run(*command, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert (out / "canvas.csv").read_bytes() == GRADEBOOK.replace("jane,A,", "jane,A,1.40").encode()
    assert f"1 student of whom points wait for a person ({max_})" in second.stdout
    scores = {row["submission"]: (row["auto_score"], row["score"], row["q1.1"], row["q1.2"]) for row in table(out / "grades.csv")}
    assert scores == {jane: ("0.90", "1.40", "1.00", "0.40"), max_: ("0.90", "0.90", "0.80", "0.10")}
    page = (out / jane / "feedback.html").read_text(encoding="utf-8")
    assert "=Say &lt;b&gt;why&lt;/b&gt;" in page
    assert "A person has marked this" in page
    assert json.loads((out / jane / "report.json").read_text(encoding="utf-8"))["marks"]["score"] == 1.4
    with Store(out) as store:
        assert [len(store.history(id)) for id in (jane, max_)] == [2, 2]
        assert {judgement.run for judgement in store.history(jane)[0].basis.judgements} == {1}

    kept = (out / "marks.csv").read_bytes()
    assert run(*command, cwd=tmp_path).returncode == 0
    assert (out / "marks.csv").read_bytes() == kept
    enter(out / "marks.csv", {(jane, "q1_1.left_open"): ("-", "")})
    assert run("regrade", "out", cwd=tmp_path).returncode == 0
    assert (out / "canvas.csv").read_bytes() == GRADEBOOK.encode()
    enter(out / "marks.csv", {(jane, "q1_1.left_open"): ("2", "")})
    refused = run(*command, cwd=tmp_path)
    assert refused.returncode == 2
    assert "marks.csv, line 2: the mark 2 is more than the 0.20" in refused.stderr
    assert table(out / "marks.csv")[0]["mark"] == "2"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ann-lee_1042,q9.words,0.1", "nothing that is marked"),
        ("ann-lee_1042,{item},all", "not a number like 0.25"),
        ("ann-lee_1042,{item},-0.1", "not a number like 0.25"),
        ("ann-lee_1042,{item},0.123", "not a number like 0.25"),
        ("ann-lee_1042,{item},0.1,Well, but why?", "more cells than headings"),
        ("nobody,{item},0.1,Well, but why?", "more cells than headings"),
        ("ann-lee_1042,{item},0.1\nann-lee_1042,{item},0.2", "marked twice"),
        ("ann-lee_1042,{item},0.1\nann-lee_1042,{item},,Well", "marked twice, or commented on"),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    """Nothing is guessed, and nothing is taken over."""
    report = samples.ordinary()
    path = tmp_path / "marks.csv"
    path.write_text("submission,item,mark,comment\n" + line.format(item=report.manual[0].spec.id) + "\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match=said) as caught:
        entered.read(path, {report.id: report})
    assert f"{path}, line " in str(caught.value)


AWKWARD = [
    "=1+1; “so”",
    "'=1",
    "''=1",
    "'tis right",
    " - first",
    "Good idea; -0.1 for the unit\n- no example",
    "a\r\nb\rc\u2028d\x85e",
    "\t＝1",
    '"quoted", and, so; on',
    "Übung \u202e 👩‍🔬",
    "x" * 12_345,
]


def test_rows_may_be_short_or_end_in_empty_cells(tmp_path: Path) -> None:
    """As spreadsheets save them; what such a row says of nobody who was graded is written back."""
    report = samples.ordinary()
    path, item = tmp_path / "marks.csv", report.manual[0].spec.id
    path.write_text(f"submission,mark,comment,item\nnobody,0.1\n{report.id}\n{report.id},0.1,,{item},,\n", encoding="utf-8")
    found = entered.read(path, {report.id: report})
    assert found.marks == {report.id: {item: Mark(10)}}
    path.write_text(marks.render([report], found.left), encoding="utf-8")
    assert [(line["submission"], line["item"], line["mark"]) for line in table(path)][-1] == ("nobody", "", "0.1")
    assert entered.read(path, {report.id: report}).left[0]["submission"] == "nobody"


def test_the_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """A comment is the same to the letter, with and without a mark, and no cell is a formula for a spreadsheet; the seed is fixed."""
    choice = random.Random(0)
    letters = "".join(FORMULA_STARTS) + "' ;,\"\\\x0b\x1b\ufeff\u200bäa0"
    texts = AWKWARD + ["".join(choice.choices(letters, k=choice.randint(1, 9))) for _ in range(3_000)]
    path, report = tmp_path / "marks.csv", samples.ordinary()
    specs = [spec for spec in report.left_to_people if spec.points]
    for part in range(0, len(texts), 60):
        reports, left, given = {}, [], {}
        for number, text in enumerate(texts[part : part + 60]):
            one = dataclasses.replace(report, id=f"-{number}", marks={specs[0].id: Mark(specs[0].points, text)})
            reports[one.id], given[one.id] = one, one.marks
            if text.strip():
                left.append({"submission": one.id, "item": specs[1].id, "mark": "", "comment": text})
        path.write_bytes(marks.render([*reports.values(), samples.rejected()], left).encode(choice.choice(["utf-8", "utf-8-sig"])))
        found = entered.read(path, reports)
        assert found.marks == given
        assert {line["submission"]: line["comment"] for line in found.left} == {line["submission"]: line["comment"] for line in left}
        assert not [cell for line in table(path) for cell in line.values() if cell.startswith(FORMULA_STARTS)]


def test_marks_outlive_the_database(grading: Grading) -> None:
    """Without it the file's marks and comments wait until their submissions are graded, in this run or a later one, and that is said."""
    notebook(grading.folder / "others" / "eve.ipynb", RIGHT)
    grading()
    given = {("ann", WORDS): ("0.25", "-so;\n=so"), ("bob", WORDS): ("0.40", ""), ("bob", "q1_1.left_open"): ("", "ask Ann")}
    enter(grading.marks, given)
    grading()
    kept, scores, page = grading.marks.read_bytes(), grading.scores(), grading.page("ann")
    for name in ("grades.db", "grades.db-wal", "grades.db-shm"):
        (grading.out / name).unlink(missing_ok=True)
    for _ in range(2):
        grading(source="others")
        (said,) = grading.undone
        assert f"{grading.marks}: nothing was graded under 'ann', 'bob'." in said
        lines = {(line["submission"], line["item"]): (line["mark"], unquoted(line["comment"])) for line in table(grading.marks)[-3:]}
        assert lines == given
    grading()
    assert (grading.undone, grading.marks.read_bytes(), grading.scores(), grading.page("ann")) == ((), kept, scores, page)


def test_marks_under_an_unknown_id_are_told_however_quiet_the_run_is(grading: Grading) -> None:
    """They stay in the file, and count once the id is given as it is."""
    grading()
    enter(grading.marks, {("ann", WORDS): ("0.25", "")})
    text = grading.marks.read_text(encoding="utf-8-sig").replace("ann,", "nan,")
    grading.marks.write_text(text, encoding="utf-8")
    command = ["grade", "in", "-q", "--mode", "static", "--out", "out", "--assignment", ASSIGNMENT]
    done = run(*command, cwd=grading.folder)
    assert done.returncode == 0
    assert "marks.csv: nothing was graded under 'nan'." in done.stderr
    lines = table(grading.marks)
    assert [(line["item"], line["mark"]) for line in lines if line["submission"] == "nan"] == [(WORDS, "0.25")]
    grading.marks.write_text(grading.marks.read_text(encoding="utf-8-sig").replace("nan,", "ann,"), encoding="utf-8")
    assert run(*command, cwd=grading.folder).stderr == ""
    assert grading.stored("ann") == {WORDS: Mark(25)}


def test_marks_of_whom_a_run_does_not_find_stay_and_are_told(grading: Grading) -> None:
    """A submission that has another id now loses no mark without a word, whatever is done to the file; `-` there ends it."""
    grading()
    enter(grading.marks, {("ann", WORDS): ("0.25", "Nearly."), ("ann", "q1_1.left_open"): ("0.1", "")})
    grading(only=("bob",))
    assert grading.undone == ()
    before = grading.scores()
    (grading.folder / "in" / "ann.ipynb").rename(grading.folder / "in" / "anna.ipynb")
    for _ in range(2):
        grading()
        (said,) = grading.undone
        assert f"{grading.marks}: 2 marks are of 'ann', which this run did not find." in said
        lost = [(line["item"], line["possible"], line["mark"], line["comment"]) for line in table(grading.marks)[-2:]]
        assert sorted(lost) == [("q1_1.left_open", "0.20", "0.10", ""), (WORDS, "0.40", "0.25", "Nearly.")]
        assert grading.scores()["anna"] != before["ann"]
        grading.marks.unlink()
    grading()
    taken = {("ann", WORDS): ("-", ""), ("ann", "q1_1.left_open"): ("-", "")}
    enter(grading.marks, {**taken, ("anna", WORDS): ("0.25", "Nearly."), ("anna", "q1_1.left_open"): ("0.1", "")})
    grading()
    assert (grading.undone, grading.scores()["anna"]) == ((), before["ann"])
    assert "ann" not in {line["submission"] for line in table(grading.marks)}


def test_marks_of_students_whose_ids_a_name_of_theirs_has_changed_are_told(grading: Grading) -> None:
    """A second Ann gives the first one another id; without the second one the mark counts again."""
    for name in ("lab1/ann", "lab1/cid", "lab2/dan", "lab2/eve"):
        notebook(grading.folder / "labs" / name / "hw.ipynb", RIGHT)
    grading(source="labs")
    first = next(id for id in grading.scores() if "ann" in id)
    enter(grading.marks, {(first, WORDS): ("0.25", "")})
    grading(source="labs")
    scores = grading.scores()
    second = notebook(grading.folder / "labs" / "lab3" / "ann" / "hw.ipynb", RIGHT)
    grading(source="labs")
    assert first not in grading.scores()
    assert any(f"1 mark is of {first!r}" in said for said in grading.undone)
    second.unlink()
    second.parent.rmdir()
    second.parent.parent.rmdir()
    grading(source="labs")
    assert (grading.undone, grading.scores()) == ((), scores)


def test_comments_are_the_same_after_any_number_of_runs(grading: Grading) -> None:
    """In the file, in the store and on the page, with a mark and without; Excel is told that the file is UTF-8."""
    long, ask = "Grüße: " + "so " * 700 + "that is all", "ask Ann before marking"
    words = "Good idea; -0.1 for the unit\n- no example"
    grading()
    enter(grading.marks, {("ann", WORDS): ("0.25", words), ("bob", WORDS): ("0.1", long), ("ann", "q1_1.left_open"): ("", ask)})
    for _ in range(3):
        grading()
        kept = {(line["submission"], line["item"]): line["comment"] for line in table(grading.marks) if line["comment"]}
        assert kept == {("ann", WORDS): words, ("bob", WORDS): long, ("ann", "q1_1.left_open"): ask}
    assert grading.marks.read_bytes().startswith(codecs.BOM_UTF8)
    assert (grading.stored("ann"), grading.stored("bob")) == ({WORDS: Mark(25, words)}, {WORDS: Mark(10, long)})
    assert html.escape(words) in grading.page("ann")
    assert "that is all" in grading.page("bob")


def test_a_comment_outlives_its_mark_and_its_line(grading: Grading) -> None:
    """It stays when the mark is taken back, when another folder is graded, and changes alone where the mark's cell is emptied."""
    grading()
    enter(grading.marks, {("ann", WORDS): ("0.25", "Nearly."), ("bob", WORDS): ("0.3", "Well.")})
    grading()
    enter(grading.marks, {("ann", WORDS): ("-", "Look again."), ("bob", WORDS): ("", "Very well.")})
    grading()
    assert (grading.stored("ann"), grading.stored("bob")) == ({}, {WORDS: Mark(30, "Very well.")})
    notebook(grading.folder / "others" / "eve.ipynb", RIGHT)
    grading(source="others")
    assert [(line["submission"], line["comment"]) for line in table(grading.marks)][-1] == ("ann", "Look again.")
    grading()
    assert [(line["submission"], line["mark"], line["comment"]) for line in table(grading.marks) if line["item"] == WORDS] == [
        ("ann", "", "Look again."),
        ("bob", "0.30", "Very well."),
    ]


def test_a_mark_for_a_hidden_check_names_no_hidden_check_to_the_student() -> None:
    """The student reads points and comment below "A hidden check"; staff see which."""
    report = samples.hostile()
    hidden = next(one for one in report.checks if one.spec.visibility.value == "hidden" and one.outcome in (Outcome.REVIEW, Outcome.ERROR))
    marked = dataclasses.replace(report, marks={hidden.spec.id: Mark(hidden.spec.points, "Well seen.")})
    assert "Well seen." in staff.render(marked)
    page = feedback.render(marked)
    assert "Well seen." in page
    assert hidden.spec.id not in page


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.FAILED, Outcome.NOT_RUN])
def test_a_mark_for_what_the_grader_decided_is_refused(tmp_path: Path, outcome: Outcome) -> None:
    """It would not count. One that was given while the check waited may stay in the file, be commented on, and be taken back."""
    report = samples.ordinary()
    decided = next(check for check in report.checks if check.spec.points)
    report = dataclasses.replace(report, checks=(dataclasses.replace(decided, outcome=outcome),))
    path, id, item = tmp_path / "marks.csv", report.id, decided.spec.id
    path.write_text(f"submission,item,mark,comment\n{id},{item},0.01,copied\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match=f"line 2: the grader has decided {item} of {id} itself") as caught:
        entered.read(path, {id: report})
    assert outcome.value.replace("_", " ") in str(caught.value)
    earlier = dataclasses.replace(report, marks={item: Mark(1)})
    assert entered.read(path, {id: earlier}).marks == {id: {item: Mark(1, "copied")}}
    path.write_text(f"submission,item,mark,comment\n{id},{item},-,\n", encoding="utf-8")
    assert entered.read(path, {id: earlier}).marks == {id: {item: None}}


def test_a_mark_for_what_is_no_longer_asked_is_no_trouble(tmp_path: Path) -> None:
    """A line that says what was taken over already may stay after a change of the assignment."""
    report = dataclasses.replace(samples.ordinary(), marks={"q9.words": Mark(10, "Well.")})
    path = tmp_path / "marks.csv"
    path.write_text(f"submission,item,mark,comment\n{report.id},q9.words,0.1,Well.\n", encoding="utf-8")
    assert entered.read(path, {report.id: report}).marks == {report.id: report.marks}
    path.write_text(f"submission,item,mark,comment\n{report.id},q9.words,0.2,Well.\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match="nothing that is marked"):
        entered.read(path, {report.id: report})


def test_what_is_marked_of_a_rejected_submission_stays_in_the_file(tmp_path: Path) -> None:
    """Points for what was handed in by other ways count, and can be seen where they were given."""
    report = dataclasses.replace(samples.ordinary(), status=Status.REJECTED)
    marked = dataclasses.replace(report, marks={report.manual[0].spec.id: Mark(5, "On paper.")})
    path = tmp_path / "marks.csv"
    path.write_text(marks.render([marked]), encoding="utf-8")
    assert entered.read(path, {report.id: report}).marks == {report.id: marked.marks}
    assert len(table(path)) == 1


def test_a_mark_for_what_a_check_decides_by_now_does_not_count() -> None:
    """It stays in the store, and adds nothing to the check's own points."""
    report = samples.ordinary()
    passed = next(check for check in report.checks if check.outcome is Outcome.PASSED and check.spec.points)
    assert dataclasses.replace(report, marks={passed.spec.id: Mark(1)}).earned == report.score.auto_earned


def test_a_question_of_answers_only_is_marked_once_all_are() -> None:
    """The verdict beside it no longer says that a person marks it."""
    report = samples.ordinary()
    theory = [item.spec for item in report.manual if item.spec.question == "2.1"]
    assert theory
    assert not [check for check in report.checks if check.spec.question == "2.1"]
    assert "Marked by a person" not in feedback.render(report)
    assert "Marked by a person" in feedback.render(dataclasses.replace(report, marks={spec.id: Mark(0) for spec in theory}))
