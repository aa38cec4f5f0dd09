"""Scales a notebook down while it runs: top-level constants and arguments of the student's own classes.

Constants and classes are changed in the syntax tree of each cell, so line numbers stay. A value is only ever made smaller.
What was changed is recorded in words, and a cell that fails because of it can be run again with class arguments as written.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from . import lengths

_limits: dict[str, float] = {}
_arguments: dict[str, dict[str, int]] = {}
_constants: dict[str, list[float]] = {}
_changes: dict[str, None] = {}
_now: dict[str, Any] = {"cell": -1, "scaled": True, "applied": False}


def install(shell: Any, settings: dict[str, Any]) -> None:
    """Read the scale from `settings` and change every later cell by it."""
    _limits.update(settings.get("constants", {}))
    _arguments.update(settings.get("arguments", {}))
    if _limits or _arguments:
        shell.ast_transformers.append(_Smaller())
    if _arguments or settings.get("data"):
        lengths.install()


def begin_cell(index: int, scaled: bool) -> None:
    """Start to note what is applied in this cell."""
    _now.update(cell=index, scaled=scaled, applied=False)


def end_cell() -> dict[str, Any]:
    """Whether a class argument was made smaller in the cell."""
    applied = bool(_now["applied"])
    _now.update(cell=-1, scaled=True, applied=False)
    return {"applied": applied}


@contextmanager
def paused() -> Iterator[None]:
    """Leave class arguments as they are, for measurements."""
    before = _now["scaled"]
    _now["scaled"] = False
    try:
        yield
    finally:
        _now["scaled"] = before


def constants() -> dict[str, list[float]]:
    """For each scaled constant: the value written, the value used."""
    return dict(_constants)


def changes() -> list[str]:
    """What was scaled, in sentences."""
    return list(_changes)


def constant(name: str, value: Any) -> Any:
    """The value to use for a constant that the notebook wrote as `value`."""
    limit = _limits.get(name)
    if limit is None or isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    used = min(value, int(limit) if isinstance(value, int) else float(limit))
    earlier = [written for key, (written, _) in _constants.items() if key.partition(" (")[0] == name]
    place = earlier.index(value) if value in earlier else len(earlier)
    if isinstance(value, int) and used != value:
        used = max(1, used - place)  # what was written differently stays different, so that each use tells its value
    _constants[f"{name} ({place + 1})" if place else name] = [value, used]
    if used != value:
        _changes[f"{name} was set to {used:g} instead of {value:g} for the replay."] = None
    return used


def capped(cls: Any) -> Any:
    """`cls` with the arguments of its constructor kept below their limits while scaling is on."""
    limits = _arguments.get(getattr(cls, "__name__", ""), {})
    written = cls.__dict__.get("__init__") if isinstance(cls, type) else None
    if not inspect.isfunction(written):
        return cls
    signature = inspect.signature(written)

    @functools.wraps(written)
    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            bound = signature.bind(self, *args, **kwargs)
        except TypeError:
            written(self, *args, **kwargs)
            return
        bound.apply_defaults()
        share = 1.0
        for name, limit in limits.items():
            value = bound.arguments.get(name)
            if _now["scaled"] and isinstance(value, int) and not isinstance(value, bool) and value > limit:
                bound.arguments[name] = limit
                share *= value / limit
                _now["applied"] = True
                _changes[f"{name} of {cls.__name__} was set to {limit:,} instead of {value:,} for the replay."] = None
        written(*bound.args, **bound.kwargs)
        if share > 1 and hasattr(type(self), "__len__"):
            self.__dict__.setdefault(lengths.FULL_SIZE, round(len(self) * share))

    cls.__init__ = initialise
    return cls


class _Smaller(ast.NodeTransformer):
    """Wraps top-level assignments of known constants, and decorates known classes."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        for statement in node.body:
            self._visit_statement(statement)
        return node

    def _visit_statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                self._assigned(target, statement)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self._assigned(statement.target, statement)
        elif isinstance(statement, ast.ClassDef) and statement.name in _arguments:
            decorator = ast.copy_location(_reached("capped"), statement)
            statement.decorator_list.insert(0, ast.fix_missing_locations(decorator))
        elif isinstance(statement, (ast.If, ast.With, ast.Try)):
            for part in ("body", "orelse", "finalbody"):
                for inner in getattr(statement, part, []):
                    self._visit_statement(inner)

    def _assigned(self, target: ast.expr, statement: ast.Assign | ast.AnnAssign) -> None:
        value = statement.value
        if isinstance(target, ast.Name) and target.id in _limits and value is not None:
            statement.value = _wrapped(target.id, value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for position, name in enumerate(target.elts):
                if isinstance(name, ast.Name) and name.id in _limits:
                    value.elts[position] = _wrapped(name.id, value.elts[position])


def _wrapped(name: str, value: ast.expr) -> ast.expr:
    call = ast.Call(func=_reached("constant"), args=[ast.Constant(name), value], keywords=[])
    return ast.fix_missing_locations(ast.copy_location(call, value))


def _reached(function: str) -> ast.expr:
    """An expression that reaches a function of this module whatever the notebook did to its names."""
    return ast.parse(f"__import__({__name__!r}, fromlist=[{function!r}]).{function}", mode="eval").body
