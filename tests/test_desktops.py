"""The logins of five public agent desktops, replayed request by request, each followed by a whole chat.

The requests are those that the desktops send, with their unusual members, parameters and orders. All start their
session after the CometD handshake, and all expect HTTP 200 and `statusCode` 0.
"""

from typing import Any, NamedTuple

import httpx2
import pytest

NOTIFICATIONS = "/api/v2/notifications"
ME = "/api/v2/me"
CHANNEL = "/api/v2/me/channels/chat"
AGENT1 = "78d54ce8d31e52ed81c91bc216049ecc"
NO_VALUES = {"place": None, "loginCode": None, "queue": None, "devicePath": None}
MOBILE = {"mobileDeviceId": "0123", "mobilePushType": "IOS"}


class Desktop(NamedTuple):
    """What a desktop requests before its session, the members that it cannot do without, and its session."""

    requests: list[str]
    members: list[tuple[str, ...]]  # each must be in one of the responses
    session: dict[str, Any]
    ready_path: str
    channels: list[str]


DESKTOPS = {
    "log_of_a_real_server": Desktop(
        [
            f"{ME}?subresources=features,devices,channels",
            "/api/v2/diagnostics/version",
            "/internal-api/contact-center?subresources=businessAttributes",
            "/internal-api/me/settings?fields=*",
            "/api/v2/services?fields=*",
            "/api/v2/me/groups?type=AgentGroup&fields=*",
            "/api/v2/groups?type=dispositions&fields=*",
            "/api/v2/workbins?fields=*",
            f"/api/v2/contacts/{AGENT1}?type=User",
        ],
        [("user", "features"), ("user", "devices"), ("services",), ("workbins",), ("settings",), ("contact", "name")],
        {"channels": ["voice", "chat"], "loginCode": "5001", "place": "Place5001", "queue": ""},
        CHANNEL,
        ["/v2/me/*"],
    ),
    "csharp_client": Desktop(
        [f"{ME}?subresources=*", "/api/v2/diagnostics/version"],
        [("user", "settings"), ("user", "roles"), ("version",)],
        {"channels": ["voice", "chat"], **NO_VALUES},
        ME,
        ["/**"],
    ),
    "amd_desktop": Desktop(
        [ME, "/api/v2/settings/agent-states?_=1732600000000"],
        [("user", "userName"), ("settings",)],
        {"channels": ["chat"], "place": "Place1"},
        CHANNEL,
        ["/v2/me/devices", "/v2/me/channels", "/v2/me/interactions", "/v2/me/chats", "/v2/me/workbins"],
    ),
    "widget": Desktop(
        [f"{ME}?subresources=features,devices,channels,settings", "/api/v2/contacts?types=User&offset=0&limit=100&{}"],
        [("user", "devices"), ("user", "settings"), ("contacts",), ("totalCount",)],
        {"channels": ["voice", "chat"]},
        ME,
        ["/v2/me/*"],
    ),
    "phone": Desktop(
        [
            f"{ME}?subresources=*",
            "/api/v2/settings/agent-states",
            "/internal-api/business-attributes",
            "/api/v2/contacts",
        ],
        [("user", "devices"), ("user", "settings", "interaction-workspace"), ("businessAttributes",), ("contacts",)],
        {"channels": ["voice", "chat"], "mobileSession": MOBILE},
        CHANNEL,
        ["/v2/me/calls", "/v2/me/chats", "/v2/me/channels", "/v2/me/devices"],
    ),
}


