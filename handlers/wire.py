"""The API's own spelling: the only camelCase in Python.

Reads bodies that the document has validated, and writes answers and notifications. Defaults are
applied here, where a body becomes an object: the document leaves absent what the client left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.domain.chat import MessageType, Text, TreatAs
from handlers.domain.complete import Completion
from handlers.domain.contact_center import Target
from handlers.domain.customer import ChatRequest
from handlers.domain.events import (
    InvitationRejected,
    MessagesWritten,
    ParticipantsChanged,
    PropertiesChanged,
    StatusChanged,
)
from handlers.domain.remove import Removal
from handlers.domain.transfer import Handover
from handlers.journal import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from handlers.domain.agent import Agent
    from handlers.domain.capabilities import Capability
    from handlers.domain.chat import Chat, Message, Participant
    from handlers.domain.customer_view import CustomerView
    from handlers.domain.events import Event
    from handlers.gateway.request_log import Noted
    from handlers.journal import Entry

    ChatEvent = StatusChanged | ParticipantsChanged | InvitationRejected | PropertiesChanged

JSON = dict[str, Any]
SUBRESOURCES = ("devices", "calls", "channels", "interactions", "chats")


# What comes in


def operation_name(body: JSON) -> str:
    return str(body["operationName"])


def nothing(_: JSON) -> None:
    """Read the parameters of an operation that has none."""


def text(body: JSON) -> Text:
    """Read `text` with `messageType` and `treatAs`."""
    return Text(body["text"], body.get("messageType", "Text"), TreatAs(body.get("treatAs", "Normal")))


def last_words(body: JSON) -> Text | None:
    """Read `text`, `messageType` and `treatAs` where they may be absent: together or not at all."""
    return text(body) if "text" in body else None


def notice(body: JSON) -> Text:
    return Text(body["noticeText"])


def nickname(body: JSON) -> str | None:
    return body.get("nickname")


def target(body: JSON) -> Target:
    """Read whom an operation asks in: `targetUri`, `targetPath` or `queueName`."""
    if "queueName" in body:
        return Target(queue=body["queueName"])
    return Target(path=_target_path(body))


def handover(body: JSON) -> Handover:
    return Handover(target(body), last_words(body))


def completion(body: JSON) -> Completion:
    return Completion(last_words(body), body.get("queueName"))


def removal(body: JSON) -> Removal:
    return Removal(_target_path(body), last_words(body))


def user_data(body: JSON) -> dict[str, Any]:
    return dict(body["userData"])


def keys(body: JSON) -> list[str]:
    return list(body["keys"])


def disposition(body: JSON) -> dict[str, Any]:
    """Read the disposition as the user data it becomes."""
    return {body.get("dispositionKey", "DispositionCode"): body["disposition"]}


def channels(body: JSON) -> list[str]:
    """Read the channels of a contact-centre session: chat if none are named (decided)."""
    return list(body.get("channels", ["chat"]))


def chat_request(body: JSON) -> ChatRequest:
    """Read what a customer asks for; the subject becomes user data, as `Subject` (decided)."""
    subject = {"Subject": body["subject"]} if "subject" in body else {}
    return ChatRequest(body["nickname"], {**body.get("userData", {}), **subject})


def seed(body: JSON) -> int | None:
    return body.get("seed")


def keeps_sessions(body: JSON) -> bool:
    """Read whether sessions outlive a reset: they end if nothing is said (decided)."""
    return bool(body.get("sessions") == "keep")


def new_chat(body: JSON) -> JSON:
    """Read a chat as an entry of a scenario file: without a customer, the customer has gone."""
    return {"customer": None, **body}


def user_name(body: JSON) -> str | None:
    return body.get("agent")


def fault(body: JSON) -> JSON:
    """Read a fault as the keywords that make one."""
    return {_FAULT[name]: value for name, value in body.items()}


_FAULT = {
    "effect": "effect",
    "times": "times",
    "agent": "user_name",
    "path": "path",
    "operationName": "operation_name",
    "chat": "chat_id",
    "kind": "kind",
    "seconds": "seconds",
    "status": "status",
    "statusCode": "status_code",
    "statusMessage": "message",
}


def seconds(body: JSON) -> float:
    return float(body["advance"])


def _target_path(body: JSON) -> str:
    """Of an address only the last two segments count, `/users/{id}`: its host and prefix are ignored."""
    address = str(body.get("targetPath", body.get("targetUri")))
    return "/" + "/".join(address.rstrip("/").split("/")[-2:])


# What goes out


def success(**content: object) -> JSON:
    return {"statusCode": 0, **content}


def taken(_: Agent) -> JSON:
    """Answer an operation; what it did is told by notifications."""
    return success()


def taken_with_reference(agent: Agent) -> JSON:
    """Answer Invite and Consult (documented), whose outcome is told much later, with their `referenceId`."""
    return success(referenceId=agent.operations_accepted)


def failure(status_code: int, message: str) -> JSON:
    return {"statusCode": status_code, "statusMessage": message}


def health() -> JSON:
    return success(status="ready")


def user(agent: Agent, external_url: str, subresources: str | None) -> JSON:
    """Show an agent, with the subresources asked for.

    Only chats are emulated: of the others there are none. An account without the chat feature has no `chats`.
    """
    wanted = SUBRESOURCES if subresources == "*" else (subresources or "").split(",")
    embedded: JSON = {name: [] for name in SUBRESOURCES if name in wanted and name != "chats"}
    if "chats" in wanted and agent.may_chat:
        embedded["chats"] = [_chat_resource(chat, agent, external_url) for chat in agent.chats.values()]
    return success(
        user={
            "id": agent.id,
            "userName": agent.user_name,
            **_address(agent.path, external_url),
            "features": sorted(agent.features),
            **embedded,
        }
    )


def chat(chat: Chat, agent: Agent, external_url: str) -> JSON:
    return success(chat=_chat_resource(chat, agent, external_url))


def chats(chats: Iterable[Chat], agent: Agent, external_url: str, *, in_full: bool) -> JSON:
    if in_full:
        return success(chats=[_chat_resource(chat, agent, external_url) for chat in chats])
    return success(uris=[external_url + _chat_path(chat.id) for chat in chats])


def messages(chat: Chat, external_url: str) -> JSON:
    return success(messages=[_message(message, external_url) for message in chat.messages])


def chat_made(view: CustomerView) -> JSON:
    """Answer with both ids of a chat: the agents', and the customer's."""
    return success(id=view.chat.id, customerId=view.id)


def requested(view: CustomerView) -> JSON:
    """Answer RequestChat with the customer's own id of the chat."""
    return {"id": view.id, "path": f"/api/v2{_chat_path(view.id)}", **success()}


