"""What a course's late policy makes of one submission. It stands beside the score and never in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Lateness:
    """`at` is the recorded time. `days` are the days late, None where the records do not tell; `free` those that late days pay for.

    `deduction` is in hundredths of a point, whatever was earned. `sentence` says all of this, for the student too.
    """

    at: datetime | None
    days: int | None
    free: int
    deduction: int
    sentence: str

    def taken_off(self, earned: int) -> int:
        """What is left of `earned` hundredths; never less than nothing."""
        return max(0, earned - self.deduction)
