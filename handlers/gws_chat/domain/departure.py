"""The steps shared by operations that remove an agent. The farewell is the operation's parameter `text`."""

from dataclasses import replace

from gws_chat.domain.agent import Agent
from gws_chat.domain.capabilities import State
from gws_chat.domain.chat import Chat
from gws_chat.domain.errors import OperationNotAllowed
from gws_chat.domain.events import Event, MessagesAdded, StatusChanged, messages_added, participants_changed
from gws_chat.domain.routing import serve_waiting_chats
from gws_chat.domain.transcript import Message, MessageText, MessageType


def require_reader(chat: Chat, agent: Agent, farewell: MessageText | None) -> None:
    """Raise `OperationNotAllowed` if there is a farewell but nobody to read it (assumed)."""
    if farewell is not None and chat.customer is None and not chat.others_chatting(agent):
        raise OperationNotAllowed("text: must be omitted, because nobody is left in the chat to read it")


def say_farewell(chat: Chat, agent: Agent, farewell: MessageText | None) -> list[Event]:
    """Add the farewell, if there is one, to the transcript."""
    if farewell is None:
        return []
    sender = chat.participation_of(agent).participant
    return messages_added(chat, chat.add_message(MessageType.TEXT, sender, sender.visibility, farewell))


def remove_from_chat(chat: Chat, agent: Agent, notice: Message | None = None) -> list[Event]:
    """Remove the agent from the chat and route the waiting chats.

    Return the events for the agents who stay, and then for those who are invited to waiting chats.

    Assumed: the participants come before the messages, as after Accept. If only consultants stay, the one who joined
    first becomes a visible agent, so that the customer sees one, with a ParticipantJoined in the customer's transcript.

    RemoveParticipantFromConference has a `notice`, which comes first among the messages, and the user data with the
    participants (documented for the agent who removes, assumed for the others).
    """
    leaving = chat.participation_of(agent).participant
    chat.remove_agent(agent)
    left_message = chat.add_message(MessageType.PARTICIPANT_LEFT, leaving, leaving.visibility)
    staying = chat.participations_in(State.CHATTING)
    if staying and all(each.is_consultant for each in staying):
        staying[0].is_consultant = False
        promoted = staying[0].participant
        # The copy keeps the time of `left_message`. Only the customer sees it, so it uses no index of the agents.
        chat.show_to_customer(replace(left_message, type=MessageType.PARTICIPANT_JOINED, sender=promoted))
    events: list[Event] = []
    for each in staying:
        update = participants_changed(chat, each.agent)
        events.append(update if notice is None else replace(update, user_data=chat.user_data))
        messages = [left_message] if notice is None else [notice, left_message]
        events += [MessagesAdded(each.agent, chat.id, (message,)) for message in messages]
    return events + serve_waiting_chats(chat.center, agent)


def revoke_invitations(chat: Chat) -> list[Event]:
    """Revoke all unanswered invitations (assumed: nobody is left in the chat to join)."""
    events: list[Event] = []
    for each in chat.participations_in(State.INVITED):
        chat.remove_agent(each.agent)
        events.append(StatusChanged(each.agent, chat.id, State.REVOKED))
        events += serve_waiting_chats(chat.center, each.agent)
    return events
