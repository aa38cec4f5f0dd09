"""Changes modules as soon as a notebook imports them, and not before: most notebooks need only some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from .store import FAULTS, store

Change = Callable[[ModuleType], None]


class AfterImport(MetaPathFinder):
    """Calls each change on its module; again when the module is loaded again."""

    def __init__(self) -> None:
        self._changes: dict[str, Change] = {}
        self._done: dict[str, ModuleType] = {}

    def watch(self, name: str, change: Change) -> None:
        self._changes[name] = change

    def catch_up(self) -> None:
        """Change what others have put among the modules without an import."""
        for name in self._changes:
            module = sys.modules.get(name)
            if module is not None and self._done.get(name) is not module:
                self.apply(module)

    def apply(self, module: ModuleType) -> None:
        name = module.__name__
        if name not in self._changes:
            return
        self._done[name] = module
        try:
            self._changes[name](module)
        except FAULTS:
            store.truncated[name] = None

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname not in self._changes:
            return None
        spec = PathFinder.find_spec(fullname, path)
        if spec is None or spec.loader is None:
            return None
        spec.loader = _Loader(spec.loader, self)
        return spec


class _Loader(Loader):
    def __init__(self, loader: Loader, owner: AfterImport) -> None:
        self._loader, self._owner = loader, owner

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._loader  # it also serves the module's source and resources
        self._owner.apply(module)
