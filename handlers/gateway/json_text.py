"""JSON as this service accepts it: UTF-8, finite numbers, whole characters, bounded nesting."""

from __future__ import annotations

import json
import math
from typing import Any

from handlers.gateway.errors import BodyUnreadable

DEPTH_LIMIT = 100
"""Arrays and objects within one another (decided): far from where Python's own recursion ends."""


def decode(body: bytes) -> Any:
    """Read a body. Raises `BodyUnreadable`.

    Python's own reader lets NaN, infinities and halves of surrogate pairs through, which no answer
    could repeat, and ends with a RecursionError where the nesting is too deep.
    """
    try:
        document = _DECODER.decode(body.decode())
        if b"\\u" in body:
            json.dumps(document, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise BodyUnreadable(f"body: not UTF-8, byte {error.start} is {body[error.start]:#04x}") from None
    except UnicodeEncodeError as error:
        half = error.object[error.start].encode("unicode-escape").decode()
        raise BodyUnreadable(f"body: not JSON text, {half} is half a character") from None
    except RecursionError:
        raise BodyUnreadable(f"body: nested too deep, at most {DEPTH_LIMIT} levels") from None
    except json.JSONDecodeError as error:
        raise BodyUnreadable(
            f"body: not JSON, {error.msg.lower()} at line {error.lineno} column {error.colno}"
        ) from None
    except ValueError as error:  # a constant of _refuse_constant, or an integer of some thousand digits
        raise BodyUnreadable(f"body: not JSON, {str(error).split(';', 1)[0].lower()}") from None
    else:
        _require_shallow(document, brackets=body.count(b"[") + body.count(b"{"))
        return document


def _require_shallow(document: Any, brackets: int) -> None:
    """Look how deep it is, unless it has not even brackets enough to be too deep."""
    containers: list[Any] = [[document]]
    depth = 0
    while brackets > DEPTH_LIMIT and containers:
        items = [item for each in containers for item in (each.values() if isinstance(each, dict) else each)]
        containers = [item for item in items if isinstance(item, dict | list)]
        depth += 1
        if containers and depth > DEPTH_LIMIT:
            raise BodyUnreadable(f"body: nested too deep, at most {DEPTH_LIMIT} levels")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:32]} is out of range")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
"""Made once: `json.loads` makes one for every call that wants a reader of its own."""
