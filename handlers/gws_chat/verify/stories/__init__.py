"""The stories, in the order in which they are played. A story performs operations and records observations.

Each has the names of its operations, which `--dry-run` prints; a test compares them with the requests of a run.
"""

from collections.abc import Callable
from dataclasses import dataclass

from gws_chat.verify.play import Play
from gws_chat.verify.stories import (
    alone,
    conference,
    consultation,
    ending,
    errors,
    handover,
    invitations,
    polling,
    resources,
)


@dataclass(frozen=True, slots=True)
class Story:
    """A story, by the name that the facts use."""

    name: str
    title: str
    perform: Callable[[Play], None]
    operations: tuple[str, ...]
    needs_notifications: bool = True


START = ("StartContactCenterSession", "AfterCallWork", "NotReady", "Ready")
"""The operations before the first story."""
ARRIVAL = ("customer: RequestChat", "Accept")
"""The operations by which most stories get a chat."""
CLEAN_UP = ("Reject", "Leave", "Complete", "customer: Complete")
"""The operations that end the chats of a story, if they have not ended."""
END = ("EndContactCenterSession", "Ready")
"""The operations after the last story. Ready should be rejected then."""
STORIES = (
    Story(
        "resources", "Read what a desktop reads at its start", resources.read_resources, (), needs_notifications=False
    ),
    Story(
        "errors",
        "Send requests that should be rejected",
        errors.send_invalid_requests,
        ("Leave", "SendMessage", "Ready"),
        needs_notifications=False,
    ),
    Story("polling", "Open further CometD sessions", polling.use_further_sessions, ("Ready",)),
    Story(
        "alone",
        "Messages, Leave as the only agent, again, after-call work, Complete",
        alone.leave_alone,
        (
            "SendMessage",
            "SendStartTypingNotification",
            "SendStopTypingNotification",
            "AttachUserData",
            "UpdateUserData",
            "DeleteUserData",
            "SetDisposition",
            "SetInFocus",
            "InFocus",
            "SendUrl",
            "customer: SendMessage",
            "customer: SendStartTypingNotification",
            "customer: SendStopTypingNotification",
            "customer: Leave",
            "Leave",
            "Complete",
        ),
    ),
    Story("text", "Leave with a last message", alone.leave_with_text, ("Leave", "Transfer", "Complete")),
    Story(
        "conference",
        "Leave a conference, then as the last agent",
        conference.leave_conference,
        (
            "Invite",
            "SendMessage",
            "SendToAgents",
            "SendStartTypingToAgentsNotification",
            "SendStopTypingToAgentsNotification",
            "SendCustomNoticeToAgents",
            "AttachUserData",
            "customer: SendMessage",
            "Transfer",
            "Reject",
            "Leave",
            "Complete",
        ),
    ),
    Story(
        "consultation",
        "Leave as consultant, then as owner with a consultant",
        consultation.leave_consultation,
        ("Consult", "SendToAgents", "SendMessage", "SendUrl", "Leave", "Complete"),
    ),
    Story(
        "handover",
        "Remove an agent, Complete a conference, Transfer",
        handover.remove_and_complete,
        ("Invite", "RemoveParticipantFromConference", "Complete", "Transfer"),
    ),
    Story(
        "declined",
        "Reject, agents who are NotReady, Leave with an open invitation",
        invitations.decline,
        (
            "Invite",
            "Consult",
            "Reject",
            "NotReady",
            "Ready",
            "SendMessage",
            "AttachUserData",
            "customer: SendMessage",
            "Leave",
            "Complete",
        ),
    ),
    Story(
        "customer",
        "The customer completes the chat, then the agent leaves",
        invitations.customer_leaves,
        ("customer: Complete", "Leave", "Complete"),
    ),
    Story(
        "waiting",
        "A customer writes before Accept, and gives up",
        invitations.customer_gives_up,
        ("customer: SendMessage", "customer: Complete"),
    ),
    Story(
        "waiting-declined",
        "Reject a chat whose customer goes on waiting",
        invitations.decline_waiting_customer,
        ("Reject",),
    ),
    Story(
        "not-ready",
        "Request a chat while the agents are NotReady, then become Ready",
        invitations.wait_for_ready,
        ("NotReady", "Ready", "customer: RequestChat"),
    ),
    Story(
        "rejected",
        "Operations that should be rejected in a chat",
        errors.perform_invalid_operations,
        (
            "SendMessage",
            "SendUrl",
            "AttachUserData",
            "DeleteUserData",
            "SetDisposition",
            "GwsChatVerifyUnknown",
            "Invite",
            "Leave",
            "Complete",
        ),
    ),
    Story(
        "ending",
        "End the contact-center sessions with an invitation and with a chat",
        ending.end_sessions,
        ("Invite", "NotReady", "StartContactCenterSession", "EndContactCenterSession", "Ready"),
    ),
)
