"""How a check ends: `require` and `review`, and the three exceptions behind them. Anything else that a check raises is our own error."""

from __future__ import annotations

from typing import NoReturn


class Verdict(Exception):
    """Ends a check. `sentence` is for the student, `detail` for staff."""

    def __init__(self, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


class CheckFailed(Verdict):
    """The student's work is wrong."""


class Undecided(Verdict):
    """The evidence cannot decide; a person does."""


class NotRun(Verdict):
    """There was nothing to judge, for a reason that the sentence names."""


def require(condition: bool, sentence: str, *, detail: str = "") -> None:
    """Fail the check with `sentence` unless `condition` holds."""
    if not condition:
        raise CheckFailed(sentence, detail=detail)


def review(sentence: str, *, detail: str = "") -> NoReturn:
    """Leave the check to a person; `sentence` says what could not be decided."""
    raise Undecided(sentence, detail=detail)
