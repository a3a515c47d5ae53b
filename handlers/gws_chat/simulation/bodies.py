"""Bodies of requests and responses as the journal shows them."""

import re

from gws_chat.gateway.request_record import RecordedBody

NAME = "(?:password|token|secret|credential|cookie|authorization)"
SECRET = re.compile(
    rf'("(?:[^"\\]{{0,64}}{NAME}[^"\\]{{0,64}}|clientId|loginCode)"\s*:\s*)'
    # a string, which may be cut; an object or array with all that follows, because its end is not searched; a number
    r'(?:"(?:[^"\\]|\\.)*"?|[\[{].*|-?\d[^\s,\]}]*)',
    re.IGNORECASE | re.DOTALL,
)
"""A member with a credential. Group 1 is the name, with the colon."""


def readable_body(body: RecordedBody | None) -> str | None:
    """Return the text of a body without credentials, and with a mark where it was cut. None if there is none."""
    if body is None or not body.size:
        return None
    text = SECRET.sub(r'\1"***"', body.start.decode("utf-8", "replace"))
    kept = len(body.start)
    return text if kept == body.size else f"{text}... [cut after {kept} of {body.size} bytes]"
