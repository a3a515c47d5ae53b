"""The handlers of `/simulation`. The original API has no such operations."""

from dataclasses import dataclass
from functools import partial
from random import Random, SystemRandom

from gws_chat.api.chats import perform_for_agent
from gws_chat.api.customers import perform_for_customer
from gws_chat.api.serialization import success
from gws_chat.api.services import Services
from gws_chat.domain.agent import Agent
from gws_chat.domain.customer import ensure_customer_transcript
from gws_chat.domain.errors import ChatNotFound, OperationNotAllowed, shorten
from gws_chat.gateway.notification_queue import NotificationQueue
from gws_chat.gateway.request import Request, Result
from gws_chat.gateway.stubs import UnknownRequests
from gws_chat.scenario import Scenario, ScenarioError, prepare_chat, restore_initial_state
from gws_chat.simulation import serialization
from gws_chat.simulation.clock import MovableClock
from gws_chat.simulation.faults import Faults
from gws_chat.simulation.journal import Journal


@dataclass(frozen=True, slots=True)
class SimulationServices:
    """The services of the handlers in this module. `api` are those of the emulated API."""

    api: Services
    scenario: Scenario
    clock: MovableClock
    journal: Journal
    faults: Faults
    unknown_requests: UnknownRequests
    notification_queue: NotificationQueue


def reset(request: Request, services: SimulationServices) -> Result:
    """Restore the initial state. With a `seed`, the IDs that follow are the same each time.

    CometD sessions end unless the request keeps them. Nothing that happened before the reset has an effect after it:
    timers, delayed requests and queued notifications end.
    """
    services.clock.reset()
    services.notification_queue.clear()
    services.faults.reset()
    services.journal.clear()
    services.unknown_requests.clear()
    seed = request.body.get("seed")
    random = SystemRandom() if seed is None else Random(seed)  # noqa: S311 - repeatable on purpose
    restore_initial_state(services.scenario, random)
    services.api.chats.replace(services.scenario.chats)
    if request.body.get("sessions") == "keep":
        services.api.cometd.drop_events()
    else:
        services.api.cometd.forget_sessions()
        services.api.identity.end_all_logins()
    return Result(success())


def read_state(request: Request, services: SimulationServices) -> Result:
    """Return the state, with the transcript of a chat if the query names one that exists."""
    chat_id = request.query_parameters.get("chat")
    chat = services.api.chats.get(chat_id) if chat_id is not None else None
    transcript = {} if chat is None else {"transcript": serialization.transcript(chat, request.external_url)}
    time = serialization.time_and_deadline(services.clock, services.api.cometd.sessions.next_expiry)
    return Result(serialization.state(services.api, services.journal) | time | transcript)


async def advance_clock(request: Request, services: SimulationServices) -> Result:
    """Advance the clock and run the timers that become due. Raises `EndedByReset`."""
    await services.clock.advance(float(request.body["advance"]))
    return Result(success())


def create_chat(request: Request, services: SimulationServices) -> Result:
    """Create a chat from an entry as in a scenario. Without a customer, the customer's session has ended.

    Raises `OperationNotAllowed` if the ID exists, or if no sequence of operations can produce the chat.
    """
    entry = {"customer": None, **request.body}
    if "id" in entry and entry["id"] in services.api.chats:
        raise OperationNotAllowed(f"chat.id: must be unused, got {entry['id']!r}")
    try:
        chat, events = prepare_chat(services.scenario, entry)
    except ScenarioError as error:
        raise OperationNotAllowed(str(error)) from None
    transcript = ensure_customer_transcript(chat)
    services.api.chats.add(chat)
    return Result(success(id=chat.id, customerId=transcript.id), events)


def act_as_customer(request: Request, services: SimulationServices) -> Result:
    """Perform an operation as the customer, even if no customer requested the chat."""
    chat = services.api.chats.find(request.path_parameters["id"])
    ensure_customer_transcript(chat)  # gives the customer access to a chat of the scenario
    services.api.chats.add(chat)  # index it by the customer's ID as well
    return Result(success(), perform_for_customer(chat, request.body))


def act_as_agent(request: Request, services: SimulationServices) -> Result:
    agent = services.api.identity.by_name(request.path_parameters["userName"])
    return perform_for_agent(agent, request.path_parameters["id"], request.body, services.api)


def add_fault(request: Request, services: SimulationServices) -> Result:
    """Add a fault. Raises an error if its agent or chat does not exist."""
    if "agent" in request.body:
        _agent_of(request, services)
    if "chat" in request.body and services.api.chats.get(request.body["chat"]) is None:
        raise ChatNotFound(f"chat: must be the ID of a chat, got {shorten(request.body['chat'])!r}")
    services.faults.add(serialization.fault(request.body))
    return Result(success())


def list_faults(_: Request, services: SimulationServices) -> Result:
    return Result(serialization.faults(services.faults.since_reset))


def clear_faults(_: Request, services: SimulationServices) -> Result:
    services.faults.clear()
    return Result(success())


def forget_sessions(request: Request, services: SimulationServices) -> Result:
    """Forget the CometD sessions of an agent, or of all agents."""
    services.api.cometd.forget_sessions(_agent_of(request, services).id if "agent" in request.body else None)
    return Result(success())


async def read_journal(request: Request, services: SimulationServices) -> Result:
    """Return the matching entries, or wait up to `timeout` milliseconds for the first."""
    query = serialization.journal_query(request.query_parameters)
    timeout = request.query_parameters.get("timeout", 0) / 1000
    entries = await services.journal.wait_for(query, timeout, request.connection)
    notification_of = partial(services.journal.notification_of, external_url=request.external_url)
    selected = request.query_parameters
    unknown = []
    if "agent" in selected and selected["agent"] not in services.api.identity:
        unknown.append("agent")
    # requests of customers have the customer's ID, but no notification has it
    may_be_customers = selected.get("kind", "request") == "request" and selected.get("chat", "") in services.api.chats
    if "chat" in selected and not may_be_customers and services.api.chats.get(selected["chat"]) is None:
        unknown.append("chat")
    return Result(await serialization.journal(services.journal, entries, unknown, notification_of))


def list_unknown_requests(_: Request, services: SimulationServices) -> Result:
    return Result(serialization.unknown_requests(services.unknown_requests.counts))


def _agent_of(request: Request, services: SimulationServices) -> Agent:
    """Return the agent that the member `agent` of the body names. Raises `TargetNotFound`."""
    return services.api.identity.by_name(request.body["agent"], field="agent")
