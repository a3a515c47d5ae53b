"""Compiled validation: one validator for each schema, made once, and errors that name the field.

Replaces connexion's body validation, which compiles the schema for every request, and says of a
failing `oneOf` only that nothing matched.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from handlers.gateway.errors import (
    ParameterInvalid,
    ParameterMissing,
    ParameterOutOfRange,
    RequestError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

RANGES = frozenset(
    {"minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties"}
)
PRECEDENCE: tuple[type[RequestError], ...] = (ParameterMissing, ParameterInvalid, ParameterOutOfRange)
"""Of several faults the first of these is told."""


def precedence(error: RequestError) -> int:
    return PRECEDENCE.index(type(error))


class CompiledSchema:
    """A schema of the document that says of a value what is wrong with it.

    Where `anyOf` has a schema for arrays, an array is held against that one. With a `discriminator` the
    value is held against the one schema that its property chooses, so that an error is about that schema.
    The document's `x-dependencies` (a property and the others that it needs) and `x-exactly-one` say what
    is wrong where the `not` beside them only refuses; OpenAPI 3.0 has no word for either.
    """

    def __init__(self, schema: dict[str, Any], where: str) -> None:
        self._where = where
        self._schema = schema
        self._has_words = not schema.keys().isdisjoint({"x-dependencies", "x-exactly-one"})
        self._property = schema.get("discriminator", {}).get("propertyName")
        arrays = [branch for branch in schema.get("anyOf", []) if branch.get("type") == "array"]
        self._array = CompiledSchema(arrays[0], where) if arrays else None
        if self._property is None:
            self._validator = jsonschema_rs.Draft4Validator(schema)
        else:
            self._choices = dict(_choices(schema, self._property, where))

    def validate(self, value: Any) -> None:
        """Raise the most telling `RequestError` if the value is not as the schema says."""
        if self._property is not None:
            self._chosen(value).validate(value)
        elif self._array is not None and isinstance(value, list):
            self._array.validate(value)
        elif not self._validator.is_valid(value):
            for overfull in _overfull(self._schema, value, self._where):
                raise overfull
            raise min(self._errors(value), key=precedence)

    def _chosen(self, value: Any) -> CompiledSchema:
        if not isinstance(value, dict):
            raise ParameterInvalid(f"{self._where}: must be an object, not {_shown(value)}")
        if self._property not in value:
            raise ParameterMissing(f"{self._property}: required, but missing")
        name = value[self._property]
        if not isinstance(name, str):
            raise ParameterInvalid(f"{self._property}: must be a string, not {_shown(name)}")
        if name not in self._choices:
            raise ParameterInvalid(
                f"{self._property}: must be one of {', '.join(self._choices)}, not {_shown(name)}"
            )
        return self._choices[name]

    def _errors(self, value: Any) -> Iterator[RequestError]:
        if isinstance(value, dict):
            yield from self._combinations(value)
        for error in self._validator.iter_errors(value):
            if not (self._has_words and error.kind.name == "not" and not error.instance_path):
                yield from map(self._named, _of_the_likeliest_branch(error))

    def _combinations(self, value: dict[str, Any]) -> Iterator[RequestError]:
        for name, needed in self._schema.get("x-dependencies", {}).items():
            for other in needed:
                if name in value and other not in value:
                    yield ParameterMissing(f"{other}: required where {name} is given, but missing")
        alternatives = self._schema.get("x-exactly-one", [])
        given = [name for name in alternatives if name in value]
        names = " or ".join([", ".join(alternatives[:-1]), *alternatives[-1:]])
        if alternatives and not given:
            yield ParameterMissing(f"{names}: one is required, but missing")
        if len(given) > 1:
            yield ParameterInvalid(f"{names}: only one may be given, not {len(given)}")

    def _named(self, error: jsonschema_rs.ValidationError) -> RequestError:
        """Say in one line which field, which rule, which value."""
        place = [str(step) for step in error.instance_path]
        rule, detail = error.kind.name, error.kind.value
        if rule == "required":
            return ParameterMissing(f"{'.'.join([*place, detail])}: required, but missing")
        if rule == "additionalProperties":
            known = ", ".join(self._schema.get("properties", {}))
            return ParameterInvalid(
                f"{'.'.join([*place, _clipped(json.dumps(detail[0])[1:-1])])}: unknown, known here: {known}"
            )
        kind = ParameterOutOfRange if rule in RANGES else ParameterInvalid
        field = ".".join(place) or self._where
        return kind(f"{field}: {_demand(rule, detail)}, not {_measured(rule, error.instance)}")


def _choices(schema: dict[str, Any], name: str, where: str) -> Iterator[tuple[str, CompiledSchema]]:
    for choice in schema["oneOf"]:
        (value,) = choice["properties"][name]["enum"]
        yield value, CompiledSchema(choice, where)


def _of_the_likeliest_branch(
    error: jsonschema_rs.ValidationError,
) -> Iterator[jsonschema_rs.ValidationError]:
    """Where none of several schemas fits, speak of the one whose type does."""
    branches = error.kind.value if error.kind.name in {"anyOf", "oneOf"} else []
    for branch in branches:
        if not any(
            fault.kind.name == "type" and fault.instance_path == error.instance_path for fault in branch
        ):
            for fault in branch:
                yield from _of_the_likeliest_branch(fault)
            return
    yield error


def _overfull(schema: dict[str, Any], value: Any, where: str) -> Iterator[ParameterOutOfRange]:
    """Tell of too many items before anything else: to look for faults in each of a million takes seconds."""
    rule = "maxProperties" if isinstance(value, dict) else "maxItems"
    if rule in schema and isinstance(value, dict | list) and len(value) > schema[rule]:
        yield ParameterOutOfRange(f"{where}: {_demand(rule, schema[rule])}, not {len(value)}")
    for name, described in schema.get("properties", {}).items():
        if isinstance(value, dict) and name in value:
            yield from _overfull(described, value[name], name)


def _shown(value: Any) -> str:
    """Write as much of the value as will be told, however large it is."""
    return _clipped("".join(islice(json.JSONEncoder().iterencode(value), 65)))


def _clipped(text: str, longest: int = 64) -> str:
    return text if len(text) <= longest else text[:longest] + "..."


def _demand(rule: str, detail: Any) -> str:
    if rule in RANGES:
        what = {"Length": " characters", "Items": " items", "Properties": " properties"}
        unit = next((unit for ending, unit in what.items() if rule.endswith(ending)), "")
        return f"must be {'at least' if rule.startswith('min') else 'at most'} {detail}{unit}"
    if rule in {"anyOf", "oneOf"}:
        detail = [name for branch in detail for fault in branch for name in _types(fault)]
        rule = "type" if detail else rule
    if rule == "type":
        return "must be " + " or ".join(
            ("an " if name[0] in "aeiou" else "a ") + name for name in sorted(detail)
        )
    if rule == "enum":
        return "must be " + " or ".join(map(str, detail))
    return f"must match {detail}" if rule == "pattern" else "must be as the document says"


def _types(fault: jsonschema_rs.ValidationError) -> list[str]:
    return list(fault.kind.value) if fault.kind.name == "type" else []


def _measured(rule: str, value: Any) -> str:
    return str(len(value)) if rule in RANGES and hasattr(value, "__len__") else _shown(value)
