"""Serve an emulator that is altered in one way: `python -m tests.verify.altered_emulator NAME [option ...]`.

The command `verify` has to find each alteration, and nothing else.
"""

import sys

from gws_chat.api import chats
from gws_chat.api.serialization import agent_responses, customer_responses, notifications
from gws_chat.cli import main
from gws_chat.domain import capabilities, chat, errors, events, invitation, leave
from gws_chat.gateway import error_responses
from tests.verify import further_alterations


def change_notifications(change):
    """Call `change` with each event and its notification."""
    serialize = notifications.documented_notification

    def changed(event, external_url):
        notification = serialize(event, external_url)
        change(event, notification)
        return notification

    notifications.documented_notification = changed


def rename_left_chat():
    def rename(_, notification):
        if notification.get("chat", {}).get("state") == "LeftChat":
            notification["chat"]["state"] = "Left"

    change_notifications(rename)


def drop_the_address_of_messages():
    change_notifications(lambda _, notification: notification.pop("chatPath", None))


def drop_the_user_data_of_invitations():
    def drop(_, notification):
        if notification.get("chat", {}).get("state") == "Invited":
            del notification["chat"]["userData"]

    change_notifications(drop)


def reorder_accept():
    def accept(chat, agent, nickname):
        found = invitation.accept(chat, agent, nickname)
        return [*reversed(found[:2]), *found[2:]]

    chats.OPERATIONS["Accept"] = (accept, *chats.OPERATIONS["Accept"][1:])


def notify_twice_of_leave():
    leave_alone = leave.leave_alone

    def leave_and_update(chat, agent, reference_id):
        return [*leave_alone(chat, agent, reference_id), events.participants_changed(chat, agent)]

    leave.leave_alone = leave_and_update


def complete_after_leave():
    def leave_alone(chat, agent, reference_id):
        chat.end_customer_session()
        chat.remove_agent(agent)
        return [events.StatusChanged(agent, chat.id, capabilities.State.COMPLETED, reference_id=reference_id)]

    leave.leave_alone = leave_alone


def reject_with_another_code():
    error_responses.STATUSES[errors.ChatNotFound] = (404, 12)


def forbid_unlisted_operations():
    chat.UNLISTED_OPERATIONS = {}


def show_left_chats_as_chatting():
    serialize = agent_responses.chat_response

    def chat_response(chat, agent, external_url):
        response = serialize(chat, agent, external_url)
        if response["chat"]["state"] == "LeftChat":
            response["chat"]["state"] = "Chatting"
        return response

    agent_responses.chat_response = chat_response


def give_customers_another_text():
    serialize = customer_responses.messages_response

    def messages_response(transcript, index):
        response = serialize(transcript, index)
        for message in response["messages"]:
            if "text" in message:
                message["text"] = "another"
        return response

    customer_responses.messages_response = messages_response


def shorten_the_path_of_agents():
    def shorten(_, notification):
        for each in notification.get("chat", {}).get("participants", []):
            if "path" in each:
                each["path"] = "/users"

    change_notifications(shorten)


def acknowledge_without_status_code():
    chats.success = lambda **content: {"status": 0, **content}


def report_all_channels():
    def add_voice(_, notification):
        if "channels" in notification:
            state = {"id": "1", "displayName": "Not Ready", "state": "NotReady"}
            notification["channels"].insert(0, {"channel": "voice", "dndState": "Off", "userState": state})

    change_notifications(add_voice)


ALTERATIONS = {
    # the stories that are played, and the rows that have to be different
    rename_left_chat: (["text"], {"leave.text.state", "transfer.left.accept.state"}),
    drop_the_address_of_messages: (["text"], {"message.chat"}),
    drop_the_user_data_of_invitations: (["text"], {"invited.members"}),
    reorder_accept: (["text"], {"accept.notifications"}),
    notify_twice_of_leave: (["alone"], {"leave.alone.notifications"}),
    complete_after_leave: (["alone"], {"leave.alone.state"}),
    reject_with_another_code: (["errors", "text"], {"errors.unknown-chat"}),
    show_left_chats_as_chatting: (["text"], {"chat.state"}),
    report_all_channels: (["text"], set()),
    give_customers_another_text: (["text"], {"customer.message.text"}),
    shorten_the_path_of_agents: (["text"], {"participant.path"}),
    acknowledge_without_status_code: (["text"], {"accept.response"}),
    forbid_unlisted_operations: (
        ["alone"],
        {
            "operations.SendUrl.response",
            "after-call-work.AttachUserData.response",
            "after-call-work.UpdateUserData.response",
            "after-call-work.DeleteUserData.response",
            "after-call-work.SetDisposition.response",
        },
    ),
    **further_alterations.ALTERATIONS,
}

if __name__ == "__main__":
    {alteration.__name__: alteration for alteration in ALTERATIONS}[sys.argv.pop(1)]()
    main()
