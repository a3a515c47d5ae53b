"""Validation against the JSON Schema of a scenario file, and the error messages for files that violate it."""

import json
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from gws_chat.domain.capabilities import Capability, Situation
from gws_chat.domain.errors import shorten

SCHEMA = yaml.safe_load(Path(__file__).with_name("schema.yaml").read_text(encoding="utf-8"))
SCHEMA["properties"]["capabilities"]["properties"] = {
    situation: {"type": "array", "items": {"enum": list(Capability)}} for situation in Situation
}
_VALIDATOR = jsonschema_rs.Draft4Validator(SCHEMA)
_MESSAGES = {
    "type": "must be of type {expected}, got {got}",
    "enum": "must be one of {expected}, got {got}",
    "minimum": "must be at least {expected}, got {got}",
    "maximum": "must be at most {expected}, got {got}",
    "minItems": "must not be empty",
    "minLength": "must not be empty",
    "maxLength": "must be at most {expected} characters, got {got}",
    "pattern": "{expected}, got {got}",
}


class ScenarioError(Exception):
    """The scenario is invalid. The text is one line that names the place, the rule and the value."""


def require_valid(content: Any) -> None:
    """Raise `ScenarioError` if the content of a scenario file violates the schema."""
    if error := next(_VALIDATOR.iter_errors(content), None):
        raise ScenarioError(" ".join(_message(error).split()))


def _message(error: jsonschema_rs.ValidationError) -> str:
    path, rule, expected = error.instance_path, error.kind.name, error.kind.value
    if rule == "required":
        return f"{_place([*path, expected])}: is required"
    schema: Any = reduce(getitem, error.schema_path[:-1], SCHEMA)
    if rule == "additionalProperties":
        return f"{_place([*path, expected[0]])}: is unknown, allowed: {', '.join(schema['properties'])}"
    if rule == "pattern":
        expected = schema["description"]
    if isinstance(expected, list):
        expected = (" or " if rule == "type" else ", ").join(expected)
    return f"{_place(path)}: {_MESSAGES[rule].format(expected=expected, got=shorten(json.dumps(error.instance)))}"


def _place(path: list[str | int]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".") or "the file"
