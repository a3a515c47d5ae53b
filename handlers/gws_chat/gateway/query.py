"""Read the query parameters of an operation."""

import re
from typing import Any
from urllib.parse import parse_qsl

from connexion.operations import AbstractOperation

from gws_chat.gateway.errors import ParameterInvalid, ParameterMissing
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.gateway.schemas import CompiledSchema, field_name

INTEGER = re.compile(r"-?\d{1,100}", re.ASCII)
BOOLEANS = {"true": True, "false": False}


class QueryReader:
    def __init__(self, operation: AbstractOperation, *, is_strict: bool) -> None:
        self._is_strict = is_strict
        self._parameters = {each["name"]: each for each in operation.parameters if each["in"] == "query"}
        self._schemas = {name: CompiledSchema(each["schema"], name) for name, each in self._parameters.items()}

    def read(self, query: bytes, record: RequestRecord) -> dict[str, Any]:
        """Return the parameters of the query, with integers and booleans converted. Raises a `RequestError`.

        Unknown parameters are errors if the document is strict, otherwise ignored and recorded.
        """
        given: dict[str, Any] = {}
        text = query.decode("latin-1")
        for name, value in parse_qsl(text, keep_blank_values=True, errors="replace") if text else []:
            if name not in self._parameters:
                if not self._is_strict:
                    record.add_ignored([name])
                    continue
                allowed = ", ".join(self._parameters) or "none"
                raise ParameterInvalid(f"{field_name(name)}: unknown query parameter, allowed: {allowed}")
            if name in given:
                raise ParameterInvalid(f"{name}: must be given once, got it several times")
            given[name] = value
        for name, parameter in self._parameters.items():
            if name in given:
                value_type = parameter["schema"].get("type")
                if value_type == "integer" and INTEGER.fullmatch(given[name]):
                    given[name] = int(given[name])
                elif value_type == "boolean":
                    given[name] = BOOLEANS.get(given[name], given[name])
                self._schemas[name].validate(given[name])
            elif parameter.get("required", False):
                raise ParameterMissing(f"{name}: required in the query, but missing")
        return given
