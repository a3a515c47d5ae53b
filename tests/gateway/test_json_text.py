"""JSON must be UTF-8 with finite numbers, complete characters and limited nesting."""

import pytest

from gws_chat.gateway.errors import BodyUnreadable
from gws_chat.gateway.json_text import DEPTH_LIMIT, decode

TOO_DEEP = f"body: nested too deeply, must have at most {DEPTH_LIMIT} levels"
NESTED = DEPTH_LIMIT - 1


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param(b'{"a": [1, 2.5, true, null]}', {"a": [1, 2.5, True, None]}, id="every kind of value"),
        pytest.param(' \r\n\t"é😀" '.encode(), "é😀", id="literal characters"),
        pytest.param(rb'"\u00e9\ud83d\ude00"', "é😀", id="escaped characters"),
        pytest.param(rb'"\\ud800"', "\\ud800", id="escaped backslash"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', {"a": 1}, id="byte order mark"),
        pytest.param(b"[123456789012345678901, -0]", [123456789012345678901, 0], id="integer of more than 64 bits"),
        pytest.param(b'{"a": 1, "a": 2}', {"a": 2}, id="repeated member"),
        pytest.param(b"1e-999", 0.0, id="number that underflows"),
        pytest.param(b'"\x7f"', "\x7f", id="control character"),
        pytest.param(b"[" + b",".join([b"[]"] * 5000) + b"]", [[]] * 5000, id="many brackets, not nested"),
    ],
)
def test_json_is_decoded_to_its_value(body, value):
    assert value == decode(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(b"", "body: must be JSON, expecting value at line 1 column 1", id="empty"),
        pytest.param(b'{"a": \n}', "body: must be JSON, expecting value at line 2 column 1", id="no value"),
        pytest.param(b'{"a": 1} x', "body: must be JSON, extra data at line 1 column 10", id="extra data"),
        pytest.param(b'\xef\xbb\xbf"\xff"', "body: must be UTF-8, byte 1 is 0xff", id="not UTF-8 after a mark"),
        pytest.param(b"\xef\xbb\xbf" * 2, "body: must be JSON, expecting value at line 1 column 1", id="two marks"),
        pytest.param(b'"\xff"', "body: must be UTF-8, byte 1 is 0xff", id="not UTF-8"),
        pytest.param(b"[NaN]", "body: must be JSON, nan is not a number", id="NaN"),
        pytest.param(b"[-Infinity]", "body: must be JSON, -infinity is not a number", id="Infinity"),
        pytest.param(b"[1e999]", "body: must be JSON, 1e999 is out of range", id="number out of range"),
        pytest.param(rb'"\ud83d"', r"body: must be JSON, \ud83d is half of a surrogate pair", id="first half"),
        pytest.param(rb'{"\udE00": 1}', r"body: must be JSON, \ude00 is half of a surrogate pair", id="second half"),
        pytest.param(
            b"[" + b"1" * 19 + b",]", "body: must be JSON, expecting value at line 1 column 22", id="long number"
        ),
        pytest.param(b"[" * 100_000, TOO_DEEP, id="too deep for Python"),
        pytest.param(b"[" * (NESTED + 2) + b"1" + b"]" * (NESTED + 2), TOO_DEEP, id="arrays too deep"),
        pytest.param(b'{"a": ' * (NESTED + 2) + b"1" + b"}" * (NESTED + 2), TOO_DEEP, id="objects too deep"),
    ],
)
def test_invalid_json_is_rejected_with_its_position(body, message):
    with pytest.raises(BodyUnreadable) as rejected:
        decode(body)

    assert message == str(rejected.value)


def test_error_message_from_python_has_one_line():
    with pytest.raises(BodyUnreadable) as rejected:
        decode(b"9" * 5000)

    message = str(rejected.value)
    assert message.startswith("body: must be JSON, ")
    assert 1 == len(message.splitlines())


@pytest.mark.parametrize("innermost", [b"", b"1"], ids=["empty", "number"])
def test_nesting_up_to_the_limit_is_decoded(innermost):
    value = decode(b"[[], " + b"[" * NESTED + innermost + b"]" * NESTED + b"]")

    assert 2 == len(value)
