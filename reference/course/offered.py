"""Modules that are made only when a notebook imports them, and real modules that are changed as soon as one does."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

Filling = Callable[[ModuleType], None]


class Offered(MetaPathFinder):
    """Goes before the usual finders."""

    def __init__(self) -> None:
        self._made: dict[str, Filling] = {}
        self._packages: dict[str, Sequence[str]] = {}
        self._changed: dict[str, Filling] = {}
        self._aliases: dict[str, str] = {}

    def module(self, name: str, fill: Filling, *, package: Sequence[str] | None = None) -> None:
        """Offer a module of our own; `package` is its search path when it has submodules."""
        self._made[name] = fill
        if package is not None:
            self._packages[name] = package

    def fallback(self, name: str, fill: Filling, *, package: Sequence[str] | None = None) -> None:
        """The same where nothing of this name is installed."""
        if importlib.util.find_spec(name) is None:
            self.module(name, fill, package=package)

    def change(self, name: str, change: Filling) -> None:
        """Call `change` on the real module right after its import, now if that has been."""
        if name in sys.modules:
            change(sys.modules[name])
        else:
            self._changed[name] = change

    def alias(self, name: str, real: str) -> None:
        """Let `name` and what lies under it be the module `real` and what lies under that."""
        self._aliases[name] = real

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname in self._made:
            spec = ModuleSpec(fullname, _Made(self._made[fullname]), is_package=fullname in self._packages)
            if fullname in self._packages:
                spec.submodule_search_locations = list(self._packages[fullname])
            return spec
        for alias, real in self._aliases.items():
            if fullname == alias or fullname.startswith(f"{alias}."):
                return ModuleSpec(fullname, _Alias(real + fullname[len(alias) :]))
        if fullname in self._changed:
            spec = importlib.machinery.PathFinder.find_spec(fullname, path)
            if spec is not None and spec.loader is not None:
                spec.loader = _Changed(spec.loader, self._changed[fullname])
                return spec
        return None


class _Made(Loader):
    def __init__(self, fill: Filling) -> None:
        self._fill = fill

    def exec_module(self, module: ModuleType) -> None:
        self._fill(module)


class _Alias(Loader):
    def __init__(self, real: str) -> None:
        self._real = real

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = importlib.import_module(self._real)


class _Changed(Loader):
    def __init__(self, loader: Loader, change: Filling) -> None:
        self._loader, self._change = loader, change

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._change(module)
