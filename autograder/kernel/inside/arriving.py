"""Calls back as soon as a module has been imported, by whatever finder."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

Callback = Callable[[ModuleType], None]


class _Arriving(MetaPathFinder):
    def __init__(self) -> None:
        self.waiting: dict[str, Callback] = {}
        self._asking = ""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        callback = self.waiting.get(fullname)
        if callback is None or fullname == self._asking:
            return None
        self._asking = fullname
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._asking = ""
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, callback)
        return spec


class _Loader(Loader):
    def __init__(self, loader: Loader, callback: Callback) -> None:
        self._loader, self._callback = loader, callback

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._callback(module)


_finder = _Arriving()


def when_imported(name: str, callback: Callback) -> None:
    """Call `callback` with the module `name`: now if it is there, and after every import of it, for one that failed is tried again."""
    if name in sys.modules:
        callback(sys.modules[name])
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    _finder.waiting[name] = callback
