"""JSON of the API: `parameters` reads bodies and queries, the other modules create responses and notifications."""

from typing import Any, TypeAlias

JsonObject: TypeAlias = dict[str, Any]


def success(**content: object) -> JsonObject:
    return {"statusCode": 0, **content}
