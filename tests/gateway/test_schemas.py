"""What is wrong with a value is told by field, rule and value, the most telling fault first."""

import pytest

from handlers.gateway.errors import ParameterInvalid, ParameterMissing, ParameterOutOfRange
from handlers.gateway.schemas import CompiledSchema

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
BATCH = {
    "anyOf": [
        {
            "type": "array",
            "minItems": 1,
            "items": {
                "anyOf": [{"type": "object", "required": ["channel"]}, {"type": "integer", "maximum": 3}]
            },
        },
        {"type": "object", "required": ["channel"]},
    ]
}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        pytest.param(ORDER, {"name": "pen", "pieces": 2, "note": "x", "either": None}, id="an object"),
        pytest.param(TURN, {"kind": "left", "degrees": 90}, id="the first of one"),
        pytest.param(TURN, {"kind": "back", "how": "fast", "why": "late"}, id="the second of one"),
        pytest.param(BATCH, [{"channel": "a"}, 3], id="the first of any"),
        pytest.param(BATCH, {"channel": "a"}, id="the second of any"),
    ],
)
def test_a_value_that_fits_is_accepted(schema, value):
    assert CompiledSchema(schema, "body").validate(value) is None


@pytest.mark.parametrize(
    ("schema", "value", "kind", "said"),
    [
        pytest.param(ORDER, {}, ParameterMissing, "name: required, but missing", id="a property missing"),
        pytest.param(
            ORDER,
            {"name": "pen", "note": "x"},
            ParameterMissing,
            "pieces: required where note is given, but missing",
            id="a property missing for another",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "color": "red"},
            ParameterInvalid,
            "color: unknown, known here: name, pieces, size, tags, data, either, note",
            id="a property unknown",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "x" * 70: 1},
            ParameterInvalid,
            f"{'x' * 64}...: unknown, known here: name, pieces, size, tags, data, either, note",
            id="a long property unknown",
        ),
        pytest.param(
            ORDER, [], ParameterInvalid, "body: must be an object, not []", id="the whole of a wrong type"
        ),
        pytest.param(ORDER, None, ParameterInvalid, "body: must be an object, not null", id="the whole null"),
        pytest.param(ORDER, {"name": 5}, ParameterInvalid, "name: must be a string, not 5", id="type"),
        pytest.param(
            ORDER,
            {"name": "pen", "either": "x"},
            ParameterInvalid,
            'either: must be an integer or a null, not "x"',
            id="one of two types",
        ),
        pytest.param(
            ORDER, {"name": "PEN"}, ParameterInvalid, 'name: must match ^[a-z]*$, not "PEN"', id="pattern"
        ),
        pytest.param(
            ORDER, {"name": "pen", "size": "M"}, ParameterInvalid, 'size: must be S or L, not "M"', id="enum"
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "size": "M" * 70},
            ParameterInvalid,
            f'size: must be S or L, not "{"M" * 63}...',
            id="enum of a long value",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "tags": ["a", 5]},
            ParameterInvalid,
            "tags.1: must be a string, not 5",
            id="an item of a wrong type",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "data": {"secret": 1}},
            ParameterInvalid,
            'data: must be as the document says, not {"secret": 1}',
            id="a rule without words of its own",
        ),
        pytest.param(
            ORDER,
            {"name": ""},
            ParameterOutOfRange,
            "name: must be at least 1 characters, not 0",
            id="minLength",
        ),
        pytest.param(
            ORDER,
            {"name": "pencil"},
            ParameterOutOfRange,
            "name: must be at most 5 characters, not 6",
            id="maxLength",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "pieces": 0},
            ParameterOutOfRange,
            "pieces: must be at least 1, not 0",
            id="minimum",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "pieces": 10},
            ParameterOutOfRange,
            "pieces: must be at most 9, not 10",
            id="maximum",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "tags": []},
            ParameterOutOfRange,
            "tags: must be at least 1 items, not 0",
            id="minItems",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "tags": ["a", "b", "c"]},
            ParameterOutOfRange,
            "tags: must be at most 2 items, not 3",
            id="maxItems",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "data": {}},
            ParameterOutOfRange,
            "data: must be at least 1 properties, not 0",
            id="minProperties",
        ),
        pytest.param(
            ORDER,
            {"name": "pen", "data": {"a": 1, "b": 2, "c": 3}},
            ParameterOutOfRange,
            "data: must be at most 2 properties, not 3",
            id="maxProperties",
        ),
        pytest.param(
            TURN, 5, ParameterInvalid, "body: must be an object, not 5", id="a choice among no objects"
        ),
        pytest.param(
            TURN,
            {"degrees": 5},
            ParameterMissing,
            "kind: required, but missing",
            id="the property that chooses missing",
        ),
        pytest.param(
            TURN,
            {"kind": ["left"]},
            ParameterInvalid,
            'kind: must be a string, not ["left"]',
            id="the property that chooses of a wrong type",
        ),
        pytest.param(
            TURN,
            {"kind": "up"},
            ParameterInvalid,
            'kind: must be one of left, back, not "up"',
            id="the property that chooses unknown",
        ),
        pytest.param(
            TURN,
            {"kind": "left"},
            ParameterMissing,
            "degrees: required, but missing",
            id="a property missing in the chosen one",
        ),
        pytest.param(
            TURN,
            {"kind": "back", "degrees": 5},
            ParameterInvalid,
            "degrees: unknown, known here: kind, how, why",
            id="a property of the other one",
        ),
        pytest.param(
            TURN,
            {"kind": "back", "how": "fast"},
            ParameterMissing,
            "why: required where how is given, but missing",
            id="a property missing for another in the chosen one",
        ),
        pytest.param(
            BATCH,
            [],
            ParameterOutOfRange,
            "body: must be at least 1 items, not 0",
            id="the branch of the type",
        ),
        pytest.param(
            BATCH, {}, ParameterMissing, "channel: required, but missing", id="the branch of the other type"
        ),
        pytest.param(
            BATCH,
            5,
            ParameterInvalid,
            "body: must be an array or an object, not 5",
            id="a type that no branch has",
        ),
    ],
)
def test_a_fault_is_told_with_field_rule_and_value(schema, value, kind, said):
    with pytest.raises(kind) as refusal:
        CompiledSchema(schema, "body").validate(value)

    assert (kind, said) == (type(refusal.value), str(refusal.value))


