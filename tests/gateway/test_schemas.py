"""Validation errors name the field, the rule and the value of the most important fault."""

import pytest

from gws_chat.gateway.errors import ParameterInvalid, ParameterMissing, ParameterOutOfRange
from gws_chat.gateway.schemas import CompiledSchema

ORDER = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "x-dependencies": {"note": ["name", "pieces"]},
    "not": {"required": ["note"], "not": {"required": ["name", "pieces"]}},
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z]*$"},
        "pieces": {"type": "integer", "minimum": 1, "maximum": 9},
        "size": {"enum": ["S", "L"]},
        "tags": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}},
        "data": {"type": "object", "minProperties": 1, "maxProperties": 2, "not": {"required": ["secret"]}},
        "either": {"type": ["integer", "null"]},
        "note": {"type": "string"},
    },
}
TURN = {
    "oneOf": [
        {
            "type": "object",
            "required": ["kind", "degrees"],
            "additionalProperties": False,
            "properties": {"kind": {"enum": ["left"]}, "degrees": {"type": "integer", "maximum": 360}},
        },
        {
            "type": "object",
            "required": ["kind"],
            "additionalProperties": False,
            "x-dependencies": {"how": ["why"]},
            "not": {"required": ["how"], "not": {"required": ["why"]}},
            "properties": {"kind": {"enum": ["back"]}, "how": {"type": "string"}, "why": {"type": "string"}},
        },
    ],
    "discriminator": {"propertyName": "kind"},
}
ITEM = {"anyOf": [{"type": "object", "required": ["channel"]}, {"type": "integer", "maximum": 3}]}
BATCH = {"anyOf": [{"type": "array", "minItems": 2, "items": ITEM}, {"type": "object", "required": ["channel"]}]}
OPEN = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "nullable": True},
        "size": {"type": "string", "nullable": True, "enum": ["S", "L", None]},
        "data": {"type": "object", "nullable": True},
    },
}
OPEN_TURN = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["left"]}}}
LIST = {"properties": {"list": {"type": "array", "items": {"type": "string"}}}}
KIND = {"discriminator": {"propertyName": "kind"}}
PROPERTIES = "name, pieces, size, tags, data, either, note"


def pen(**properties):
    return {"name": "pen", **properties}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        pytest.param(ORDER, pen(pieces=2, note="x", either=None), id="object"),
        pytest.param(TURN, {"kind": "left", "degrees": 90}, id="first of oneOf"),
        pytest.param(TURN, {"kind": "back", "how": "fast", "why": "late"}, id="second of oneOf"),
        pytest.param(BATCH, [{"channel": "a"}, 3], id="first of anyOf"),
        pytest.param(BATCH, {"channel": "a"}, id="second of anyOf"),
    ],
)
def test_valid_value_is_accepted(schema, value):
    assert value == CompiledSchema(schema, "body").validate(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": None}, {}),
        ({"name": None, "data": {"a": None}}, {"data": {"a": None}}),
        ({"name": None, "other": None}, {"other": None}),
        ({"name": "pen", "size": None}, {"name": "pen"}),
    ],
)
def test_null_in_a_nullable_property_is_removed(value, expected):
    assert expected == CompiledSchema(OPEN, "body").validate(value)


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        pytest.param(OPEN, {"name": "pen", "b": 1, "a": None}, ["b", "a"], id="open"),
        pytest.param(OPEN, ["name"], [], id="array"),
        pytest.param({"oneOf": [OPEN_TURN], **KIND}, {"kind": "left", "b": 1}, ["b"], id="discriminator"),
        pytest.param(ORDER, {"name": "pen", "b": 1}, [], id="additionalProperties false"),
        pytest.param({**OPEN, "additionalProperties": True}, {"b": 1}, [], id="additionalProperties true"),
        pytest.param(BATCH, [{"channel": "a", "b": 1}], [], id="anyOf"),
    ],
)
def test_members_that_no_schema_mentions_are_ignored(schema, value, expected):
    assert expected == CompiledSchema(schema, "body").ignored_names(value)


