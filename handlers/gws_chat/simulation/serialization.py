"""JSON of the simulation: request bodies, query parameters and responses."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from gws_chat.api.serialization import JsonObject, success
from gws_chat.api.serialization.resources import message_json
from gws_chat.api.services import Services
from gws_chat.domain.chat import Chat
from gws_chat.gateway.request_record import RequestRecord
from gws_chat.simulation.bodies import masked_body, masked_query
from gws_chat.simulation.clock import MovableClock
from gws_chat.simulation.journal import Journal, JournalEntry, JournalQuery, RecordedNotification
from gws_chat.simulation.request_faults import CLOSING_EFFECTS, Fault

ENTRIES_IN_A_TURN = 10  # of the event loop; masking the bodies of one takes a few milliseconds at most
MAX_CHATS = 1000  # open chats, and waiting chats, in the state
MAX_MESSAGES = 200  # of the transcript in the state
FAULT_MEMBERS = {"operationName": "operation", "statusCode": "status_code", "statusMessage": "message"}
"""The members of a fault that have another name in Python."""


def fault(body: JsonObject) -> Fault:
    return Fault(given=body, **{FAULT_MEMBERS.get(name, name): value for name, value in body.items()})


def faults(since_reset: Iterable[tuple[Fault, bool]]) -> JsonObject:
    return success(
        faults=[{"fault": each.given, "fired": each.fired, "isActive": is_active} for each, is_active in since_reset]
    )


def journal_query(query: Mapping[str, Any]) -> JournalQuery:
    names = {"sessions": "min_sessions", "changedAfter": "changed_after", "outsideApi": "outside_api"}
    return JournalQuery(**{names.get(name, name): value for name, value in query.items() if name != "timeout"})


async def journal(
    source: Journal,
    entries: Iterable[JournalEntry],
    unknown: list[str],
    notification_of: Callable[[RecordedNotification], JsonObject],
) -> JsonObject:
    """Return the entries. Other requests are served meanwhile: 1,000 entries with large bodies take 0.5 s.

    `position` and `change` are read before the first entry is written, so that the next query finds entries that are
    added meanwhile.
    """
    shown: list[JsonObject] = []
    content = success(
        position=source.position,
        **_progress_of(source),
        dropped=source.dropped,
        **_present(unknown=unknown or None),
        entries=shown,
    )
    for each in entries:
        shown.append(_entry(each, notification_of))
        if len(shown) % ENTRIES_IN_A_TURN == 0:
            await asyncio.sleep(0)
    return content


def state(services: Services, source: Journal) -> JsonObject:
    """Return the agents, the chats, the queues, and how far the journal is."""
    center = services.center
    agents = [
        {
            "userName": agent.user_name,
            "path": agent.path,
            "channels": agent.ready_states,
            "sessions": len(services.cometd.sessions.all(agent.id)),
        }
        for agent in center.agents.values()
    ]
    return success(
        **_progress_of(source),
        agents=agents,
        chats=[_chat(each) for each in services.chats.newest_open(MAX_CHATS)],
        queues={name: [each.user_name for each in members] for name, members in center.queues.items()},
        waitingChats=list(center.waiting_chats)[:MAX_CHATS],
    )


def _progress_of(journal: Journal) -> JsonObject:
    """Return the members by which a client notices changes, resets and a restart of the service."""
    return {"change": journal.change, "startedAt": _time(journal.started_at), "resets": journal.resets}


def time_and_deadline(clock: MovableClock, session_expiry: float | None) -> JsonObject:
    """Return the time of day, and the next deadline if there is one. `session_expiry` is a time of the timers."""
    deadlines = [clock.next_deadline(), None if session_expiry is None else (session_expiry, "session")]
    when, kind = min(filter(None, deadlines), default=(None, None))
    deadline = None if when is None else {"kind": kind, "at": _time(clock.time_of_day(when))}
    return {"now": _time(clock.now()), **_present(nextDeadline=deadline)}


def transcript(chat: Chat, external_url: str) -> JsonObject:
    """Return the latest messages of the chat, as its agents see them."""
    messages = [message_json(each, external_url) for each in chat.messages[-MAX_MESSAGES:]]
    return {"chat": chat.id, "earlierMessages": len(chat.messages) - len(messages), "messages": messages}


def _chat(chat: Chat) -> JsonObject:
    customer_transcript = chat.customer_transcript
    return {
        "id": chat.id,
        **_present(
            customer=chat.customer.nickname if chat.customer else None,
            formerCustomer=None if chat.customer else chat.customer_nickname,
            customerId=customer_transcript.id if customer_transcript else None,
        ),
        "agents": [
            {
                "agent": each.agent.user_name,
                "state": each.state,
                **_present(role="consultant" if each.is_consultant else None),
            }
            for each in chat.participations.values()
        ],
    }


def unknown_requests(counts: Mapping[tuple[str, str], int]) -> JsonObject:
    requests = [{"method": method, "path": path, "count": count} for (method, path), count in counts.items()]
    return success(requests=requests)


def _entry(entry: JournalEntry, notification_of: Callable[[RecordedNotification], JsonObject]) -> JsonObject:
    content = entry.content
    if isinstance(content, RecordedNotification):
        members = {
            **_present(cause=content.cause),
            "sessions": content.sessions,
            "sentAt": [_time(each) for each in content.sent_at],
            "notification": notification_of(content),
        }
    else:
        members = _request(content)
    return {
        "position": entry.position,
        "change": entry.change,
        "at": _time(entry.at),
        "kind": entry.kinds[0],
        **_present(agent=entry.agent, chat=entry.chat),
        **members,
    }


def _request(record: RequestRecord) -> JsonObject:
    was_sent = record.fault not in CLOSING_EFFECTS
    return {
        "method": record.method,
        "path": record.path,
        **_present(
            query=masked_query(record.query),
            operation=record.operation,
            fault=record.fault,
            status=record.status if was_sent else None,
            statusCode=record.status_code if was_sent else None,
            statusMessage=record.reason,
            cometdError=record.cometd_error if was_sent else None,
            ignored=list(record.ignored) or None,
            clientGaveUp=record.client_gave_up or None,
            requestBody=masked_body(record.request_body),
            responseBody=masked_body(record.response_body) if was_sent else None,
        ),
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _present(**members: object) -> JsonObject:
    """Return the members that are not None."""
    return {name: value for name, value in members.items() if value is not None}
