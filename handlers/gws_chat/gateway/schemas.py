"""Compiled schemas: one validator for each schema, created once, whose errors name field, rule and value.

They replace connexion's body validation, which compiles the schema for every request, and whose error about a failing
`oneOf` says only that nothing matched.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import jsonschema_rs

from gws_chat.domain.errors import MAX_VALUE_LENGTH, shorten
from gws_chat.gateway.errors import ParameterInvalid, ParameterMissing, ParameterOutOfRange, RequestError

RANGE_RULES = {
    rule: (lower, upper, unit, units)
    for lower, upper, unit, units in (
        ("minLength", "maxLength", " character", " characters"),
        ("minItems", "maxItems", " item", " items"),
        ("minProperties", "maxProperties", " property", " properties"),
        ("minimum", "maximum", "", ""),
    )
    for rule in (lower, upper)
}
"""By rule: the rules for both ends of its range, and the unit in singular and plural."""
PRECEDENCE: tuple[type[RequestError], ...] = (ParameterMissing, ParameterInvalid, ParameterOutOfRange)
"""If a request has several errors, the first type in this list is reported."""


def precedence(error: RequestError) -> int:
    return PRECEDENCE.index(type(error))


class CompiledSchema:
    """A schema of openapi.yaml that reports the most important error of a value.

    An array is validated against the `anyOf` branch for arrays. With a `discriminator`, an object is validated against
    the one schema that its property selects, so that the error is about that schema.

    One property may need another, or exactly one of several may be required. openapi.yaml states such rules with `not`,
    whose errors say nothing. `x-dependencies` and `x-exactly-one` repeat the rules, and the errors are made from these.

    jsonschema-rs does not know `nullable`. A nullable property that is null counts as absent, so it is removed first.
    """

    def __init__(self, schema: dict[str, Any], name: str) -> None:
        self._name = name
        self._schema = schema
        properties: dict[str, Any] = schema.get("properties", {})
        self._nullable = {name for name, each in properties.items() if each.get("nullable", False)}
        self._ignores_unknown = bool(properties) and "additionalProperties" not in schema
        self._has_combinations = not schema.keys().isdisjoint({"x-dependencies", "x-exactly-one"})
        self._discriminator = schema.get("discriminator", {}).get("propertyName")
        arrays = [branch for branch in schema.get("anyOf", []) if branch.get("type") == "array"]
        self._array = CompiledSchema(arrays[0], name) if arrays else None
        if self._discriminator is None:
            self._validator = jsonschema_rs.Draft4Validator(schema)
        else:
            self._choices = {
                value: CompiledSchema(choice, name)
                for choice in schema["oneOf"]
                for value in choice["properties"][self._discriminator]["enum"]
            }

    def validate(self, value: Any) -> Any:
        """Return the value without nullable properties that are null. Raise a `RequestError` if it is invalid."""
        if self._discriminator is not None:
            return self._selected(value).validate(value)
        if self._array is not None and isinstance(value, list):
            return self._array.validate(value)
        if self._nullable and isinstance(value, dict):
            value = {name: each for name, each in value.items() if each is not None or name not in self._nullable}
        if not self._validator.is_valid(value):
            if error := next(_too_many_items(self._schema, value, self._name), None):
                raise error
            raise min(self._errors(value), key=precedence)
        return value

    def ignored_names(self, value: Any) -> list[str]:
        """Name the members of an object that the schema neither has nor rejects. Raises a `RequestError`."""
        if self._discriminator is not None:
            return self._selected(value).ignored_names(value)
        if not self._ignores_unknown or not isinstance(value, dict):
            return []
        return [name for name in value if name not in self._schema["properties"]]

    def _selected(self, value: Any) -> "CompiledSchema":
        if not isinstance(value, dict):
            raise ParameterInvalid(f"{self._name}: must be an object, got {excerpt(value)}")
        choice = value.get(self._discriminator)
        if choice is None:
            raise ParameterMissing(f"{self._discriminator}: required, but missing")
        if not isinstance(choice, str):
            raise ParameterInvalid(f"{self._discriminator}: must be a string, got {excerpt(choice)}")
        if choice not in self._choices:
            allowed = ", ".join(self._choices)
            raise ParameterInvalid(f"{self._discriminator}: must be one of {allowed}, got {excerpt(choice)}")
        return self._choices[choice]

    def _errors(self, value: Any) -> Iterator[RequestError]:
        if isinstance(value, dict):
            yield from self._combination_errors(value)
        for error in self._validator.iter_errors(value):
            if not (self._has_combinations and error.kind.name == "not" and not error.instance_path):
                yield from map(self._request_error, _errors_of_matching_type(error))

    def _combination_errors(self, value: dict[str, Any]) -> Iterator[RequestError]:
        for name, needed in self._schema.get("x-dependencies", {}).items():
            for other in needed:
                if name in value and other not in value:
                    yield ParameterMissing(f"{other}: required together with {name}, but missing")
        alternatives = self._schema.get("x-exactly-one", [])
        given = [name for name in alternatives if name in value]
        if alternatives and not given:
            yield ParameterMissing(f"{join_names(alternatives)}: one of them is required, but all are missing")
        if len(given) > 1:
            yield ParameterInvalid(f"{join_names(alternatives)}: only one is allowed, got {len(given)}")

    def _request_error(self, error: jsonschema_rs.ValidationError) -> RequestError:
        path = [str(step) for step in error.instance_path]
        rule, detail = error.kind.name, error.kind.value
        if rule == "required":
            return ParameterMissing(f"{'.'.join([*path, detail])}: required, but missing")
        if rule == "type" and error.instance is None and path in [[name] for name in self._schema.get("required", [])]:
            return ParameterMissing(f"{path[0]}: required, but missing")
        if rule == "additionalProperties":
            allowed = ", ".join(self._schema.get("properties", {}))
            field = ".".join([*path, field_name(detail[0])])
            return ParameterInvalid(f"{field}: unknown parameter, allowed: {allowed}")
        error_type = ParameterOutOfRange if rule in RANGE_RULES else ParameterInvalid
        field = ".".join(path) or self._name
        schema: Any = self._schema
        for step in error.schema_path[:-1]:
            schema = schema[step]
        required = requirement(rule, detail, schema)
        value: Any = error.instance
        has_size = rule in RANGE_RULES and hasattr(value, "__len__")
        return error_type(f"{field}: {required}, got {len(value) if has_size else excerpt(value)}")


def _errors_of_matching_type(error: jsonschema_rs.ValidationError) -> Iterator[jsonschema_rs.ValidationError]:
    """Yield the errors of the branch of `anyOf` or `oneOf` whose type matches, or the error itself."""
    branches = error.kind.value if error.kind.name in {"anyOf", "oneOf"} else []
    for branch in branches:
        if not any(each.kind.name == "type" and each.instance_path == error.instance_path for each in branch):
            for each in branch:
                yield from _errors_of_matching_type(each)
            return
    yield error


def _too_many_items(schema: dict[str, Any], value: Any, name: str) -> Iterator[ParameterOutOfRange]:
    """Find too many items. Checked before the other errors are collected, which takes seconds for a million items."""
    rule = "maxProperties" if isinstance(value, dict) else "maxItems"
    if rule in schema and isinstance(value, dict | list) and len(value) > schema[rule]:
        yield ParameterOutOfRange(f"{name}: {requirement(rule, schema[rule], schema)}, got {len(value)}")
    for property_name, property_schema in schema.get("properties", {}).items():
        if isinstance(value, dict) and property_name in value:
            yield from _too_many_items(property_schema, value[property_name], property_name)


def requirement(rule: str, detail: Any, schema: dict[str, Any]) -> str:
    """Say what the rule of the schema requires, such as `must be 1 to 64000 characters`."""
    if rule in RANGE_RULES:
        return _range(schema, *RANGE_RULES[rule])
    if rule in {"anyOf", "oneOf"}:
        type_errors = [error for branch in detail for error in branch if error.kind.name == "type"]
        detail = [name for error in type_errors for name in error.kind.value]
        rule = "type" if detail else rule
    if rule == "type":
        return "must be " + " or ".join(("an " if name[0] in "aeiou" else "a ") + name for name in sorted(detail))
    if rule == "enum":
        return "must be " + join_names([str(each) for each in detail if each is not None])
    return f"must match {detail}" if rule == "pattern" else "must match its schema in openapi.yaml"


def _range(schema: dict[str, Any], lower: str, upper: str, unit: str, units: str) -> str:
    least, most = schema.get(lower), schema.get(upper)
    if least is not None and most is not None:
        return f"must be {least} to {most}{units}"
    limit, bound = ("most", most) if least is None else ("least", least)
    return f"must be at {limit} {bound}{unit if bound == 1 else units}"


def excerpt(value: Any) -> str:
    """Return the beginning of the value as JSON, however large it is."""
    return shorten("".join(islice(json.JSONEncoder().iterencode(value), MAX_VALUE_LENGTH + 1)))


def field_name(name: str) -> str:
    """Return a name that the client chose as it appears in an error: on one line, and not longer than a value."""
    return shorten(json.dumps(name)[1:-1]) or '""'


def join_names(names: Sequence[str]) -> str:
    """Join names as in `a, b or c`."""
    return " or ".join([", ".join(names[:-1]), *names[-1:]] if len(names) > 1 else names)
