"""Says of each check, answer and flag which code its result rests on, as a checksum.

Receives a folder of checks and the folders from which they import; returns a version for each function, by its id. A version changes with
the function, with whatever else its file holds but the other marked functions, with every module that these import from the folders, in
turn, and with the files beside such a module. Comments and layout change nothing. Refuses nothing: what cannot be parsed counts as it is.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.checks.plan import PREFIXES, identity

_OWN_FIXTURES = frozenset({"evidence", "student", "show"})


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement at the top of a file: what it defines, which names it uses, what it imports (with the level of a relative import)."""

    function: str  # the name of a marked function, or ""
    arguments: frozenset[str]
    digest: str
    names: frozenset[str]
    imports: frozenset[tuple[int, tuple[str, ...]]]


def versions(folder: Path, roots: Sequence[Path]) -> dict[str, str]:
    """The version of every function in `folder` that pytest would run, by its id; modules are looked for in `roots`."""
    code = _Code(roots)
    shared = folder / "conftest.py"
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.py")):
        if path != shared:
            for function, used in _functions(_statements(path.read_bytes())).items():
                behind = code.behind(used, path)
                if shared.exists() and not used[0].arguments <= _OWN_FIXTURES:
                    behind |= {shared} | code.behind(_statements(shared.read_bytes()), shared)
                parts = [*(statement.digest for statement in used), *code.digests(behind)]
                found[identity(path.stem, function)] = hashlib.sha256("".join(parts).encode()).hexdigest()
    return found


def _functions(statements: Sequence[_Statement]) -> dict[str, list[_Statement]]:
    """Of each marked function the statements that it rests on, itself first: all that are none, and those that it calls."""
    marked = {statement.function: statement for statement in statements if statement.function}
    others = [statement for statement in statements if not statement.function]
    found = {}
    for name, function in marked.items():
        used = [function, *others]
        while more := [one for called, one in marked.items() if one not in used and any(called in user.names for user in used)]:
            used += more
        found[name] = used
    return found


class _Code:
    """The modules that can be imported from some folders; their files are looked for and read once."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(roots)
        self._imports: dict[Path, frozenset[Path]] = {}
        self._digests: dict[Path, str] = {}
        self._files: dict[tuple[Path, tuple[str, ...]], frozenset[Path]] = {}
        self._beside: dict[Path, list[Path]] = {}

    def behind(self, used: Iterable[_Statement], path: Path) -> set[Path]:
        """All modules that statements of the file `path` import, directly or not."""
        reached: set[Path] = set()
        waiting = set(self._imported(used, path))
        while waiting:
            module = waiting.pop()
            reached.add(module)
            if module not in self._imports:
                self._imports[module] = self._imported(_statements(module.read_bytes()), module)
            waiting |= self._imports[module] - reached
        return reached

    def digests(self, modules: set[Path]) -> list[str]:
        """Of the modules and of the files beside them, in a fixed order."""
        beside = {file for folder in {module.parent for module in modules} for file in self._files_beside(folder)}
        return [self._digest(file) for file in sorted(modules | beside)]

    def _files_beside(self, folder: Path) -> list[Path]:
        if folder not in self._beside:
            self._beside[folder] = [file for file in folder.iterdir() if file.suffix not in (".py", ".pyc") and file.is_file()]
        return self._beside[folder]

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            content = path.read_bytes()
            whole = "".join(one.digest for one in _statements(content)).encode() if path.suffix == ".py" else content
            self._digests[path] = hashlib.sha256(whole).hexdigest()
        return self._digests[path]

    def _imported(self, used: Iterable[_Statement], path: Path) -> frozenset[Path]:
        found: set[Path] = set()
        for level, names in {imported for statement in used for imported in statement.imports}:
            for place in (path.parents[level - 1],) if level else self._roots:
                found |= self._found(place, names)
        return frozenset(found)

    def _found(self, place: Path, names: tuple[str, ...]) -> frozenset[Path]:
        """The files that are read when what is called so is imported from a folder; the last name may be of something within a module."""
        if (place, names) not in self._files:
            inner = [place.joinpath(*names[:count]) for count in range(1, len(names) + 1)]
            files = (file for one in inner for file in (one.with_name(f"{one.name}.py"), one / "__init__.py"))
            self._files[place, names] = frozenset(file for file in files if file.is_file())
        return self._files[place, names]


@lru_cache(maxsize=2048)
def _statements(content: bytes) -> tuple[_Statement, ...]:
    try:
        body = ast.parse(content).body
    except (SyntaxError, ValueError, RecursionError):
        body = [ast.Expr(ast.Constant(content))]
    return tuple(map(_statement, body))


def _statement(node: ast.stmt) -> _Statement:
    """What is to be known of a statement; each of its parts is looked at once, since there are many."""
    is_marked = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(PREFIXES)
    said: list[str] = []  # no two statements say the same: a node's kind tells how many parts follow, and a list how long it is
    names: set[str] = set()
    arguments: set[str] = set()
    imports: set[tuple[int, tuple[str, ...]]] = set()
    waiting: list[object] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.AST):
            said.append(type(part).__name__)
            waiting += [getattr(part, field, None) for field in part._fields if field != "ctx"]  # it follows from the place
            if isinstance(part, ast.Name):
                names.add(part.id)
            elif isinstance(part, ast.arg):
                arguments.add(part.arg)
            elif isinstance(part, ast.Import):
                imports |= {(0, tuple(alias.name.split("."))) for alias in part.names}
            elif isinstance(part, ast.ImportFrom):
                module = part.module.split(".") if part.module else ()
                imports |= {(part.level, (*module, alias.name)) for alias in part.names}
        elif isinstance(part, list):
            said.append(str(len(part)))
            waiting += part
        else:
            said.append(repr(part))
    return _Statement(
        function=node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_marked else "",
        arguments=frozenset(arguments) if is_marked else frozenset(),
        digest=hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest(),
        names=frozenset(names),
        imports=frozenset(imports),
    )
