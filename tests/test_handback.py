"""What comes out for a whole course: by the command line, and the pages on their own."""

from __future__ import annotations

import csv
import dataclasses
import random
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sample_reports as samples
from test_cli import run
from test_pipeline import ASSIGNMENT, RIGHT, notebook

from autograder.model.grading import CheckResult, GradeReport, Outcome, Score, Status
from autograder.model.similarity import Excerpt, Pair, Passage, Piece, Similarities
from autograder.reports import summary


class Links(HTMLParser):
    """The places of a page, where its links lead, and the names of its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        values = dict(attrs)
        self.anchors |= {values["id"] or ""} if "id" in values else set()
        self.links |= {values["href"] or ""} if "href" in values and tag == "a" else set()


def course(number: int) -> list[GradeReport]:
    """Reports that came out in all ways."""
    choice = random.Random(0)
    reports = []
    for index in range(number):
        base = samples.ordinary() if index % 10 else samples.rejected()

        def graded(check: CheckResult, rejected: bool = index % 10 == 0) -> CheckResult:
            ways = [Outcome.PASSED] * 3 + [Outcome.FAILED, Outcome.REVIEW, Outcome.NOT_RUN]
            return check if rejected else dataclasses.replace(check, outcome=choice.choice(ways), exhibits=())

        status = Status.NEEDS_REVIEW if index % 17 == 3 else base.status
        reports.append(
            dataclasses.replace(
                base,
                id=f"student{index:03}_{1000 + index}",
                status=status,
                checks=tuple(map(graded, base.checks)),
                score=Score(choice.randint(0, 185), 185, 170),
                seconds={"total": choice.uniform(2, 40)},
            )
        )
    return reports


def alike(reports: list[GradeReport]) -> Similarities:
    text = "x = [1, 2]\n" * 40 + "<script>alert(1)</script>"
    excerpt = Excerpt(3, (Piece("# mine\n", False), Piece(text, True)))
    pairs = tuple(
        Pair(reports[index].id, reports[index + 1].id, 0.8, 0.1, (Passage("code", excerpt, excerpt),))
        for index in range(1, len(reports) - 1, 9)
    )
    return Similarities(len(reports), pairs, tuple((pair.one, pair.other) for pair in pairs))


def test_every_number_leads_to_its_submissions() -> None:
    """Links inside the page have a target, the lists there name as many submissions as was said, and each has a staff report."""
    reports = course(40)
    page = summary.render(reports, alike(reports), ("canvas.csv: 3 scores filled.",))
    read = Links(page)
    inside = {link[1:] for link in read.links if link.startswith("#")}
    assert inside <= read.anchors
    outside = {link for link in read.links if not link.startswith("#")} - {"similarity.html"}
    assert outside <= {f"{report.id}/staff.html" for report in reports}
    for anchor, said in re.findall(r'<a href="#(l\d+)">(\d+)</a>', page):
        (listed,) = re.findall(rf'<details id="{anchor}">.*?</details>', page, re.DOTALL)
        assert listed.count("/staff.html") == int(said)
    rejected = [report for report in reports if report.status is Status.REJECTED]
    assert f">{len(rejected)}</a></span><h3>could not be graded" in page
    assert "canvas.csv: 3 scores filled." in page


def test_checks_are_sorted_by_what_most_missed() -> None:
    """Of the submissions that could be read; what waits for a person is not counted as missed."""
    reports = course(40)
    found = summary.summarised(reports, Similarities(), ())
    missed = [row.missed for row in found.rows]
    assert missed == sorted(missed, reverse=True)
    readable = sum(report.status is not Status.REJECTED for report in reports)
    for row in found.rows:
        assert len(row.passed) + len(row.failed) + len(row.waiting) + len(row.not_run) == readable
    assert sum(len(bar.listed) for bar in found.bars) == len(found.graded)


@pytest.mark.parametrize("render", [summary.render, summary.render_pairs])
def test_the_pages_run_nothing_and_fetch_nothing(render: object) -> None:
    """No script, no address, the same policy as the other pages, hostile text escaped."""
    reports = [samples.hostile(), *course(3)]
    page = render(reports, alike(reports))  # type: ignore[operator]
    read = Links(page)
    assert not read.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert "default-src 'none'" in page
    assert not [link for link in read.links if "://" in link]
    assert "<script>alert" not in page


@pytest.mark.parametrize("number", [0, 1])
def test_small_courses_have_pages_too(number: int) -> None:
    """Nothing to count is no reason to fail."""
    assert "</html>" in summary.render(course(number), Similarities(number))
    assert "</html>" in summary.render_pairs(course(number), Similarities(number))


def test_a_course_of_which_nothing_could_be_graded_is_told_so() -> None:
    """The reasons, and no table without a row."""
    page = summary.render([dataclasses.replace(samples.rejected(), id=f"student{index}") for index in range(3)], Similarities(0))
    assert "Nothing could be graded" in page
    assert page.count(samples.rejected().reason) == 3
    assert "<tbody>\n</tbody>" not in page
    assert "Nothing could be graded" not in summary.render([samples.ordinary()], Similarities(1))


@pytest.mark.parametrize("number", [200, 600])
def test_the_page_of_a_large_course_is_small(number: int) -> None:
    """Below 2 MB, with all lists."""
    reports = course(number)
    assert len(summary.render(reports, alike(reports)).encode()) < 2_000_000
    assert len(summary.render_pairs(reports, alike(reports)).encode()) < 2_000_000


GRADEBOOK = (
    "Student,ID,SIS Login ID,Section,Counting (7)\r\n"
    "    Points Possible,,,,4.00\r\n"
    '"Doe, Jane",101,jane,A,\r\n'
    '"Roe, Max",102,max,A,1.00\r\n'
    '"Poe, Ann",103,ann,A,\r\n'
    '"Lee, Kim",104,kim,A,2.00\r\n'
)


def test_a_canvas_download_is_graded_and_handed_back(tmp_path: Path) -> None:
    """From the zip to the filled gradebook, the table with lateness, the feedback under Canvas's names and the summary."""
    own = "\n".join(
        f"value{number} = [{number}, 'a'] * {number + 3}\nprint(value{number}[{number}], len(value{number}))" for number in range(20)
    )
    names = {"doejane_101_9001_hw.ipynb": f"{RIGHT}\n{own}", "roemax_LATE_102_9002_hw.ipynb": f"SIZE = 90\n{own}"}
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as packed:
        for name, code in names.items():
            packed.write(notebook(tmp_path / "made" / name, code), name)
        packed.writestr("poeann_103_9003_hw.ipynb", "{")
    (tmp_path / "gradebook.csv").write_bytes(GRADEBOOK.encode())
    (tmp_path / "roster.csv").write_text("id,late_days,days_late\n101,0,0\n102,1,2\n", encoding="utf-8")
    options = [
        "--roster",
        "roster.csv",
        "--late",
        "points_per_day=0.05",
        "--fill-canvas",
        "gradebook.csv",
        "--mode",
        "static",
    ]
    done = run("grade", "submissions.zip", "--out", "out", "--assignment", ASSIGNMENT, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    rows = {row["submission"]: row for row in csv.DictReader((out / "grades.csv").read_text(encoding="utf-8").splitlines())}
    assert set(rows) == {"doejane_101", "roemax_102", "poeann_103"}
    jane, max_ = rows["doejane_101"], rows["roemax_102"]
    assert (max_["days_late"], max_["late_days_used"], max_["late_deduction"]) == ("2", "1", "0.05")
    assert "alike" in jane["flags"]
    filled = GRADEBOOK.replace("jane,A,", f"jane,A,{jane['score_after_late']}").replace("max,A,1.00", f"max,A,{max_['score_after_late']}")
    assert (out / "canvas.csv").read_bytes().decode() == filled
    assert "1 that was rejected (poeann_103)" in done.stdout
    with zipfile.ZipFile(out / "feedback.zip") as packed:
        assert packed.namelist() == [
            "doejane_101_9001_feedback.html",
            "poeann_103_9003_feedback.html",
            "roemax_LATE_102_9002_feedback.html",
        ]
        assert packed.read("doejane_101_9001_feedback.html") == (out / "doejane_101" / "feedback.html").read_bytes()
    assert "roemax_102" not in (out / "doejane_101" / "feedback.html").read_text(encoding="utf-8")
    assert 'href="doejane_101/staff.html"' in (out / "summary.html").read_text(encoding="utf-8")
    assert "roemax_102" in (out / "similarity.html").read_text(encoding="utf-8")


def test_an_older_canvas_csv_does_not_stay_beside_newer_scores(tmp_path: Path) -> None:
    """A run that is not given the export puts the file of an earlier one aside and says so, once; the next one that is fills it."""
    notebook(tmp_path / "in" / "doejane_101_9001_hw.ipynb", RIGHT)
    (tmp_path / "gradebook.csv").write_bytes(GRADEBOOK.encode())
    plain = ["grade", "in", "--out", "out", "--assignment", str(ASSIGNMENT), "--mode", "static"]
    filling = [*plain, "--fill-canvas", "gradebook.csv"]
    out = tmp_path / "out"
    assert run(*filling, cwd=tmp_path).returncode == 0
    filled = (out / "canvas.csv").read_bytes()
    done = run(*plain, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "it is canvas.old.csv now. Fill it again with --fill-canvas." in done.stdout
    assert not (out / "canvas.csv").exists()
    assert (out / "canvas.old.csv").read_bytes() == filled
    assert "canvas.old.csv" not in run(*plain, cwd=tmp_path).stdout
    assert run(*filling, cwd=tmp_path).returncode == 0
    assert (out / "canvas.csv").read_bytes() == filled
    assert "it is canvas.old2.csv now." in run(*plain, cwd=tmp_path).stdout
    assert (out / "canvas.old.csv").read_bytes() == (out / "canvas.old2.csv").read_bytes() == filled


def test_a_canvas_csv_of_the_instructor_is_left_alone(tmp_path: Path) -> None:
    """No run has written it, and so it is not stale; it is not written over either."""
    notebook(tmp_path / "in" / "doejane_101_9001_hw.ipynb", RIGHT)
    (tmp_path / "canvas.csv").write_bytes(GRADEBOOK.encode())
    for _ in range(2):
        done = run("grade", "in", "--out", ".", "--assignment", ASSIGNMENT, "--mode", "static", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "canvas.csv" not in done.stdout
    assert (tmp_path / "canvas.csv").read_bytes() == GRADEBOOK.encode()
    assert not (tmp_path / "canvas.old.csv").exists()
    options = ["--out", ".", "--assignment", ASSIGNMENT, "--mode", "static", "--fill-canvas", "canvas.csv"]
    for _ in range(2):
        done = run("grade", "in", *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "canvas.csv").read_bytes() != (tmp_path / "canvas.old.csv").read_bytes() == GRADEBOOK.encode()
    assert not (tmp_path / "canvas.old2.csv").exists()


def test_the_only_column_is_filled_if_it_may_be_the_right_one(tmp_path: Path) -> None:
    """Of another name it must be of as many points, or be named: a midterm's scores are not overwritten because it stands alone."""
    notebook(tmp_path / "in" / "doejane_101_9001_hw.ipynb", RIGHT)
    options = ["--out", "out", "--assignment", str(ASSIGNMENT), "--mode", "static", "--fill-canvas", "gradebook.csv"]
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK.replace("Counting (7)", "Midterm (7)"), encoding="utf-8")
    refused = run("grade", "in", *options, cwd=tmp_path)
    assert refused.returncode == 2
    assert "Midterm (7)" in refused.stderr
    assert "--canvas-column" in refused.stderr
    assert not (tmp_path / "out" / "canvas.csv").exists()
    assert run("grade", "in", *options, "--canvas-column", "7", cwd=tmp_path).returncode == 0
    (tmp_path / "gradebook.csv").write_text(GRADEBOOK.replace("Counting (7)", "HW (7)").replace("4.00", "1.50"), encoding="utf-8")
    done = run("grade", "in", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 score filled into “HW (7)”" in done.stdout


def test_regrade_can_name_the_column_that_it_asks_for(tmp_path: Path) -> None:
    """Of a later export, in which the assignment is called otherwise."""
    notebook(tmp_path / "in" / "doejane_101_9001_hw.ipynb", RIGHT)
    (tmp_path / "gradebook.csv").write_bytes(GRADEBOOK.encode())
    options = ["--out", "out", "--assignment", str(ASSIGNMENT), "--mode", "static", "--fill-canvas", "gradebook.csv"]
    assert run("grade", "in", *options, cwd=tmp_path).returncode == 0
    (tmp_path / "later.csv").write_bytes(GRADEBOOK.replace("Counting (7)", "First homework (7)").encode())
    refused = run("regrade", "out", "--fill-canvas", "later.csv", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--canvas-column" in refused.stderr
    done = run("regrade", "out", "--fill-canvas", "later.csv", "--canvas-column", "7", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "filled into “First homework (7)”" in done.stdout
    assert run("regrade", "out", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("option", ["--json", "-q"])
def test_who_got_no_score_is_said_without_a_table_too(tmp_path: Path, option: str) -> None:
    """On standard error, which a program that reads the JSON lines does not take for one."""
    notebook(tmp_path / "in" / "gauida_107_9001_hw.ipynb", RIGHT)
    (tmp_path / "gradebook.csv").write_bytes(GRADEBOOK.encode())
    options = ["--fill-canvas", "gradebook.csv", "--mode", "static", option]
    done = run("grade", "in", "--out", "out", "--assignment", ASSIGNMENT, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "autograder: Not in the gradebook, so filled nowhere: gauida_107." in done.stderr.splitlines()
    assert "gradebook" not in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--roster", "nowhere.csv"], "nowhere.csv"),
        (["--fill-canvas", "nowhere.csv"], "nowhere.csv"),
        (["--late", "percent=1"], "--late"),
    ],
)
def test_what_staff_gave_is_read_before_anything_is_graded(tmp_path: Path, options: list[str], said: str) -> None:
    """Wrong usage, one line, nothing written."""
    notebook(tmp_path / "in" / "ann.ipynb", RIGHT)
    done = run("grade", "in", "--out", "out", "--assignment", ASSIGNMENT, *options, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out").exists()
