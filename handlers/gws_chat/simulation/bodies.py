"""Bodies and queries of requests, and bodies of responses, as the journal shows them."""

import re
from urllib.parse import unquote_plus

import orjson

from gws_chat.gateway.request_record import RecordedBody

WORDS = (
    *("passw", "pwd", "token", "secret", "credential", "cookie", "authorization", "bearer", "jwt", "apikey"),
    *("api_key", "api-key", "sessionid", "session_id", "clientid", "logincode", "basic "),
)
"""A body without any of these words, in lower case, has no credentials. Most bodies are such."""
NAME = (
    "(?:passw(?:or)?d|pwd|token|secret|credential|cookie|authorization|bearer|jwt|api[_-]?key|session_?id|clientId"
    "|loginCode)"
)
ESCAPED_LETTER = re.compile(r"(\\\\)|\\u00([46][1-9A-F]|[57][0-9A])", re.IGNORECASE)
"""A letter of ASCII as JSON may write it. Group 1 matches an escaped backslash, so that the letters after it are left
unchanged."""
MEMBER = re.compile(
    rf'({NAME}[^"\\]{{0,64}}"\s*:\s*)'
    # a string, which may be cut; an object or array with all that follows, because its end is not searched; a number
    r'(?:"(?:[^"\\]|\\.)*"?|[\[{].*|-?\d[^\s,\]}]*)',
    re.IGNORECASE | re.DOTALL,
)
"""A member with a credential. Group 1 is the end of its name, with the colon."""
TEXT = re.compile(rf"""({NAME}[^"'\\=]{{0,64}}(?:(?:\\+"|')\s*:\s*(?:\\+"|')|=))[^"'&;\s]+""", re.IGNORECASE)
"""The same in a text: JSON in a string, a member in single quotes, a field of a form or a cookie."""
HTTP_CREDENTIALS = re.compile(r"""\b(Basic |Bearer )(?=[a-z+/._~-]*[A-Z0-9=])[\w+/.~=-]{8,}""")
"""The credentials of an Authorization header. They have a capital letter, a digit or `=`; this leaves ordinary words
such as `Basic knowledge` unmasked."""
SECRET_NAME = re.compile(NAME, re.IGNORECASE)
"""A part of the name of a query parameter with a credential."""


def masked_body(body: RecordedBody | None) -> str | None:
    """Return the text of a body without credentials, and with a mark where it was cut. None if there is none."""
    if body is None or not body.size:
        return None
    text = _text(body)
    if "\\u00" in text:
        text = ESCAPED_LETTER.sub(lambda found: found[1] or chr(int(found[2], 16)), text)
    lower_case = text.lower()
    if any(word in lower_case for word in WORDS):
        text = MEMBER.sub(r'\1"***"', text)
        text = HTTP_CREDENTIALS.sub(r"\1***", TEXT.sub(r"\1***", text))
    return text + _cut_mark(body)


def masked_query(query: RecordedBody | None) -> str | None:
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
    return f"{name}=***" if SECRET_NAME.search(unquote_plus(name)) else parameter


def _text(body: RecordedBody) -> str:
    return body.start.decode("utf-8", "replace")


def _cut_mark(body: RecordedBody) -> str:
    kept = len(body.start)
    return "" if kept == body.size else f"... [cut after {kept} of {body.size} bytes]"
