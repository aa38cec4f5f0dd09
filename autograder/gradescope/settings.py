"""gradescope.toml, which lies in the zip and may be edited there: how the staff want a course's submissions graded on Gradescope."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, ValidationError

from autograder.errors import AssignmentError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "gradescope.toml"


class HiddenChecks(str, Enum):
    """When students see hidden checks, in the platform's words. With `hidden` they see no total."""

    after_published = "after_published"
    after_due_date = "after_due_date"
    hidden = "hidden"
    visible = "visible"


class GradescopeSettings(BaseModel):
    """`memory_mb` bounds the data of each process of a student; `budget_seconds` the execution of one notebook, `total_seconds` a run.

    `torch_index` is where `setup.sh` takes torch from (https); empty: from where pip takes everything.
    With `leaderboard`, the test losses that the notebook prints are shown there, under the students' pseudonyms.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    assignment: str
    hidden_checks: HiddenChecks = HiddenChecks.after_published
    isolation: Literal["user", "none"] = "user"
    memory_mb: PositiveInt = 1024
    budget_seconds: PositiveInt = 360
    total_seconds: PositiveInt = 540
    leaderboard: bool = False
    seed: int = 0
    torch_index: str = Field(default="", pattern=r'^(https://[^\s"\\]+)?$')


def load(path: Path) -> GradescopeSettings:
    """Read the settings; AssignmentError names the key that is wrong."""
    try:
        return GradescopeSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise AssignmentError(f"{path}: the settings cannot be read ({error.strerror}). Make the zip anew.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path}: not a TOML file ({error}). Mend the line it names.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise AssignmentError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}. Mend this key.") from error


def render(settings: GradescopeSettings) -> str:
    """The settings as the file that is put into the zip, each key with what it may be."""
    return f"""\
# How submissions are graded on Gradescope. Upload the zip again after a change.
assignment = "{settings.assignment}"        # the assignment file, from here
hidden_checks = "{settings.hidden_checks.value}"  # after_published, after_due_date, visible; with hidden, students see no total
isolation = "{settings.isolation}"                 # user: own id, seccomp, Landlock; none: student code is root, reads all this
memory_mb = {settings.memory_mb}                    # data that each process may reserve; the container bounds their sum
budget_seconds = {settings.budget_seconds}               # execution of one notebook, 150 less than the whole run at least
total_seconds = {settings.total_seconds}                # of the whole run, below the platform's time limit; what is done by then stands
leaderboard = {str(settings.leaderboard).lower()}                # true: test losses that the notebook prints; switch it on there too
seed = {settings.seed}                           # of the inputs that code is tried on; choose one that students do not know
torch_index = "{settings.torch_index}"                   # an index of torch's builds for CPUs alone; empty: what pip finds
"""
