"""`/api/v2/me`: the agent who sends the request."""

from gws_chat.api.serialization import agent_responses, parameters, success
from gws_chat.api.services import Services
from gws_chat.domain.agent import ReadyState
from gws_chat.domain.session import end_contact_center_session, set_ready_state, start_contact_center_session
from gws_chat.gateway.request import Request, Result


def get_me(request: Request, services: Services) -> Result:
    agent = request.user
    chats, subresources = services.center.chats_of(agent), request.query_parameters.get("subresources", "")
    return Result(agent_responses.user_response(agent, request.external_url, subresources, chats))


def perform_session_operation(request: Request, services: Services) -> Result:
    """Start or end the contact-center session, or set the ready state of all its channels.

    The end also ends HTTP (documented) and CometD sessions (assumed).
    """
    agent, body = request.user, request.body
    if body["operationName"] == "StartContactCenterSession":
        channels = parameters.channels(body)
        events = start_contact_center_session(services.center, agent, channels)
        return Result(agent_responses.session_started(agent, channels), events)
    if body["operationName"] != "EndContactCenterSession":
        return Result(success(), set_ready_state(services.center, agent, ReadyState(body["operationName"])))
    events = end_contact_center_session(services.center, agent)
    services.identity.end_login(agent)
    services.cometd.disconnect_sessions(agent.id)
    return Result(success(), events)


def perform_channel_operation(request: Request, services: Services) -> Result:
    """Set the ready state of one channel."""
    state, channel = ReadyState(request.body["operationName"]), request.path_parameters["channel"]
    return Result(success(), set_ready_state(services.center, request.user, state, channel))
