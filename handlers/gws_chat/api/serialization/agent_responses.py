"""Responses to agents."""

from collections.abc import Iterable

from gws_chat.api.serialization import JsonObject, success
from gws_chat.api.serialization.resources import chat_path, message, participants, uri_and_path
from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import Chat

SUBRESOURCES = ("devices", "calls", "channels", "interactions", "chats")


def acknowledgement(_: Agent) -> JsonObject:
    """Acknowledge an operation. Its outcome arrives as a notification."""
    return success()


def acknowledgement_with_reference(agent: Agent) -> JsonObject:
    """Acknowledge Invite or Consult. Documented: their response has the `referenceId`."""
    return success(referenceId=agent.operations_accepted)


def session_started(agent: Agent, channels: Iterable[str]) -> JsonObject:
    """Acknowledge StartContactCenterSession. Documented: 7 if the agent cannot have some of the channels.

    Documented: the channel chat is called multimedia here. Assumed: `statusCode` 5, and the names of other channels.
    """
    failed: list[JsonObject] = []
    succeeded: list[JsonObject] = []
    for channel in channels:
        name, obstacle = "multimedia" if channel == "chat" else channel, agent.obstacle_to(channel)
        if obstacle is None:
            succeeded.append(success(channel=name))
        else:
            failed.append({"statusCode": 5, "statusMessage": obstacle, "channel": name})
    return {"statusCode": 7, "failed": failed, "succeeded": succeeded} if failed else success()


def user_response(agent: Agent, external_url: str, subresources: str | None, chats: Iterable[Chat]) -> JsonObject:
    """Return an agent with the requested subresources.

    Only chats are emulated, so the other subresources are empty. An account without the chat feature has no `chats`.
    """
    wanted = SUBRESOURCES if subresources == "*" else (subresources or "").split(",")
    embedded: JsonObject = {name: [] for name in SUBRESOURCES if name in wanted and name != "chats"}
    if "chats" in wanted and agent.may_chat:
        embedded["chats"] = [_chat(each, agent, external_url) for each in chats]
    features = sorted(agent.features)
    identity = {"id": agent.id, "userName": agent.user_name, **uri_and_path(agent.path, external_url)}
    return success(user={**identity, "features": features, **embedded})


def chat_response(shown: Chat, agent: Agent, external_url: str) -> JsonObject:
    return success(chat=_chat(shown, agent, external_url))


def chats_response(listed: Iterable[Chat], agent: Agent, external_url: str, *, in_full: bool) -> JsonObject:
    """Return the chats in full, or only their URIs."""
    if in_full:
        return success(chats=[_chat(each, agent, external_url) for each in listed])
    return success(uris=[external_url + chat_path(each.id) for each in listed])


def messages_response(shown: Chat, external_url: str) -> JsonObject:
    return success(messages=[message(each, external_url) for each in shown.messages])


def _chat(shown: Chat, agent: Agent, external_url: str) -> JsonObject:
    return {
        "id": shown.id,
        "state": shown.participation_of(agent).state,
        "capabilities": list(shown.capabilities_of(agent)),
        "participants": participants(shown.participants, external_url),
        "userData": shown.user_data,
        "receivedDate": shown.received_at.isoformat(timespec="milliseconds"),
        **uri_and_path(chat_path(shown.id), external_url),
    }
