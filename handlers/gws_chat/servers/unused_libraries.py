"""Leaves out two libraries that connexion imports and nothing here uses, which saves 5 MiB of memory."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

UNUSED = frozenset({"httpx", "requests"})  # for OAuth tokens, and for a `$ref` to another server


class UnusedLibrariesFinder(MetaPathFinder):
    """Finds the modules of `UNUSED`. Python runs one only when an attribute of it is read, so it still works."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in UNUSED else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


def leave_out_unused_libraries() -> None:
    """Import `UNUSED` only when they are used. Call this before connexion is imported."""
    sys.meta_path.insert(0, UnusedLibrariesFinder())
