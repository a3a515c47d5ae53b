"""Responses to agents."""

from collections.abc import Iterable

from gws_chat.api.serialization import JsonObject, success
from gws_chat.api.serialization.resources import chat_path, message_json, participants_json, uri_and_path
from gws_chat.api.serialization.user_states import channel_states
from gws_chat.api.serialization.users import device, feature, user
from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import Chat

DISPOSITIONS = "DispositionCode"  # the attribute is named after the default key of SetDisposition (assumed)
SETTINGS = {"interaction-workspace": {"interaction.disposition.value-business-attribute": DISPOSITIONS}}
"""The option by which a client finds the dispositions among the business attributes (observed)."""


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


def user_response(agent: Agent, external_url: str, subresources: str, chats: Iterable[Chat]) -> JsonObject:
    """Return an agent with the subresources in a comma-separated list. `*` stands for all; unknown names are ignored.

    Observed: `channels` and `channelStates` are absent without a session, `chats` and `interactions` without chats.
    Assumed: `interactions` repeats the chats, the only interactions that are emulated.
    """
    names = set(subresources.split(","))
    channels = channel_states(agent.ready_states)
    shown = [_chat(each, agent, external_url) for each in chats] if names & {"chats", "interactions", "*"} else []
    possibly_absent = {"channels": channels, "channelStates": channels, "chats": shown, "interactions": shown}
    contents = {
        "features": [feature(each, external_url) for each in sorted(agent.features)],
        "devices": [device(agent, external_url)],
        "settings": SETTINGS,
        "calls": [],
        **{name: content for name, content in possibly_absent.items() if content},
    }
    embedded = {name: content for name, content in contents.items() if name in names or "*" in names}
    return success(user={**user(agent, external_url), **embedded})


def features_response(features: Iterable[str], external_url: str, *, in_full: bool) -> JsonObject:
    """Return the features in full, or only their URIs (documented)."""
    shown = [feature(each, external_url) for each in features]
    return success(features=shown) if in_full else success(uris=[each["uri"] for each in shown])


def business_attributes_response(dispositions: Iterable[str]) -> JsonObject:
    """Return the dispositions as values of an attribute with documented members."""
    values = [_business_attribute(name) for name in dispositions]
    attribute = {**_business_attribute(DISPOSITIONS), "values": values}
    return success(businessAttributes=[attribute] if values else [])


def _business_attribute(name: str) -> JsonObject:
    return {"name": name, "displayName": name, "description": "", "userProperties": []}


def chat_response(chat: Chat, agent: Agent, external_url: str) -> JsonObject:
    return success(chat=_chat(chat, agent, external_url))


def chats_response(chats: Iterable[Chat], agent: Agent, external_url: str, *, in_full: bool) -> JsonObject:
    """Return the chats in full, or only their URIs."""
    if in_full:
        return success(chats=[_chat(each, agent, external_url) for each in chats])
    return success(uris=[external_url + chat_path(each.id) for each in chats])


def messages_response(chat: Chat, external_url: str) -> JsonObject:
    return success(messages=[message_json(each, external_url) for each in chat.messages])


def _chat(chat: Chat, agent: Agent, external_url: str) -> JsonObject:
    return {
        "id": chat.id,
        "state": chat.participation_of(agent).state,
        "capabilities": list(chat.capabilities_of(agent)),
        "participants": participants_json(chat.participants, external_url),
        "userData": chat.user_data,
        "receivedDate": chat.received_at.isoformat(timespec="milliseconds"),
        **uri_and_path(chat_path(chat.id), external_url),
    }
