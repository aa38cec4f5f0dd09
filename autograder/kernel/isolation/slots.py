"""Users without an account, one for each submission that is being graded on this machine.

Which of them is in use is told by a lock on a file, so that graders side by side never share one; the system lifts it with its owner.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import HarnessError
from autograder.kernel.isolation.sandbox import WRITABLE
from autograder.locks import held_if_free, own_folder

FIRST, LAST = 20001, 20512


@contextmanager
def own_user(run_folder: Path, *, writable: bool) -> Iterator[int | None]:
    """A user and group id that nothing else on this machine runs under, given the run folder; None without root.

    `writable`: what a kernel may write to is its own; else it is mounted over.
    """
    if os.geteuid() != 0:
        yield None
        return
    with _claimed() as user:
        os.chown(run_folder, 0, user)
        run_folder.chmod(0o750)
        for part in WRITABLE:
            if writable:
                os.chown(run_folder / part, user, user)
            else:
                (run_folder / part).chmod(0o1777)  # some container engines give what they mount the mode of what is beneath
        yield user


def warden(user: int) -> int:
    """The id, without an account too, of what ends the processes of `user`."""
    return user + LAST - FIRST + 1


@contextmanager
def _claimed() -> Iterator[int]:
    folder = own_folder("autograder-users")
    for user in range(FIRST, LAST + 1):
        if _has_account(user) or _has_account(warden(user)):
            continue
        with held_if_free(folder / str(user)) as held:
            if held:
                yield user
                return
    raise HarnessError(f"all user ids from {FIRST} to {LAST} are in use; grade fewer submissions at the same time")


def _has_account(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True