@pytest.mark.parametrize(
    ("item", "kind", "said"),
    [
        pytest.param({}, ParameterMissing, "0.channel: required, but missing", id="of the first branch"),
        pytest.param(4, ParameterOutOfRange, "0: must be at most 3, not 4", id="of the second branch"),
    ],
)
def test_in_a_branch_within_a_branch_the_one_whose_type_fits_is_spoken_of(item, kind, said):
    with pytest.raises(kind) as refusal:
        CompiledSchema(BATCH, "body").validate([item])

    assert said == str(refusal.value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param({"color": "red", "pieces": 0}, ParameterMissing, id="missing before unknown and range"),
        pytest.param(
            {"name": "", "note": 5}, ParameterMissing, id="missing for another before type and range"
        ),
        pytest.param({"name": "", "color": "red"}, ParameterInvalid, id="unknown before range"),
        pytest.param({"name": "", "pieces": "x"}, ParameterInvalid, id="type before range"),
    ],
)
def test_of_several_faults_the_first_kind_is_told(value, kind):
    with pytest.raises((ParameterMissing, ParameterInvalid, ParameterOutOfRange)) as refusal:
        CompiledSchema(ORDER, "body").validate(value)

    assert kind is type(refusal.value)


def test_a_line_break_in_an_unknown_name_makes_no_second_line():
    with pytest.raises(ParameterInvalid) as refusal:
        CompiledSchema(ORDER, "body").validate({"name": "pen", "a\nb": 1})

    assert 1 == len(str(refusal.value).splitlines())
