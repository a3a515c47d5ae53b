"""The syntax of channel names. A pattern ends in `*`, which matches one segment, or in `**`: one or more."""

import re
from functools import lru_cache

# Bayeux's `token`. These characters need no escaping in JSON or in a log, so a valid name is safe to repeat.
_SEGMENT = re.compile(r"[A-Za-z0-9_!~()$@-]+")


def is_channel(name: str) -> bool:
    before, *segments = name.split("/")
    return not before and bool(segments) and all(map(_SEGMENT.fullmatch, segments))


@lru_cache(maxsize=128)  # clients use few names, which are checked with each message
def is_channel_or_pattern(name: str) -> bool:
    parent, slash, last = name.rpartition("/")
    if not slash or last not in {"*", "**"}:
        return is_channel(name)
    return not parent or is_channel(parent)


def is_meta(name: str) -> bool:
    """Return whether the name or pattern belongs to the protocol. Clients cannot subscribe to these."""
    return name == "/meta" or name.startswith("/meta/")


@lru_cache(maxsize=16)
def patterns_matching(channel: str) -> frozenset[str]:
    """Return the channel itself and all patterns that match it."""
    parent = channel.rpartition("/")[0]
    patterns = {channel, f"{parent}/*"}
    while parent:
        patterns.add(f"{parent}/**")
        parent = parent.rpartition("/")[0]
    return frozenset(patterns | {"/**"})
