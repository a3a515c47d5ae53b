"""`/api/v2/me/chats`: the chats of the agent who sends the request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gws_chat.api.serialization import JsonObject, agent_responses, parameters
from gws_chat.api.services import Services
from gws_chat.domain import conversation, invitation, user_data
from gws_chat.domain.agent import Agent
from gws_chat.domain.chat import Chat
from gws_chat.domain.complete import complete
from gws_chat.domain.events import Event
from gws_chat.domain.leave import leave
from gws_chat.domain.remove import remove_participant
from gws_chat.domain.transfer import transfer
from gws_chat.gateway.request import Request, Result


@dataclass(frozen=True, slots=True)
class ChatOperation:
    """The functions that execute an operation, read its parameters from the body and acknowledge it.

    `read` is None if the operation has no parameters: then `execute` takes only the chat and the agent.
    """

    execute: Callable[..., list[Event]]
    read: Callable[[JsonObject], Any] | None = None
    acknowledge: Callable[[Agent], JsonObject] = agent_responses.acknowledgement

    def perform(self, chat: Chat, agent: Agent, body: JsonObject) -> list[Event]:
        if self.read is None:
            return self.execute(chat, agent)
        return self.execute(chat, agent, self.read(body))


OPERATIONS = {
    "Accept": ChatOperation(invitation.accept, parameters.nickname),
    "Reject": ChatOperation(invitation.reject),
    "Leave": ChatOperation(leave, parameters.farewell),
    "Complete": ChatOperation(complete, parameters.completion),
    "Transfer": ChatOperation(transfer, parameters.transfer_request),
    "Invite": ChatOperation(invitation.invite, parameters.target, agent_responses.acknowledgement_with_reference),
    "Consult": ChatOperation(invitation.consult, parameters.target, agent_responses.acknowledgement_with_reference),
    "RemoveParticipantFromConference": ChatOperation(remove_participant, parameters.removal),
    "SendMessage": ChatOperation(conversation.send_message, parameters.text),
    "SendUrl": ChatOperation(conversation.send_url, parameters.url),
    "SendToAgents": ChatOperation(conversation.send_to_agents, parameters.text),
    "SendCustomNoticeToAgents": ChatOperation(conversation.send_custom_notice, parameters.notice),
    "SendStartTypingNotification": ChatOperation(conversation.start_typing),
    "SendStopTypingNotification": ChatOperation(conversation.stop_typing),
    "SendStartTypingToAgentsNotification": ChatOperation(conversation.start_typing_to_agents),
    "SendStopTypingToAgentsNotification": ChatOperation(conversation.stop_typing_to_agents),
    "InFocus": ChatOperation(conversation.in_focus),
    "SetInFocus": ChatOperation(conversation.set_in_focus),
    "AttachUserData": ChatOperation(user_data.attach_user_data, parameters.user_data),
    "UpdateUserData": ChatOperation(user_data.update_user_data, parameters.user_data),
    "DeleteUserData": ChatOperation(user_data.delete_user_data, parameters.keys),
    "SetDisposition": ChatOperation(user_data.set_disposition, parameters.disposition),
}
"""By `operationName`."""


def perform_chat_operation(request: Request, services: Services) -> Result:
    return perform_for_agent(request.user, request.path_parameters["id"], request.body, services)


def perform_for_agent(agent: Agent, chat_id: str, body: JsonObject, services: Services) -> Result:
    operation = OPERATIONS[body["operationName"]]
    chat = services.chats.chat_of(agent, chat_id)
    events = operation.perform(chat, agent, body)
    return Result(operation.acknowledge(agent), events)


def get_chat(request: Request, services: Services) -> Result:
    chat = services.chats.chat_of(request.user, request.path_parameters["id"])
    return Result(agent_responses.chat_response(chat, request.user, request.external_url))


def list_chats(request: Request, services: Services) -> Result:
    request.user.require_chat_feature()
    chats = services.center.chats_of(request.user)
    in_full = "fields" in request.query_parameters
    return Result(agent_responses.chats_response(chats, request.user, request.external_url, in_full=in_full))


def list_messages(request: Request, services: Services) -> Result:
    chat = services.chats.chat_of(request.user, request.path_parameters["id"])
    return Result(agent_responses.messages_response(chat, request.external_url))
