"""Finds what some functions need, definition by definition, and writes modules that hold nothing else.

Receives the names to begin with; returns the text of each module that is reached. A definition that nothing reaches is not in there,
whatever file it shares with one that is. Annotations of functions are not followed: they are never evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import AssignmentError

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Import = ast.Import | ast.ImportFrom


@dataclass
class _Module:
    """A module and what is kept of it: names, or everything."""

    name: str
    is_package: bool
    text: str
    bound: dict[str, list[ast.stmt]]
    body: list[ast.stmt]
    kept: set[str] = field(default_factory=set)
    whole: bool = False


class Closure:
    """All that the names asked for need. `places` says where the modules below a first name are: "course" → a folder."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self._places = places
        self._modules: dict[str, _Module] = {}

    def add(self, module: str, name: str) -> None:
        """Keep a definition and what it needs."""
        found = self._module(module)
        if name in found.kept or found.whole:
            return
        if name not in found.bound:
            raise AssignmentError(f"{module}: {name} is needed by what is given away, but not defined there.")
        found.kept.add(name)
        for statement in found.bound[name]:
            self._follow(found, statement, name)

    def add_whole(self, module: str) -> None:
        """Keep a module as it is."""
        found = self._module(module)
        if found.whole:
            return
        found.whole = True
        for statement in found.body:
            for name in _names_bound(statement):
                self._follow(found, statement, name)
            if not _names_bound(statement):
                self._follow(found, statement, "")

    def texts(self) -> Iterator[tuple[str, bool, str]]:
        """Name, whether it is a package, and text of each module."""
        for module in self._modules.values():
            yield module.name, module.is_package, module.text if module.whole else _shaken(module)

    def _module(self, name: str) -> _Module:
        if name in self._modules:
            return self._modules[name]
        path = self._path(name)
        if path is None:
            raise AssignmentError(f"{name}: no such module, but what is given away imports it.")
        text = path.read_text(encoding="utf-8")
        body = ast.parse(text).body
        bound: dict[str, list[ast.stmt]] = {}
        for statement in body:
            for one in _names_bound(statement):
                bound.setdefault(one, []).append(statement)
        self._modules[name] = _Module(name, path.name == "__init__.py", text, bound, body)
        parent = name.rpartition(".")[0]
        if self._path(parent):
            self._module(parent)
        return self._modules[name]

    def _path(self, name: str) -> Path | None:
        first, *rest = name.split(".")
        if first not in self._places:
            return None
        path = self._places[first].joinpath(*rest)
        return next((one for one in (path / "__init__.py", path.with_suffix(".py")) if one.is_file()), None)

    def _follow(self, module: _Module, statement: ast.stmt, name: str) -> None:
        if isinstance(statement, _Import):
            self._follow_import(module, statement, name)
            return
        used, attributes = _used(statement)
        for inner in ast.walk(statement):
            if isinstance(inner, _Import):
                for alias in inner.names:
                    self._follow_import(module, inner, alias.asname or alias.name)
        for one in used & set(module.bound):
            self._use(module, one, attributes.get(one, set()))

    def _use(self, module: _Module, name: str, attributes: set[str]) -> None:
        """Keep a name of the same module; of one that is a module, only the attributes that are used."""
        target = self._imported_module(module, name)
        self.add(module.name, name)
        for attribute in attributes if target else ():
            self.add(target, attribute)

    def _imported_module(self, module: _Module, name: str) -> str:
        for statement in module.bound[name]:
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    if (alias.asname or alias.name) == name:
                        whole = f"{self._source(module, statement)}.{alias.name}"
                        if self._path(whole):
                            return whole
        return ""

    def _follow_import(self, module: _Module, statement: _Import, name: str) -> None:
        for alias in statement.names:
            if (alias.asname or alias.name) != name:
                continue
            if isinstance(statement, ast.Import):
                if self._path(alias.name):
                    self.add_whole(alias.name)
                continue
            source = self._source(module, statement)
            if self._path(f"{source}.{alias.name}"):
                self._module(f"{source}.{alias.name}")
            elif self._path(source):
                self.add(source, alias.name)

    def _source(self, module: _Module, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        parts = module.name.split(".")
        base = parts[: len(parts) - statement.level + module.is_package]
        return ".".join([*base, *([statement.module] if statement.module else [])])


def _names_bound(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Import() | ast.ImportFrom():
            return [alias.asname or alias.name.partition(".")[0] for alias in statement.names]
        case ast.Assign():
            return [node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.If() | ast.Try() | ast.With():
            inner = [part for part in ast.walk(statement) if isinstance(part, ast.stmt) and part is not statement]
            return [name for part in inner for name in _names_bound(part)]
    return []


def _used(statement: ast.stmt) -> tuple[set[str], dict[str, set[str]]]:
    """The names that a statement uses when it runs, and which attributes of each."""
    names: set[str] = set()
    attributes: dict[str, set[str]] = {}

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.Name):
            names.add(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes.setdefault(node.value.id, set()).add(node.attr)
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and child is node.returns:
                continue
            if isinstance(node, ast.arg) and child is node.annotation:
                continue
            visit(child)

    visit(statement)
    return names, attributes


def _shaken(module: _Module) -> str:
    """The kept definitions in their order, without what else the file says."""
    lines = module.text.splitlines()
    parts: list[str] = []
    for statement in module.body:
        bound = _names_bound(statement)
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            parts.append(ast.unparse(statement))
        elif isinstance(statement, _Import):
            kept = [alias for alias in statement.names if (alias.asname or alias.name.partition(".")[0]) in module.kept]
            if kept:
                named = ast.Import(kept) if isinstance(statement, ast.Import) else ast.ImportFrom(statement.module, kept, statement.level)
                parts.append(ast.unparse(named))
        elif set(bound) & module.kept:
            first = min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", []))])
            source = "\n".join(lines[first - 1 : statement.end_lineno])
            parts.append(f"\n\n{source}\n" if isinstance(statement, _Definition) else source)
    return "\n".join(parts).strip() + "\n" if parts else ""
