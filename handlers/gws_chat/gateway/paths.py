"""Finds the path of an OpenAPI document that a request matches.

connexion's routers try one regular expression after the other. Here the cost does not depend on the number of paths.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(slots=True)
class Node:
    """The paths that begin with the same segments. `fixed` holds those that continue with a certain segment.

    `any` holds those that continue with the parameter `parameter`. `path` is the path of the document that ends here,
    and `methods` are its methods for an Allow header.
    """

    fixed: dict[str, "Node"] = field(default_factory=dict)
    any: "Node | None" = None
    parameter: str = ""
    path: str | None = None
    methods: str = ""


class Paths:
    """All paths of the documents. A fixed segment takes precedence over a parameter, as in OpenAPI."""

    def __init__(self, documents: Iterable[dict[str, Any]]) -> None:
        self._root = Node()
        for document in documents:
            base = document["servers"][0]["url"].rstrip("/")
            for path, item in document["paths"].items():
                self._add(base + path, {name.upper() for name in item} & METHODS)

    def find(self, path: str) -> tuple[str | None, dict[str, str]]:
        """Return the path of the document, or None, and the values of its parameters by name."""
        node, values = self._find(path)
        return node.path, values

    def allowed_methods(self, path: str) -> str:
        """Return the methods of the path for an Allow header. An unknown path has none."""
        return self._find(path)[0].methods

    def _find(self, path: str) -> tuple[Node, dict[str, str]]:
        node, values = self._root, {}
        for segment in path.split("/"):
            if segment in node.fixed:
                node = node.fixed[segment]
            elif segment and "\n" not in segment and node.any is not None:  # as in connexion
                values[node.parameter] = segment
                node = node.any
            else:
                return Node(), {}
        return node, values

    def _add(self, path: str, methods: set[str]) -> None:
        node = self._root
        for segment in path.split("/"):
            if segment.startswith("{"):
                node.parameter, node.any = segment.strip("{}"), node.any or Node()
                node = node.any
            else:
                node = node.fixed.setdefault(segment, Node())
        node.path = path
        node.methods = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
