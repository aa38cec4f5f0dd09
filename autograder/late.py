"""The late policy of a course: how late something was handed in, and what is taken off for it.

Receives what platform and roster have recorded; returns a `Lateness`, or None where there is neither a deadline nor anything recorded.
The clock is never asked: grading again on another day comes to the same.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from autograder.assignment import LatePolicy
from autograder.model.lateness import Lateness
from autograder.model.roster import RosterEntry
from autograder.model.submission import Received

_DAY = timedelta(days=1)
NOBODY = RosterEntry()


def lateness(received: Received, entry: RosterEntry | None, policy: LatePolicy | None, *, possible: int) -> Lateness | None:
    """What the records say of one submission. `possible` are the points of the whole assignment, in hundredths."""
    entry = entry or NOBODY
    at = entry.submitted_at or received.at
    due = entry.due or (policy.due if policy else None)
    if entry.days_late is not None:
        days: int | None = entry.days_late
    elif at is not None and due is not None:
        days = days_between(at, due, grace=timedelta(minutes=policy.grace_minutes if policy else 0.0))
    elif due is not None and received.upload and not received.marked_late:
        days = 0  # Canvas marks what is late by its own deadline
    else:
        days = None
    if days is None and at is None and not received.marked_late:
        return None
    free = min(days or 0, entry.late_days)
    deduction = deducted((days or 0) - free, policy, possible=possible)
    return Lateness(at, days, free, deduction, _sentence(at, days, free, deduction, policy, received))


def days_between(at: datetime, due: datetime, *, grace: timedelta) -> int:
    """Begun days after the deadline; within the grace none. Past the grace all time since the deadline counts."""
    return 0 if at <= due + grace else math.ceil((at - due) / _DAY)


def deducted(days: int, policy: LatePolicy | None, *, possible: int) -> int:
    """Hundredths of a point for so many days that nothing pays for, up to the cap. Percents are of all points that there are."""
    if policy is None or days <= 0:
        return 0
    per_day = policy.points_per_day * 100 + policy.percent_per_day * possible / 100
    caps = [possible, *([policy.most_points * 100] if policy.most_points is not None else [])]
    caps += [policy.most_percent * possible / 100] if policy.most_percent is not None else []
    return math.floor(min(days * per_day, *caps, possible) + 0.5)


def _sentence(at: datetime | None, days: int | None, free: int, deduction: int, policy: LatePolicy | None, received: Received) -> str:
    handed_in = f"Handed in {at:%Y-%m-%d %H:%M %Z}" if at else "Handed in"
    if days is None:
        late = "; the platform marks it as late, but not by how much, so that nothing is taken off" if received.marked_late else ""
        return f"{handed_in}{late}."
    parts = [f"{handed_in}, {_days(days)} late" if days else f"{handed_in}{',' if at else ''} on time"]
    if free:
        parts.append(f"{_days(free)} of the student's late days {'is' if free == 1 else 'are'} used")
    if deduction and policy:
        parts.append(f"{deduction / 100:.2f} points are taken off ({_rule(policy)})")
    elif days > free:
        parts.append("nothing is taken off")
    return "; ".join(parts) + "."


def _rule(policy: LatePolicy) -> str:
    rate = [f"{policy.points_per_day:g} points"] if policy.points_per_day else []
    rate += [f"{policy.percent_per_day:g} % of all points"] if policy.percent_per_day else []
    cap = [f"{policy.most_points:g} points"] if policy.most_points is not None else []
    cap += [f"{policy.most_percent:g} %"] if policy.most_percent is not None else []
    return f"{' and '.join(rate)} a day" + (f", at most {' or '.join(cap)}" if cap else "")


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
