"""Where the columns of the table run: as this user, or as one without rights for whom the interpreter is made reachable.

A Python below a home folder that nobody else may enter, such as root's pyenv, cannot be run by another user. For such columns this program
is started again in mounts of its own, in which that home is an empty folder with only the interpreter in it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from submissions.case import ROOT

NOBODY = 60123  # has no account, and is none of the users that slots take


@dataclass(frozen=True, slots=True)
class Column:
    """A tier and the way to start this program for it; `missing` says in a sentence why it cannot be tried here."""

    title: str
    tier: str
    prefix: tuple[str, ...] = ()
    user: int | None = None  # as whom it runs, where that is another
    missing: str = ""


def columns() -> tuple[Column, ...]:
    """All columns, the strongest first."""
    if os.geteuid() != 0:
        return (_tried("bubblewrap (user)", "bubblewrap"), _tried("none", "none"))
    return (
        _tried("bubblewrap (root)", "bubblewrap"),
        _tried("bubblewrap (user)", "bubblewrap", elsewhere(NOBODY), NOBODY),
        _tried("container", "container"),
        _tried("user", "user", elsewhere(None)),
        _tried("none", "none"),
    )


def _tried(title: str, tier: str, prefix: tuple[str, ...] = (), user: int | None = None) -> Column:
    """A column, with what the program itself says to its tier where the column would run."""
    code = f"from autograder.kernel.isolation.choice import offer; print(offer({tier!r}).reason)"
    with tempfile.TemporaryDirectory(prefix="h-", ignore_cleanup_errors=True) as place:
        environment = {**os.environ, **environment_in(place, user)}
        command = [*prefix, sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    reason = done.stdout.strip() if done.returncode == 0 else f"It cannot be started there: {done.stderr.strip()[-300:]}"
    return Column(title, tier, prefix, user, reason)


def environment_in(place: str, user: int | None) -> dict[str, str]:
    """What a column's process needs, with `place` for its temporary files given to who it runs as."""
    if user is not None:
        os.chown(place, user, user)
    os.chmod(place, 0o711)  # entered, but not listed, by the users that kernels run under
    return {"PYTHONPATH": str(ROOT), "TMPDIR": place, **({"HOME": place} if user is not None else {})}


def elsewhere(user: int | None) -> tuple[str, ...]:
    """The head of a command line that runs a program as `user`, or as root, with mounts of its own: the interpreter can be reached by
    everybody, and nobody but root may enter the folders of the hidden checks and the reference.
    """
    script = ["mount -t tmpfs -o mode=0755 tmpfs /mnt"]
    for closed, opened in _closed().items():
        script += [
            f"mkdir /mnt/opened && mount --bind {shlex.quote(str(opened))} /mnt/opened",
            f"mount -t tmpfs -o mode=0755,size=64m tmpfs {shlex.quote(str(closed))}",
            f"mkdir -p {shlex.quote(str(opened))}",
            f"mount --bind /mnt/opened {shlex.quote(str(opened))} && umount /mnt/opened && rmdir /mnt/opened",
        ]
    if user is None:
        for folder in ("tests/checks", "reference"):
            script += [
                f"cp -a {shlex.quote(str(ROOT / folder))} /mnt/copy && chmod 0700 /mnt/copy",
                f"mount --bind /mnt/copy {shlex.quote(str(ROOT / folder))} && mv /mnt/copy /mnt/{Path(folder).name}",
            ]
    become = "" if user is None else f"setpriv --reuid={user} --regid={user} --clear-groups --inh-caps=-all "
    return ("unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join([*script, f'exec {become}"$@"']), "sh")


def _closed() -> dict[Path, Path]:
    """Folders that others may not enter, with the folder of this interpreter or project below each that has to stay reachable."""
    found = {}
    for needed in (Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT):
        for folder in reversed(needed.parents):
            if not folder.stat().st_mode & 0o001:
                found[folder] = needed
                break
    return found
