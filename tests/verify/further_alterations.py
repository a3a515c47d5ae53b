"""Alterations of operations, of customers and of CometD sessions, for `altered_emulator`."""

import html
from dataclasses import replace

from gws_chat.api import chats, customers, me
from gws_chat.api.serialization import resources
from gws_chat.cometd import meta_channels, session
from gws_chat.domain import chat, departure, leave
from gws_chat.domain.capabilities import State
from gws_chat.domain.events import ParticipantsChanged
from gws_chat.domain.transcript import CustomerTranscript
from gws_chat.gateway import front


def discard_the_text(name):
    """Perform the operation as if its request had no `text`."""
    operation, *readers = chats.OPERATIONS[name]

    def without_text(read):
        return lambda body: read({key: value for key, value in body.items() if key != "text"})

    chats.OPERATIONS[name] = (operation, *map(without_text, readers))


def complete_without_text():
    discard_the_text("Complete")


def transfer_without_text():
    discard_the_text("Transfer")


def remove_without_text():
    discard_the_text("RemoveParticipantFromConference")


def ignore_the_disposition_key():
    chats.OPERATIONS["SetDisposition"] = (
        chats.OPERATIONS["SetDisposition"][0],
        lambda body: {"DispositionCode": body["disposition"]},
    )


def write_to_invited_agents():
    operation, *rest = chats.OPERATIONS["SendMessage"]

    def send(chat, agent, text):
        found = operation(chat, agent, text)
        return found + [replace(found[0], agent=each.agent) for each in chat.participations_in(State.INVITED)]

    chats.OPERATIONS["SendMessage"] = (send, *rest)


def revoke_invitations_in_conferences():
    operation, *rest = chats.OPERATIONS["Leave"]

    def leave_and_revoke(chat, agent, text):
        return operation(chat, agent, text) + departure.revoke_invitations(chat)

    chats.OPERATIONS["Leave"] = (leave_and_revoke, *rest)


def reply_without_id():
    make_reply = meta_channels.make_reply

    def make_reply_without_id(*args, **options):
        return {name: value for name, value in make_reply(*args, **options).items() if name != "id"}

    meta_channels.make_reply = make_reply_without_id


def send_the_minimum_version_as_number():
    make_reply = meta_channels.make_reply

    def make_reply_with_number(*args, **options):
        reply = make_reply(*args, **options)
        return {**reply, "minimumVersion": 1.0} if "minimumVersion" in reply else reply

    meta_channels.make_reply = make_reply_with_number


def ignore_acknowledgements():
    session.Session.acknowledge = lambda *_: None


def rename_the_cookie_of_browsers():
    front.BROWSER_COOKIE = "BROWSER"


def supersede_without_pause():
    superseded_advice = meta_channels.MetaChannels.superseded_advice
    meta_channels.MetaChannels.superseded_advice = lambda self: {**superseded_advice(self), "interval": 0}


def show_customers_what_agents_write():
    add_message = chat.Chat.add_message

    def add(self, message_type, sender, visibility, text=None):
        message = add_message(self, message_type, sender, visibility, text)
        if visibility == "Agents" and sender.visibility == "All":
            self.show_to_customer(message)
        return message

    chat.Chat.add_message = add


def mark_as_received_by_index():
    list_messages = customers.list_customer_messages

    def list_and_mark(request, services):
        result = list_messages(request, services)
        _, transcript = services.chats.chat_of_customer(request.path_parameters["id"])
        transcript.first_unreceived_index = len(transcript.messages) + 1
        return result

    customers.list_customer_messages = list_and_mark


def end_the_session_of_declined_customers():
    operation, *rest = chats.OPERATIONS["Reject"]

    def reject(chat, agent):
        found = operation(chat, agent)
        if not chat.participations_in(State.CHATTING):
            chat.end_customer_session()
        return found

    chats.OPERATIONS["Reject"] = (reject, *rest)


def change_departures_to_messages_first():
    remove_from_chat = departure.remove_from_chat

    def remove(chat, agent, notice=None):
        return sorted(remove_from_chat(chat, agent, notice), key=lambda event: isinstance(event, ParticipantsChanged))

    leave.remove_from_chat = remove