def customer_chat(view: CustomerView) -> JSON:
    """Show a chat to its customer, with the members of the vendor's samples: no user data, no agent's id."""
    return success(
        chat={
            "id": view.id,
            "state": view.state,
            "capabilities": _names(view.capabilities),
            "participants": [_seen_participant(view, each) for each in view.participants],
        }
    )


def customer_messages(view: CustomerView, index: int) -> JSON:
    """Show a customer the messages from this index on."""
    return success(messages=[_seen_message(view, message) for message in view.since(index)])


def journal(entries: Iterable[Entry], position: int, document_of: Callable[[Told], JSON]) -> JSON:
    """Show what was asked and told; `document_of` returns what was told."""
    return success(position=position, entries=[_journal_entry(entry, document_of) for entry in entries])


def _journal_entry(entry: Entry, document_of: Callable[[Told], JSON]) -> JSON:
    content = entry.content
    return {
        "position": entry.position,
        "at": entry.at.isoformat(timespec="milliseconds"),
        "kind": entry.kinds[0],
        **_given(agent=entry.user_name, chat=entry.chat_id),
        **(
            {"sessions": content.sessions, "notification": document_of(content)}
            if isinstance(content, Told)
            else _request(content)
        ),
    }


def _request(request: Noted) -> JSON:
    return {
        "method": request.method,
        "path": request.path,
        **_given(
            operation=request.operation,
            status=request.status,
            statusCode=request.status_code,
            statusMessage=request.reason,
        ),
    }


def _given(**members: object) -> JSON:
    return {name: value for name, value in members.items() if value is not None}


def notification(event: Event, external_url: str) -> JSON:
    """Write an event as the document that its agent is told."""
    return _NOTIFICATIONS[type(event)](event, external_url)


def extended(clock: Callable[[], datetime]) -> Callable[[Event, str], JSON]:
    """Make what writes events as real servers were seen to: all that is documented, and more."""

    def write(event: Event, external_url: str) -> JSON:
        document = notification(event, external_url)
        if "chat" in document:
            gone: JSON = (
                {} if "capabilities" in document["chat"] else {"capabilities": [], "participants": []}
            )
            document["chat"] |= {**gone, "path": _chat_path(event.chat_id)}
        return document | {"metrics": _metrics(clock())}

    return write


def _chat_resource(chat: Chat, agent: Agent, external_url: str) -> JSON:
    return {
        "id": chat.id,
        "state": chat.seat_of(agent).state,
        "capabilities": _names(chat.capabilities_of(agent)),
        "participants": _participants(chat.participants, external_url),
        "userData": chat.user_data,
        "receivedDate": chat.received_at.isoformat(timespec="milliseconds"),
        **_address(_chat_path(chat.id), external_url),
    }


def _chat_changed(event: StatusChanged | ParticipantsChanged | InvitationRejected, external_url: str) -> JSON:
    listed = event.participants
    members = {} if listed is None else {"participants": _participants(listed, external_url)}
    return _chat_state_change(event, external_url, **members)


