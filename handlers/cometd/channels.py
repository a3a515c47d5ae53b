"""Channel names: `/` and a segment, repeated. A pattern ends in `*` (one segment) or `**` (any)."""

import re

# Bayeux's `token`. Nothing in it needs escaping in JSON or in a log, so a name that passed may be repeated.
_SEGMENT = re.compile(r"[A-Za-z0-9_!~()$@-]+")


def is_channel(name: str) -> bool:
    before, *segments = name.split("/")
    return not before and bool(segments) and all(map(_SEGMENT.fullmatch, segments))


def is_channel_or_pattern(name: str) -> bool:
    parent, slash, last = name.rpartition("/")
    if not slash or last not in {"*", "**"}:
        return is_channel(name)
    return not parent or is_channel(parent)


def is_meta(name: str) -> bool:
    """Whether a name or pattern belongs to the protocol itself, which nobody may listen to."""
    return name == "/meta" or name.startswith("/meta/")


def patterns_matching(channel: str) -> frozenset[str]:
    """Everything a subscriber to this channel may have subscribed to, so that matching is a set operation."""
    parent = channel.rpartition("/")[0]
    patterns = {channel, f"{parent}/*"}
    while parent:
        patterns.add(f"{parent}/**")
        parent = parent.rpartition("/")[0]
    return frozenset(patterns | {"/**"})
