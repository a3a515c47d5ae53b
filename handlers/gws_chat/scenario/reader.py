"""Reads the content of a scenario file."""

import json
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from typing import Any

import yaml

from gws_chat.scenario.schema import ScenarioError, require_valid

MAX_BYTES = 1024 * 1024  # of a file
MAX_VALUES = 100_000  # of a file, which take some seconds to read; entries with `count` count once


def read_scenario(path: Path) -> dict[str, Any]:
    """Return the valid content of a scenario file, with the keys that it extends. Raises `ScenarioError`."""
    try:
        return complete(read_yaml(path))
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from None


def complete(content: Any) -> dict[str, Any]:
    """Add the keys of the demo if the scenario extends it, and validate the result."""
    if isinstance(content, dict) and content.get("extends") == "demo":
        content = {**read_yaml(Path(__file__).with_name("demo.yaml")), **content}
    content = _as_json(content)
    require_valid(content)
    return dict(content)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file. Raises `ScenarioError`."""
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):  # reading a pipe or a device might never end
            raise ScenarioError("must be a regular file")
        if status.st_size == 0:  # also files such as /proc/kmsg, which might never end either
            raise ScenarioError("must not be empty")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ScenarioError(f"must be at most {MAX_BYTES} bytes")
        return yaml.load(content.decode(), _Loader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ScenarioError(f"must be UTF-8, got byte {byte:#x} at position {error.start}") from None
    except RecursionError:
        raise ScenarioError("is nested too deeply") from None
    except (ArithmeticError, AttributeError, LookupError, ValueError, yaml.YAMLError) as error:
        # PyYAML has no errors of its own for values such as !!bool maybe
        raise ScenarioError(f"must be YAML: {' '.join(str(error).split())}") from None


class _Loader(yaml.SafeLoader):
    """Rejects files with too many values. A few aliases of aliases can stand for billions."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._counts: dict[yaml.Node, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        node = super().compose_node(parent, index)
        if node is not None and node not in self._counts:
            items = chain.from_iterable(node.value) if isinstance(node, yaml.MappingNode) else node.value
            children = items if isinstance(node, yaml.CollectionNode) else ()
            # an alias inside its own value has no count yet, and is rejected later
            self._counts[node] = 1 + sum(self._counts.get(child, 0) for child in children)
            if self._counts[node] > MAX_VALUES:
                raise ScenarioError(f"must have at most {MAX_VALUES} values, each alias counted as its value")
        return node


def _as_json(content: Any) -> Any:
    """Convert YAML values that JSON lacks, such as dates and keys that are numbers, to strings."""
    try:
        # encoded, because that raises on half of a surrogate pair
        return json.loads(json.dumps(content, default=str, allow_nan=False, ensure_ascii=False).encode())
    except RecursionError:
        raise ScenarioError("the file: is nested too deeply") from None
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"the file: must contain only values that JSON allows: {error}") from None
