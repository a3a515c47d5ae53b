"""Builders of the JSON that clients of the demo receive."""

URL = "http://localhost:8080/api/v2"
CHATTING_CAPABILITIES = [
    "Transfer",
    "Leave",
    "Invite",
    "Consult",
    "SetInFocus",
    "SetDisposition",
    "AttachUserData",
    "DeleteUserData",
    "UpdateUserData",
    "Complete",
    "SendMessage",
    "SendStartTypingNotification",
    "SendStopTypingNotification",
]
AMONG_AGENTS = [
    "SendToAgents",
    "SendStartTypingToAgentsNotification",
    "SendStopTypingToAgentsNotification",
    "SendCustomNoticeToAgents",
]
CHATTING_WITH_AGENTS_CAPABILITIES = [*CHATTING_CAPABILITIES, *AMONG_AGENTS, "RemoveParticipantFromConference"]
CHATTING_AS_CONSULTANT_CAPABILITIES = ["Leave", "SetInFocus", *AMONG_AGENTS]
LEFT_CHAT_CAPABILITIES = ["Transfer", "Complete", "Leave", "InFocus"]
TIME = {"timestamp": "2026-11-23 09:30:00.000+0000", "timestampSeconds": 1795426200000}
IDS = {
    "agent1": "78d54ce8d31e52ed81c91bc216049ecc",
    "agent2": "518f41959d145de48ee6f5f2738c5ac0",
    "agent3": "26c1e5b3d54c542da7cd2403b8d5f970",
}


def customer(nickname, participant_id):
    return {"nickname": nickname, "type": "Customer", "participantId": participant_id, "visibility": "All"}


def participant(user_name, participant_id, *, nickname=None, visibility="All"):
    return {
        "nickname": nickname or user_name,
        "type": "Agent",
        "participantId": participant_id,
        "visibility": visibility,
        "id": IDS[user_name],
        "uri": f"{URL}/users/{IDS[user_name]}",
        "path": f"/users/{IDS[user_name]}",
    }


def state_change(kind, chat_id, chat, reference=None, url=URL):
    return {
        "messageType": "ChatStateChangeMessage",
        **({} if reference is None else {"referenceId": reference}),
        "notificationType": kind,
        "chat": {**chat, "id": chat_id, "uri": f"{url}/chats/{chat_id}"},
    }


def new_messages(chat_id, *messages):
    return {
        "messageType": "MessageLogUpdated",
        "notificationType": "NewMessages",
        "messages": list(messages),
        "chatUri": f"{URL}/chats/{chat_id}",
        "chatPath": f"/chats/{chat_id}",
    }


def message(index, kind, sender, visibility="All", **text):
    return {"index": index, "type": kind, "from": sender, **text, "visibility": visibility, **TIME}


def customers_participant(nickname, number):
    """A participant as the customer sees it. The customer is number 1."""
    return {"nickname": nickname, "participantId": str(number), "type": "Customer" if number == 1 else "Agent"}


def customers_message(index, kind, sender, **text):
    """A message as the customer sees it."""
    return {"index": index, "type": kind, "from": sender, **text, **TIME}
