"""JSON as the service accepts it: UTF-8, finite numbers, complete characters, limited nesting."""

import json
import math
import re
from codecs import BOM_UTF8
from typing import Any

import orjson

from gws_chat.gateway.errors import BodyUnreadable

DEPTH_LIMIT = 100  # levels of arrays and objects (assumed): far below Python's own limit of recursion
LONG_NUMBER = re.compile(rb"\d{19}")  # may be an integer of more than 64 bits, which orjson would round
TOO_DEEP = f"body: nested too deeply, must have at most {DEPTH_LIMIT} levels"


def decode(body: bytes) -> Any:
    """Parse a JSON body. Raises `BodyUnreadable`.

    A byte order mark at the start, which some .NET programs write, is ignored (assumed).
    """
    body = body.removeprefix(BOM_UTF8)
    try:
        document = _decode_slowly(body) if LONG_NUMBER.search(body) else orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _decode_slowly(body)  # its errors say more
    _require_shallow(document, brackets=body.count(b"[") + body.count(b"{"))
    return document


def _decode_slowly(body: bytes) -> Any:
    """Parse JSON with Python's parser. Raises `BodyUnreadable`.

    The parser accepts NaN, infinities and unpaired surrogates, which no JSON response could repeat, and raises
    RecursionError on deep nesting. They are errors here, as with orjson.
    """
    try:
        document = _DECODER.decode(body.decode())
        if b"\\u" in body:
            json.dumps(document, ensure_ascii=False).encode()  # raises on unpaired surrogates
    except UnicodeDecodeError as error:
        raise BodyUnreadable(f"body: must be UTF-8, byte {error.start} is {body[error.start]:#04x}") from None
    except UnicodeEncodeError as error:
        half = error.object[error.start].encode("unicode-escape").decode()
        raise BodyUnreadable(f"body: must be JSON, {half} is half of a surrogate pair") from None
    except RecursionError:
        raise BodyUnreadable(TOO_DEEP) from None
    except json.JSONDecodeError as error:
        position = f"line {error.lineno} column {error.colno}"
        raise BodyUnreadable(f"body: must be JSON, {error.msg.lower()} at {position}") from None
    except ValueError as error:  # from _reject_constant and _finite, or an integer with thousands of digits
        raise BodyUnreadable(f"body: must be JSON, {str(error).split(';', 1)[0].lower()}") from None
    return document


def _require_shallow(document: Any, brackets: int) -> None:
    """Raise `BodyUnreadable` on deep nesting. A body with few brackets cannot be nested too deeply."""
    if brackets <= DEPTH_LIMIT:
        return
    containers: list[Any] = [[document]]
    depth = 0
    while containers:
        items = [item for each in containers for item in (each.values() if isinstance(each, dict) else each)]
        containers = [item for item in items if isinstance(item, dict | list)]
        depth += 1
        if containers and depth > DEPTH_LIMIT:
            raise BodyUnreadable(TOO_DEEP)


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:32]} is out of range")
    return number


# created once, because json.loads creates a decoder for each call with such functions
_DECODER = json.JSONDecoder(parse_constant=_reject_constant, parse_float=_finite)
