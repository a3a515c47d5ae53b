"""Serve an emulator that is altered in one way.

The command `verify` has to find each alteration, and nothing else. An alteration whose set of rows is empty is allowed
by the API: no row differs.
"""

import os
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


def change_chats(change):
    """Call `change` with the chat of each notification that has one."""
    change_notifications(lambda _, notification: change(notification["chat"]) if "chat" in notification else None)


def change_messages(change):
    """Call `change` with each message in notifications."""
    change_notifications(lambda _, notification: [change(each) for each in notification.get("messages", [])])


def drop_the_id_of_chats():
    change_chats(lambda chat: chat.pop("id"))


def send_unknown_states():
    change_chats(lambda chat: chat.update(state=None) if chat["state"] == "LeftChat" else None)


def reverse_participants():
    change_chats(lambda chat: chat.get("participants", []).reverse())


def drop_the_sender_of_messages():
    change_messages(lambda message: message.pop("from"))


def send_text_as_reference():
    def change(_, notification):
        if "referenceId" in notification:
            notification["referenceId"] = str(notification["referenceId"])

    change_notifications(change)


def capitalize_notification_types():
    def capitalize(_, notification):
        if "notificationType" in notification:
            notification["notificationType"] = notification["notificationType"].upper()

    change_notifications(capitalize)


def show_no_left_chats():
    serialize = agent_responses.chat_response

    def chat_response(chat, agent, external_url):
        response = serialize(chat, agent, external_url)
        return {"statusCode": 0} if response["chat"]["state"] == "LeftChat" else response

    agent_responses.chat_response = chat_response


def rename_the_messages_of_customers():
    serialize = customer_responses.messages_response

    def messages_response(transcript, index):
        response = serialize(transcript, index)
        return {"statusCode": 0, "log": response["messages"]}

    customer_responses.messages_response = messages_response


def revoke_invitations_late():
    def leave_alone(chat, agent, reference_id):
        chat.participation_of(agent).state = capabilities.State.LEFT_CHAT
        return [events.status_changed(chat, agent, reference_id)]

    leave.leave_alone = leave_alone


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
    drop_the_id_of_chats: (["text"], {"invited.members"}),
    send_unknown_states: (["text"], {"leave.text.members"}),
    reverse_participants: (["conference"], {"accept.update.participants"}),
    drop_the_sender_of_messages: (["text"], {"message.members"}),
    send_text_as_reference: (["text"], {"accept.members"}),
    capitalize_notification_types: (["declined"], {"notifications.type"}),
    show_no_left_chats: (["text"], {"chat.state"}),
    rename_the_messages_of_customers: (["text"], {"customer.message.members"}),
    revoke_invitations_late: (["declined"], {"leave.open-invitation.others", "notifications.concerned"}),
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


def serve_altered(alteration, options, output):
    """Alter this process and serve. Its standard output goes to the connection `output`."""
    os.dup2(output.fileno(), sys.stdout.fileno())
    alteration()
    sys.argv[1:] = options
    main()