MISSING = [
    (ORDER, {}, "name: required, but missing"),
    (ORDER, {"name": None}, "name: required, but missing"),
    (TURN, {"kind": None}, "kind: required, but missing"),
    (ORDER, pen(note="x"), "pieces: required together with note, but missing"),
    (TURN, {"degrees": 5}, "kind: required, but missing"),
    (TURN, {"kind": "left"}, "degrees: required, but missing"),
    (TURN, {"kind": "back", "how": "fast"}, "why: required together with how, but missing"),
    (BATCH, {}, "channel: required, but missing"),
    (BATCH, [{}, 3], "0.channel: required, but missing"),
]
INVALID = [
    (ORDER, pen(color="red"), f"color: unknown parameter, allowed: {PROPERTIES}"),
    (ORDER, pen(**{"x" * 70: 1}), f"{'x' * 64}...: unknown parameter, allowed: {PROPERTIES}"),
    (ORDER, pen(**{"a\nb": 1}), rf"a\nb: unknown parameter, allowed: {PROPERTIES}"),
    (ORDER, pen(**{"": 1}), f'"": unknown parameter, allowed: {PROPERTIES}'),
    (ORDER, [], "body: must be an object, got []"),
    (ORDER, None, "body: must be an object, got null"),
    (ORDER, {"name": 5}, "name: must be a string, got 5"),
    (ORDER, pen(either="x"), 'either: must be an integer or a null, got "x"'),
    (ORDER, {"name": "PEN"}, 'name: must match ^[a-z]*$, got "PEN"'),
    (ORDER, pen(size="M"), 'size: must be S or L, got "M"'),
    (OPEN, {"size": "M"}, 'size: must be S or L, got "M"'),
    (ORDER, pen(pieces=None), "pieces: must be an integer, got null"),
    ({**OPEN, "required": ["list"], **LIST}, {"list": [None]}, "list.0: must be a string, got null"),
    (ORDER, pen(size="M" * 70), f'size: must be S or L, got "{"M" * 63}...'),
    (ORDER, pen(tags=["a", 5]), "tags.1: must be a string, got 5"),
    (ORDER, pen(data={"secret": 1}), 'data: must match its schema in openapi.yaml, got {"secret": 1}'),
    (TURN, 5, "body: must be an object, got 5"),
    (TURN, {"kind": ["left"]}, 'kind: must be a string, got ["left"]'),
    (TURN, {"kind": "up"}, 'kind: must be one of left, back, got "up"'),
    (TURN, {"kind": "back", "degrees": 5}, "degrees: unknown parameter, allowed: kind, how, why"),
    (BATCH, 5, "body: must be an array or an object, got 5"),
]
OUT_OF_RANGE = [
    (ORDER, {"name": ""}, "name: must be 1 to 5 characters, got 0"),
    (ORDER, {"name": "pencil"}, "name: must be 1 to 5 characters, got 6"),
    (ORDER, pen(pieces=0), "pieces: must be 1 to 9, got 0"),
    (ORDER, pen(pieces=10), "pieces: must be 1 to 9, got 10"),
    (ORDER, pen(tags=[]), "tags: must be 1 to 2 items, got 0"),
    (ORDER, pen(tags=["a", "b", "c"]), "tags: must be 1 to 2 items, got 3"),
    (ORDER, pen(data={}), "data: must be 1 to 2 properties, got 0"),
    (ORDER, pen(data={"a": 1, "b": 2, "c": 3}), "data: must be 1 to 2 properties, got 3"),
    (BATCH, [3], "body: must be at least 2 items, got 1"),
    (BATCH, [4, 3], "0: must be at most 3, got 4"),
]
FAULTS = [
    pytest.param(schema, value, kind, message, id=message)
    for kind, faults in ((ParameterMissing, MISSING), (ParameterInvalid, INVALID), (ParameterOutOfRange, OUT_OF_RANGE))
    for schema, value, message in faults
]


@pytest.mark.parametrize(("schema", "value", "kind", "message"), FAULTS)
def test_error_names_field_rule_and_value(schema, value, kind, message):
    with pytest.raises(kind) as rejected:
        CompiledSchema(schema, "body").validate(value)

    assert (kind, message) == (type(rejected.value), str(rejected.value))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param({"color": "red", "pieces": 0}, ParameterMissing, id="missing, unknown, out of range"),
        pytest.param({"name": "", "note": 5}, ParameterMissing, id="dependency missing, type, out of range"),
        pytest.param({"name": "", "color": "red"}, ParameterInvalid, id="unknown, out of range"),
        pytest.param({"name": "", "pieces": "x"}, ParameterInvalid, id="type, out of range"),
    ],
)
def test_of_several_faults_the_first_kind_is_reported(value, kind):
    with pytest.raises((ParameterMissing, ParameterInvalid, ParameterOutOfRange)) as rejected:
        CompiledSchema(ORDER, "body").validate(value)

    assert kind is type(rejected.value)
