"""JSON is accepted in UTF-8, with finite numbers, whole characters and bounded nesting."""

import pytest

from handlers.gateway.errors import BodyUnreadable
from handlers.gateway.json_text import DEPTH_LIMIT, decode


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param(b'{"a": [1, 2.5, true, null]}', {"a": [1, 2.5, True, None]}, id="every kind of value"),
        pytest.param(' \r\n\t"é😀" '.encode(), "é😀", id="characters as they are"),
        pytest.param(rb'"\u00e9\ud83d\ude00"', "é😀", id="characters escaped"),
        pytest.param(rb'"\\ud800"', "\\ud800", id="a backslash before a u"),
        pytest.param(b"1e308", 1e308, id="a large number"),
        pytest.param(b"1e-999", 0.0, id="a number too small to tell from nothing"),
        pytest.param(b'"\x7f"', "\x7f", id="a character that is not printed"),
    ],
)
def test_json_is_read_as_its_value(body, value):
    assert value == decode(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"", "body: not JSON, expecting value at line 1 column 1", id="nothing"),
        pytest.param(b'{"a": \n}', "body: not JSON, expecting value at line 2 column 1", id="no value"),
        pytest.param(b'{"a": 1} x', "body: not JSON, extra data at line 1 column 10", id="more than a value"),
        pytest.param(b'"\xff"', "body: not UTF-8, byte 1 is 0xff", id="not UTF-8"),
        pytest.param('{"a": "ü"}'.encode("latin-1"), "body: not UTF-8, byte 7 is 0xfc", id="Latin-1"),
        pytest.param(b"[NaN]", "body: not JSON, nan is not a number", id="NaN"),
        pytest.param(b"[-Infinity]", "body: not JSON, -infinity is not a number", id="Infinity"),
        pytest.param(b"[1e999]", "body: not JSON, 1e999 is out of range", id="a number out of range"),
        pytest.param(rb'"\ud83d"', r"body: not JSON text, \ud83d is half a character", id="a first half"),
        pytest.param(
            rb'{"\udE00": 1}', r"body: not JSON text, \ude00 is half a character", id="a second half"
        ),
        pytest.param(
            b"[" * 100_000, f"body: nested too deep, at most {DEPTH_LIMIT} levels", id="too deep to read"
        ),
    ],
)
def test_what_is_not_json_is_refused_with_what_and_where(body, said):
    with pytest.raises(BodyUnreadable) as refusal:
        decode(body)

    assert said == str(refusal.value)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"9" * 5000, id="a long integer"),
        pytest.param(b'\xef\xbb\xbf"a"', id="a byte order mark"),
    ],
)
def test_what_python_alone_refuses_is_refused_in_one_line_too(body):
    with pytest.raises(BodyUnreadable) as refusal:
        decode(body)

    assert ("body: not JSON, ", 1) == (str(refusal.value)[:16], len(str(refusal.value).splitlines()))


@pytest.mark.parametrize("innermost", [b"", b"1"], ids=["around nothing", "around a number"])
def test_nesting_up_to_the_limit_is_read(innermost):
    nested = b"[" * (DEPTH_LIMIT - 1) + innermost + b"]" * (DEPTH_LIMIT - 1)
    value = decode(b"[[], " + nested + b"]")

    assert 2 == len(value)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a": ', b"}")], ids=["arrays", "objects"])
def test_nesting_over_the_limit_is_refused(opening, closing):
    with pytest.raises(BodyUnreadable) as refusal:
        decode(opening * (DEPTH_LIMIT + 1) + b"1" + closing * (DEPTH_LIMIT + 1))

    assert f"body: nested too deep, at most {DEPTH_LIMIT} levels" == str(refusal.value)


def test_many_brackets_side_by_side_are_not_deep():
    assert [[]] * 5000 == decode(b"[" + b",".join([b"[]"] * 5000) + b"]")
