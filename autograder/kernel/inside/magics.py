"""Shell escapes, installs and notebook magics: recorded and skipped, or run where running them is harmless.

A notebook written for another machine installs packages, changes folders and clones repositories. None of this is done here;
nothing of it fails either. Magics that only wrap code (`%%time`, `%%capture`, `%timeit`) run that code once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

_SKIPPED_LINES = frozenset(
    (
        *(
            "pip",
            "pip3",
            "conda",
            "mamba",
            "micromamba",
            "uv",
            "cd",
            "pushd",
            "popd",
            "dhist",
            "mkdir",
            "rmdir",
            "rm",
            "mv",
            "cp",
            "ls",
            "ll",
        ),
        *("lx", "cat", "man", "more", "less", "sx", "sc", "system", "bash", "sh", "script", "shell", "run", "drive", "tensorboard"),
        *("load_ext", "reload_ext", "unload_ext", "writefile", "debug", "pdb", "edit", "notebook", "save", "logstart"),
    )
)
_SKIPPED_CELLS = frozenset(
    (
        *("bash", "sh", "script", "system", "sx", "writefile", "file", "perl", "ruby", "cmd", "pypy", "python", "python2", "python3"),
        *("html", "javascript", "js", "svg", "latex"),
    )
)
_OVER_INLINE = frozenset(("inline", "agg", "--list", "-l"))
_LONGEST = 300

_skipped: list[str] = []


def install(shell: Any, on_reset: Callable[[], None]) -> None:
    """Take over the three ways out of Python: system commands, line magics, cell magics; and make `input()` return at once."""
    run_line, run_cell = shell.run_line_magic, shell.run_cell_magic

    def system(command: str) -> None:
        _record(f"!{command}")

    def getoutput(command: str, split: bool = True, depth: int = 0) -> Any:
        from IPython.utils.text import LSString, SList

        _record(f"!{command}")
        return SList() if split else LSString("")

    def run_line_magic(name: str, line: str, _stack_depth: int = 1) -> Any:
        if name in ("timeit", "prun"):
            return _once(shell, re.sub(r"^\s*(-\S+\s+(\d+\s+)?)*", "", line))
        if name == "matplotlib" and line.strip() not in _OVER_INLINE:
            line = "inline"
        if name == "config" and "InlineBackend" in line:
            return None
        if name in _SKIPPED_LINES or shell.find_line_magic(name) is None:
            _record(f"%{name} {line}".rstrip())
            return None
        result = run_line(name, line, _stack_depth + 1)
        if name in ("reset", "reset_selective"):
            on_reset()
        return result

    def run_cell_magic(name: str, line: str, cell: str) -> Any:
        if name in _SKIPPED_CELLS:
            _record(f"%%{name} {line}".rstrip())
            return None
        if name in ("timeit", "prun") or shell.find_cell_magic(name) is None:
            if name != "timeit":
                _record(f"%%{name} {line}".rstrip())
            return _once(shell, cell)
        return run_cell(name, line, cell)

    shell.system = shell.system_raw = shell.system_piped = system
    shell.getoutput = getoutput
    shell.run_line_magic = run_line_magic
    shell.run_cell_magic = run_cell_magic
    shell.kernel.raw_input = _no_answer
    shell.kernel.getpass = _no_answer


def skipped() -> list[str]:
    """What was recorded and not run, in order, each once."""
    return list(dict.fromkeys(_skipped))


def _record(line: str) -> None:
    if len(_skipped) < 500:
        _skipped.append(line.strip()[:_LONGEST])


def _once(shell: Any, code: str) -> None:
    """Run `code` as a cell within the cell; what it raises ends the outer cell too."""
    result = shell.run_cell(code, store_history=False, silent=False)
    if not result.success:
        error = result.error_in_exec or result.error_before_exec
        sys.stdout.flush()
        raise error


def _no_answer(prompt: object = "", *_: object, **__: object) -> str:
    print(prompt, flush=True)
    return ""