class Client:
    """A desktop's HTTP client. It sends its password with the first request, then only the cookie."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http
        self.client_id = ""

    def get(self, path: str, **options: Any) -> dict[str, Any]:
        response = self.http.get(path, **options)
        assert (200, 0) == (response.status_code, response.json()["statusCode"]), response.text
        return response.json()

    def perform(self, path: str, operation: str, **members: Any) -> None:
        response = self.http.post(path, json={"operationName": operation, **members})
        assert (200, {"statusCode": 0}) == (response.status_code, response.json())

    def send(self, channel: str, **members: Any) -> list[dict[str, Any]]:
        message = {"channel": channel, "id": "1", "clientId": self.client_id, **members}
        response = self.http.post(NOTIFICATIONS, json=[message])
        assert 200 == response.status_code, response.text
        return response.json()

    def listen(self, channels: list[str]) -> None:
        (reply,) = self.send("/meta/handshake", version="1.0", supportedConnectionTypes=["long-polling"])
        self.client_id = reply["clientId"]
        for channel in channels:
            (reply,) = self.send("/meta/subscribe", subscription=channel)
            assert reply["successful"]
        self.send("/meta/connect", connectionType="long-polling")

    def notifications(self) -> list[dict[str, Any]]:
        """Return the notifications that are queued."""
        replies = self.send("/meta/connect", connectionType="long-polling", advice={"timeout": 0})
        return [each["data"] for each in replies if not each["channel"].startswith("/meta/")]


def chat_states(notifications: list[dict[str, Any]]) -> list[str]:
    return [each["chat"]["state"] for each in notifications if each.get("notificationType") == "StatusChange"]


def ready_states(notifications: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    return [
        [(each["channel"], each["userState"]["state"]) for each in notification["channels"]]
        for notification in notifications
        if notification["messageType"] == "ChannelStateChangeMessageV2"
    ]


def has_member(response: dict[str, Any], path: tuple[str, ...]) -> bool:
    value: Any = response
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True


@pytest.fixture
def service(share):
    """Return the service with the scenario `desktop`. Only agent1 can be invited: the others have no session."""
    service = share("uvicorn", "--scenario", "desktop", "--notifications", "observed")
    for name, password in [("agent2", "secret2"), ("agent3", "secret3")]:
        end = {"operationName": "EndContactCenterSession"}
        assert 200 == httpx2.post(service.url + ME, json=end, auth=(name, password), trust_env=False).status_code
    return service


@pytest.fixture
def client(service):
    with httpx2.Client(base_url=service.url, trust_env=False) as http:
        yield Client(http)


@pytest.mark.observed
@pytest.mark.parametrize("name", DESKTOPS)
def test_desktop_logs_in_and_completes_a_chat(name, service, client):
    desktop = DESKTOPS[name]

    first, *others = desktop.requests
    responses = [client.get(first, auth=("agent1", "secret1")), *(client.get(each) for each in others)]
    assert [] == [each for each in desktop.members if not any(has_member(response, each) for response in responses)]
    client.listen(desktop.channels)
    client.perform(ME, "StartContactCenterSession", **desktop.session)
    client.notifications()
    client.perform(desktop.ready_path, "Ready")
    channels = ["chat"] if desktop.ready_path == CHANNEL else desktop.session["channels"]
    assert [[(each, "Ready") for each in channels]] == ready_states(client.notifications())

    body = {"operationName": "RequestChat", "nickname": "Eva"}
    httpx2.post(f"{service.url}/api/v2/chats", json=body, headers={"ContactCenterId": "any"}, trust_env=False)
    (invitation,) = client.notifications()
    assert "Invited" == invitation["chat"]["state"]
    chat = f"/api/v2/me{invitation['chat']['path']}"
    client.perform(chat, "Accept", nickname=None)
    client.perform(chat, "SendMessage", text="Hello", messageType=None)
    assert ["Chatting"] == chat_states(client.notifications())
    client.perform(chat, "Leave", text=None)
    client.perform(chat, "SetDisposition", disposition="not in the list")
    assert ["LeftChat"] == chat_states(client.notifications())
    client.perform(chat, "Complete")
    assert ["Completed"] == chat_states(client.notifications())

    client.perform(ME, "NotReady")
    assert [[(each, "NotReady") for each in desktop.session["channels"]]] == ready_states(client.notifications())
    client.perform(ME, "EndContactCenterSession")
    (reply,) = client.send("/meta/disconnect")
    assert (False, "402::Unknown client") == (reply["successful"], reply["error"])
    unknown = httpx2.get(f"{service.url}/simulation/unknown-requests", trust_env=False).json()
    assert [] == unknown["requests"]
