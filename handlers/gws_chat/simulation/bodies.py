"""Bodies and queries of requests, and bodies of responses, as the journal shows them."""

import re
from urllib.parse import unquote_plus

import orjson

from gws_chat.gateway.request_record import RecordedBody

NAME = "(?:password|token|secret|credential|cookie|authorization)"  # as a part of the name
NAMES = "clientId|loginCode"
SECRET = re.compile(
    rf'("(?:[^"\\]{{0,64}}{NAME}[^"\\]{{0,64}}|{NAMES})"\s*:\s*)'
    # a string, which may be cut; an object or array with all that follows, because its end is not searched; a number
    r'(?:"(?:[^"\\]|\\.)*"?|[\[{].*|-?\d[^\s,\]}]*)',
    re.IGNORECASE | re.DOTALL,
)
"""A member with a credential. Group 1 is the name, with the colon."""
SECRET_NAME = re.compile(f".*{NAME}.*|{NAMES}", re.IGNORECASE | re.DOTALL)
"""The name of a query parameter with a credential."""


def readable_body(body: RecordedBody | None) -> str | None:
    """Return the text of a body without credentials, and with a mark where it was cut. None if there is none."""
    if body is None or not body.size:
        return None
    return SECRET.sub(r'\1"***"', _text(body)) + _cut_mark(body)


def readable_query(query: RecordedBody | None) -> str | None:
    """Return the query of a URL in the same way."""
    if query is None or not query.size:
        return None
    return "&".join(map(_masked_parameter, _text(query).split("&"))) + _cut_mark(query)


def cometd_error_of(body: RecordedBody | None) -> str | None:
    """Return the error of the first CometD reply in the body that is not successful, or None. Cut bodies have none."""
    if body is None or b'"successful":false' not in body.start or len(body.start) < body.size:
        return None
    replies = orjson.loads(body.start)
    return next((each.get("error") for each in replies if each.get("successful") is False), None)


def _masked_parameter(parameter: str) -> str:
    name, _, _ = parameter.partition("=")
    return f"{name}=***" if SECRET_NAME.fullmatch(unquote_plus(name)) else parameter


def _text(body: RecordedBody) -> str:
    return body.start.decode("utf-8", "replace")


def _cut_mark(body: RecordedBody) -> str:
    kept = len(body.start)
    return "" if kept == body.size else f"... [cut after {kept} of {body.size} bytes]"
