"""The features and dispositions of the contact center, beside the examples in openapi.yaml."""

import pytest

from gws_chat.api.serialization import agent_responses
from tests.documents import URL


@pytest.mark.documented
def test_features_in_full_are_objects():
    (shown,) = agent_responses.features_response(["api-multimedia-chat"], URL, in_full=True)["features"]

    assert {
        "id": "api-multimedia-chat",
        "displayName": "Multimedia Chat API",
        "description": "API for Multimedia Chat",
        "autoAssignOnContactCenterCreate": True,
        "uri": f"{URL}/features/api-multimedia-chat",
        "path": "/features/api-multimedia-chat",
    } == shown


async def test_features_of_all_agents_are_listed(agent):
    response = await agent("voiceonly").get("/api/v2/features?fields=*")

    assert ["api-multimedia", "api-voice"] == [feature["id"] for feature in response["features"]]


@pytest.mark.observed
def test_without_dispositions_there_is_no_attribute():
    assert {"statusCode": 0, "businessAttributes": []} == agent_responses.business_attributes_response([])


async def test_unlisted_disposition_is_accepted(agent):
    body = {"operationName": "SetDisposition", "disposition": "Unlisted"}

    assert 200 == (await agent("agent1").perform("0071023821aec011", body)).status_code