def _properties_updated(event: PropertiesChanged, external_url: str) -> JSON:
    return _chat_state_change(event, external_url, userData=event.user_data)


def _chat_state_change(event: ChatEvent, external_url: str, **members: object) -> JSON:
    """Write exactly the members of the page's samples, in the page's order."""
    reference = {} if event.reference_id is None else {"referenceId": event.reference_id}
    capabilities = {} if event.capabilities is None else {"capabilities": _names(event.capabilities)}
    return {
        "messageType": "ChatStateChangeMessage",
        **reference,
        "notificationType": KINDS[type(event)],
        "chat": {
            "state": event.state,
            **capabilities,
            **members,
            "id": event.chat_id,
            "uri": external_url + _chat_path(event.chat_id),
        },
    }


def _new_messages(event: MessagesWritten, external_url: str) -> JSON:
    """Some clients find the chat by `chatUri` only, others by `chatPath` only: both are told."""
    path = _chat_path(event.chat_id)
    return {
        "messageType": "MessageLogUpdated",
        "notificationType": KINDS[MessagesWritten],
        "messages": [_message(message, external_url) for message in event.messages],
        "chatUri": external_url + path,
        "chatPath": path,
    }


_NOTIFICATIONS: dict[type[Event], Callable[[Any, str], JSON]] = {
    StatusChanged: _chat_changed,
    ParticipantsChanged: _chat_changed,
    InvitationRejected: _chat_changed,
    PropertiesChanged: _properties_updated,
    MessagesWritten: _new_messages,
}


KINDS: dict[type[Event], str] = {
    StatusChanged: "StatusChange",
    ParticipantsChanged: "ParticipantsUpdated",
    InvitationRejected: "Error",
    PropertiesChanged: "PropertiesUpdated",
    MessagesWritten: "NewMessages",
}
"""What each event has for `notificationType`."""


SHAPES: dict[str, Callable[[Callable[[], datetime]], Callable[[Event, str], JSON]]] = {
    "documented": lambda _: notification,
    "extended": extended,
}
"""What a scenario's `notifications` may be. Each is given the clock, and makes what writes an event."""


def _message(message: Message, external_url: str) -> JSON:
    return {
        "index": message.index,
        "type": message.type,
        "from": _participant(message.sender, external_url),
        **_written(message),
        "visibility": message.visibility,
        **_when(message),
    }


def _seen_message(view: CustomerView, message: Message) -> JSON:
    return {
        "index": message.index,
        "type": message.type,
        "from": _seen_participant(view, message.sender),
        **_written(message),
        **_when(message),
    }


def _when(message: Message) -> JSON:
    # documented under the second name, and in milliseconds all the same
    written_at = message.written_at
    return {"timestamp": _timestamp(written_at), "timestampSeconds": _milliseconds(written_at)}


def _written(message: Message) -> JSON:
    """What was written; the two parameters only where they say something (decided)."""
    text = message.text
    if text is None:
        return {}
    if message.type is MessageType.CUSTOM_NOTICE:
        return {"noticeText": text.text}
    message_type = {} if text.message_type == "Text" else {"messageType": text.message_type}
    treat_as = {} if text.treat_as is TreatAs.NORMAL else {"treatAs": text.treat_as}
    return {"text": text.text, **message_type, **treat_as}


def _participants(participants: Iterable[Participant], external_url: str) -> list[JSON]:
    return [_participant(participant, external_url) for participant in participants]


def _participant(participant: Participant, external_url: str) -> JSON:
    agent = participant.agent
    return {
        "nickname": participant.nickname,
        "type": "Customer" if agent is None else "Agent",
        "participantId": participant.id,
        "visibility": participant.visibility,
        **({} if agent is None else {"id": agent.id, **_address(agent.path, external_url)}),
    }


def _seen_participant(view: CustomerView, participant: Participant) -> JSON:
    return {
        "nickname": participant.nickname,
        "participantId": view.participant_id(participant),
        "type": "Customer" if participant.agent is None else "Agent",
    }


def _names(capabilities: Iterable[Capability]) -> list[str]:
    return list(capabilities)


def _chat_path(chat_id: str) -> str:
    return f"/chats/{chat_id}"


def _address(path: str, external_url: str) -> JSON:
    return {"uri": external_url + path, "path": path}


def _metrics(moment: datetime) -> JSON:
    """Write when it happened; that it took no time is decided."""
    return {
        "eventProcessing": {
            "nodeProcessingTimeNanos": 0,
            "serverGenerationTimestamp": _milliseconds(moment),
            "serverProcessingTimeTotalMs": 0,
        }
    }


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _timestamp(moment: datetime) -> str:
    """Write the samples' own form: 2014-01-09 12:13:15.009+0200."""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}{moment:%z}"
