"""`/api/v2/me/chats`: the chats of the agent who sends the request."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from gws_chat.api.serialization import JsonObject, agent_responses, parameters, success
from gws_chat.api.services import Services
from gws_chat.domain import conversation, invitation, user_data
from gws_chat.domain.agent import Agent
from gws_chat.domain.complete import complete
from gws_chat.domain.leave import leave
from gws_chat.domain.remove import remove_participant
from gws_chat.domain.transfer import transfer
from gws_chat.gateway.request import Request, Result

OPERATIONS: dict[str, tuple[Callable[..., Any], ...]] = {
    "Accept": (invitation.accept, parameters.nickname),
    "Reject": (invitation.reject,),
    "Leave": (leave, parameters.farewell),
    "Complete": (complete, parameters.farewell, parameters.queue),
    "Transfer": (transfer, parameters.target, parameters.farewell),
    "Invite": (invitation.invite, parameters.target),
    "Consult": (invitation.consult, parameters.target),
    "RemoveParticipantFromConference": (remove_participant, parameters.target_path, parameters.farewell),
    "SendMessage": (conversation.send_message, parameters.text),
    "SendUrl": (conversation.send_url, parameters.url),
    "SendToAgents": (conversation.send_to_agents, parameters.text),
    "SendCustomNoticeToAgents": (conversation.send_custom_notice, parameters.notice),
    "SendStartTypingNotification": (conversation.start_typing,),
    "SendStopTypingNotification": (conversation.stop_typing,),
    "SendStartTypingToAgentsNotification": (conversation.start_typing_to_agents,),
    "SendStopTypingToAgentsNotification": (conversation.stop_typing_to_agents,),
    "InFocus": (conversation.in_focus,),
    "SetInFocus": (conversation.set_in_focus,),
    "AttachUserData": (user_data.attach_user_data, itemgetter("userData")),
    "UpdateUserData": (user_data.update_user_data, itemgetter("userData")),
    "DeleteUserData": (user_data.delete_user_data, itemgetter("keys")),
    "SetDisposition": (user_data.set_disposition, parameters.disposition),
}
"""By `operationName`: the function that executes the operation, and those that read its parameters from the body."""


def perform_chat_operation(request: Request, services: Services) -> Result:
    return perform_for_agent(request.user, request.path_parameters["id"], request.body, services)


def perform_for_agent(agent: Agent, chat_id: str, body: JsonObject, services: Services) -> Result:
    name = body["operationName"]
    execute, *readers = OPERATIONS[name]
    chat = services.chats.chat_of(agent, chat_id)
    events = execute(chat, agent, *(read(body) for read in readers))
    # documented: the response to Invite and Consult has the `referenceId`
    reference = {"referenceId": agent.last_reference_id} if name in {"Invite", "Consult"} else {}
    return Result(success(**reference), events)


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
