"""`/api/v2/chats`: the customers' operations, and the agents' by the `uri` of a chat in notifications."""

from collections.abc import Callable

from gws_chat.api.chats import perform_for_agent
from gws_chat.api.serialization import JsonObject, agent_responses, customer_responses, parameters, success
from gws_chat.api.services import Services
from gws_chat.domain import customer
from gws_chat.domain.capabilities import Capability
from gws_chat.domain.chat import Chat
from gws_chat.domain.customer import Customer
from gws_chat.domain.events import Event
from gws_chat.domain.transcript import MessageText
from gws_chat.gateway.request import Request, Result

OPERATIONS_WITHOUT_PARAMETERS: dict[str, Callable[[Chat], list[Event]]] = {
    "SendStartTypingNotification": customer.start_typing,
    "SendStopTypingNotification": customer.stop_typing,
    "Complete": customer.complete,
}


def request_chat(request: Request, services: Services) -> Result:
    services.chats.require_room()
    nickname, user_data = request.body["nickname"], parameters.customers_user_data(request.body)
    chat, transcript, events = customer.request_chat(services.center, nickname, user_data)
    services.chats.add(chat)
    return Result(customer_responses.chat_requested_response(transcript), events)


def perform_operation_by_uri(request: Request, services: Services) -> Result:
    """Perform an operation of a customer or of an agent. Customer and agents use different IDs."""
    chat_id = request.path_parameters["id"]
    if isinstance(request.user, Customer):
        chat, _ = services.chats.chat_of_customer(chat_id)
        return Result(success(), perform_for_customer(chat, request.body))
    return perform_for_agent(request.user, chat_id, request.body, services)


def perform_for_customer(chat: Chat, body: JsonObject) -> list[Event]:
    name = body["operationName"]
    customer.require_customer(chat, Capability(name))  # the body may be that of an agent's operation
    if name == "SendMessage":
        return customer.send_message(chat, MessageText(body["text"]))  # the other parameters of the text are for agents
    return OPERATIONS_WITHOUT_PARAMETERS[name](chat)


def get_chat_by_uri(request: Request, services: Services) -> Result:
    """Return the chat to its customer or to one of its agents."""
    chat_id = request.path_parameters["id"]
    if isinstance(request.user, Customer):
        return Result(customer_responses.chat_response(*services.chats.chat_of_customer(chat_id)))
    chat = services.chats.chat_of(request.user, chat_id)
    return Result(agent_responses.chat_response(chat, request.user, request.external_url))


def list_customer_messages(request: Request, services: Services) -> Result:
    """Return the messages from `index` on, or else those that the customer has not received yet."""
    _, transcript = services.chats.chat_of_customer(request.path_parameters["id"])
    if "index" in request.query_parameters:
        return Result(customer_responses.messages_response(transcript, request.query_parameters["index"]))
    response = customer_responses.messages_response(transcript, transcript.first_unreceived_index)
    if request.scope["method"] == "GET":  # HEAD delivers no messages
        transcript.first_unreceived_index = len(transcript.messages) + 1
    return Result(response)
