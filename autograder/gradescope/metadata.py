"""submission_metadata.json: who handed in what when, as Gradescope tells a run.

Receives the file's text; returns a `Submitted`. The platform reserves the right to change the file, so that whatever is missing, of another
type or not readable is left out, and never ends a run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from autograder.model.submission import Person, Received


@dataclass(frozen=True, slots=True)
class Submitted:
    """`id` and `student` are for the report; `due` is the deadline, the latest of those that members of a group have of their own."""

    id: str
    student: str
    received: Received
    due: datetime | None


def read(text: str) -> Submitted:
    """What the file says."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    users = [user for user in _list(_field(document, "users")) if isinstance(user, dict)]
    people = tuple(Person(_text(user.get("name")), _text(user.get("id")), "", _text(user.get("email"))) for user in users)
    # Not in the platform's documentation, but known to others: a deadline of one's own stands with the user.
    own = [due for user in users if (due := _time(_field(user.get("assignment"), "due_date")))]
    due = max(own, default=None) or _time(_field(_field(document, "assignment"), "due_date"))
    names = [person.name or person.email for person in people]
    return Submitted(
        id=f"submission_{number}" if (number := _text(_field(document, "id"))).isalnum() else "submission",
        student=", ".join(filter(None, names)),
        received=Received(people, at=_time(_field(document, "created_at"))),
        due=due,
    )


def _field(document: object, name: str) -> object:
    return document.get(name) if isinstance(document, dict) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _time(value: object) -> datetime | None:
    """A moment with its offset from UTC; one without says nothing."""
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00")) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
