"""grades.csv, compared as a whole."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest
import sample_reports as samples

from autograder.reports.table import neutral, render


def test_the_whole_table() -> None:
    """One row a submission in the order given, lines ended as RFC 4180 says."""
    assert render([samples.ordinary(), samples.rejected()], samples.QUESTIONS) == (
        "submission,student,status,auto_score,auto_possible,manual_possible,score,possible,flags,seconds,q1.1,q1.2,q2.1,q2.2,q3.1,q3.2\r\n"
        "ann-lee_1042,Ann Lee,graded,1.55,1.85,1.70,1.55,3.55,out_of_order;needs_later_import,15.1,0.80,0.30,0.00,0.30,0.00,0.15\r\n"
        "bob,,rejected,0.00,2.15,1.40,0.00,3.55,,0.0,0.00,0.00,0.00,0.00,0.00,0.00\r\n"
    )


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Ann", "Ann"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\n'=1"),
        ("\x00=1", "'=1"),
        ("\u202e=1", "'=1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("x;=1+1;y", "x;'=1+1;y"),
        ("Lee\n=1+1", "Lee\n'=1+1"),
        ("a\t @SUM(A1)", "a\t '@SUM(A1)"),
        ("Lee; Ann - May", "Lee; Ann - May"),
        ("", ""),
    ],
)
def test_what_would_start_a_formula_is_made_text(text: str, cell: str) -> None:
    """An apostrophe stands before it; characters that nobody sees cannot hide it."""
    assert neutral(text) == cell


def test_awkward_names_come_back_as_they_were() -> None:
    """Commas, quotes and line breaks are quoted."""
    report = dataclasses.replace(samples.ordinary(), student='Lee, "Ann"\nMay', id="a,b")
    (row,) = csv.DictReader(io.StringIO(render([report], samples.QUESTIONS), newline=""))
    assert (row["submission"], row["student"]) == ("a,b", 'Lee, "Ann"\nMay')


def test_hostile_text_stays_in_its_cell() -> None:
    """A hostile report is one row with as many cells as there are columns, and a flag seen twice is listed once."""
    header, row = csv.reader(io.StringIO(render([samples.hostile()], samples.QUESTIONS), newline=""))
    assert len(row) == len(header)
    assert row[0] == "'=cmd_1"
    assert row[1].startswith("'@<script>")
    assert row[8] == "shouting;flag_failed"
