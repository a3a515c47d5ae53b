"""Responses to customers. They have the members of the vendor's samples: no user data, no agent IDs."""

from gws_chat.api.serialization import JsonObject, success
from gws_chat.api.serialization.resources import chat_path, text_members, time_members
from gws_chat.domain.chat import Chat
from gws_chat.domain.customer import customer_capabilities, customer_participants, customer_state
from gws_chat.domain.transcript import CustomerTranscript, Message, Participant


def chat_requested_response(transcript: CustomerTranscript) -> JsonObject:
    """Return the response to RequestChat: the customer's own ID of the chat."""
    return {"id": transcript.id, "path": f"/api/v2{chat_path(transcript.id)}", **success()}


def chat_response(chat: Chat, transcript: CustomerTranscript) -> JsonObject:
    return success(
        chat={
            "id": transcript.id,
            "state": customer_state(chat),
            "capabilities": list(customer_capabilities(chat)),
            "participants": [_participant(transcript, each) for each in customer_participants(chat)],
        }
    )


def messages_response(transcript: CustomerTranscript, index: int) -> JsonObject:
    return success(messages=[_message(transcript, each) for each in transcript.since(index)])


def _message(transcript: CustomerTranscript, message: Message) -> JsonObject:
    return {
        "index": message.index,
        "type": message.type,
        "from": _participant(transcript, message.sender),
        **text_members(message),
        **time_members(message),
    }


def _participant(transcript: CustomerTranscript, participant: Participant) -> JsonObject:
    return {
        "nickname": participant.nickname,
        "participantId": transcript.assign_number(participant),
        "type": "Customer" if participant.agent is None else "Agent",
    }