def hide_the_visibility_of_participants():
    participant_json = resources.participant_json

    def without_visibility(participant, external_url):
        members = participant_json(participant, external_url)
        return {name: value for name, value in members.items() if name != "visibility"}

    resources.participant_json = without_visibility


def escape_texts():
    text_members = resources.text_members

    def escaped(message):
        members = text_members(message)
        return {name: html.escape(value) if name == "text" else value for name, value in members.items()}

    resources.text_members = escaped


def ignore_nicknames():
    chats.OPERATIONS["Accept"] = (chats.OPERATIONS["Accept"][0], lambda _: None)


def set_dispositions_silently():
    operation, *rest = chats.OPERATIONS["SetDisposition"]

    def set_disposition(chat, agent, user_data):
        operation(chat, agent, user_data)
        return []

    chats.OPERATIONS["SetDisposition"] = (set_disposition, *rest)


def write_typing_to_others_only():
    for name in [each for each in chats.OPERATIONS if "Typing" in each]:
        typing = chats.OPERATIONS[name][0]
        chats.OPERATIONS[name] = (
            lambda chat, agent, typing=typing: [each for each in typing(chat, agent) if each.agent is not agent],
        )


def change_what_customers_read(is_shown):
    add = CustomerTranscript.add
    CustomerTranscript.add = lambda transcript, message: is_shown(message) and add(transcript, message)


def show_customers_no_departures():
    change_what_customers_read(lambda message: message.type != "ParticipantLeft")


def show_customers_no_typing():
    change_what_customers_read(lambda message: not message.type.startswith("Typing"))


def show_customers_everything_again():
    # the index from which on messages are new stays 1
    CustomerTranscript.first_unreceived_index = property(lambda _: 1, lambda *_: None)


def keep_ready_states():
    start = me.start_contact_center_session

    def start_and_keep(center, agent, channels):
        before = agent.ready_states
        events = start(center, agent, channels)
        agent.ready_states |= {name: before[name] for name in agent.ready_states if name in before}
        return events

    me.start_contact_center_session = start_and_keep


ALTERATIONS = {
    # as in `altered_emulator`
    complete_without_text: (["handover"], {"complete.text.notifications"}),
    transfer_without_text: (["handover"], {"transfer.text.notifications"}),
    remove_without_text: (["handover"], {"remove.text.notifications"}),
    ignore_the_disposition_key: (["alone"], {"operations.dispositionKey.key"}),
    write_to_invited_agents: (["declined"], {"invite.SendMessage.others"}),
    revoke_invitations_in_conferences: (["conference"], {"notifications.concerned"}),
    reply_without_id: (["polling"], {"cometd.id"}),
    send_the_minimum_version_as_number: (["polling"], {"cometd.handshake-members"}),
    ignore_acknowledgements: (["polling"], {"cometd.acknowledged"}),
    rename_the_cookie_of_browsers: (["polling"], {"cometd.browser"}),
    supersede_without_pause: (["polling"], {"cometd.superseded"}),
    show_customers_what_agents_write: (["conference"], {"conference.transcript"}),
    mark_as_received_by_index: (["alone"], {"customer.transcript"}),
    end_the_session_of_declined_customers: (["waiting-declined"], {"reject.waiting.customer"}),
    change_departures_to_messages_first: (["conference", "consultation"], {"leave.conference.others"}),
    hide_the_visibility_of_participants: (["consultation"], {"participant.customer"}),
    show_customers_no_departures: (["text", "handover"], {"leave.text.transcript"}),
    show_customers_no_typing: (["alone"], {"operations.transcript"}),
    write_typing_to_others_only: (["alone", "conference"], {"operations.SendStartTypingNotification.notifications"}),
    show_customers_everything_again: (["alone", "text", "handover"], {"customer.again"}),
    escape_texts: (["alone"], {"message.text"}),
    ignore_nicknames: (["alone"], {"accept.own-nickname"}),
    keep_ready_states: (["ending"], {"session.again.state"}),
    set_dispositions_silently: (["alone"], {"operations.SetDisposition.notifications"}),
}
