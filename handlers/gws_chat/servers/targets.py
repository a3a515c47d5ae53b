"""The target of a request: a path, `*`, or a URL with a path (RFC 9112, 3.2)."""

import httptools

SCHEMES = {b"http", b"https"}


def authority_of(target: bytes) -> str | None:
    """Return host and port of a URL, or None for another target. Raises `HttpParserError` if it is malformed."""
    url = httptools.parse_url(target)
    if not url.path or not target.isascii() or (url.schema and url.schema.lower() not in SCHEMES):
        raise httptools.HttpParserInvalidURLError(target)
    return target.split(b"/", 3)[2].decode() if url.schema else None
