"""One run: sign in, play the stories, clean up."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from threading import Condition

from gws_chat.verify.chat import NotReached
from gws_chat.verify.consistency import record_consistency
from gws_chat.verify.customer import CustomerAccess
from gws_chat.verify.desk import Desk, NoVerdict
from gws_chat.verify.http_client import HttpClient, InFlight, Response, value_at
from gws_chat.verify.interrupts import Interrupted, uninterruptible
from gws_chat.verify.observations import Observations
from gws_chat.verify.play import Play, RunOptions
from gws_chat.verify.step import Step
from gws_chat.verify.stories import STORIES, Story
from gws_chat.verify.stories.members import ENDED_STATES
from gws_chat.verify.stories.session import end_session, listen, sign_in, start_session, warn_of_other_work

NOT_FOUND = 6  # the statusCode
ENDING_OPERATIONS = {"Invited": ["Reject"], "Chatting": ["Complete", "Leave"], "LeftChat": ["Complete"]}
"""The operations that lead to the end of a chat, by its state."""


def run(
    url: str,
    accounts: list[tuple[str, str]],
    fact_ids: frozenset[str],
    options: RunOptions,
    report_progress: Callable[[str], None],
    customer_url: str | None = None,
    contact_center_id: str | None = None,
    stories: Sequence[Story] = STORIES,
) -> tuple[Observations, Play]:
    """Play the stories and return what was observed. Raises `NoVerdict` and `Interrupted`."""
    seen = Observations()
    changed, in_flight = Condition(), InFlight()
    desks = [Desk(url, account, options.timeout, in_flight, changed, seen) for account in accounts]
    play = Play(desks, changed, None, seen, fact_ids, options, report_progress)
    try:
        for desk in desks:
            sign_in(play, desk)
        if len({str(desk.user.get("id", desk.name)) for desk in desks}) < len(desks):
            raise NoVerdict(f"--agent: must be different agents, got {', '.join(desk.name for desk in desks)}")
        for desk in desks:
            warn_of_other_work(play, desk)
        http = HttpClient(customer_url or url, options.timeout, in_flight)
        play.customer_access = _customer_access(play, http, contact_center_id)
        with _cleaning_up(play):
            play.desks = [desk for desk in desks if listen(play, desk)]
            for desk in play.desks:
                start_session(play, desk)
            _play_stories(play, stories)
    except KeyboardInterrupt:
        raise Interrupted(left_behind(play)) from None
    return seen, play


def _customer_access(play: Play, http: HttpClient, contact_center_id: str | None) -> CustomerAccess | None:
    found = contact_center_id or value_at(play.desks[0].user, "contactCenterId")
    if not isinstance(found, str):
        play.seen.not_reached("customer", "the contact center's ID is unknown, see --contact-center-id")
        return None
    return CustomerAccess(http, found)


def _play_stories(play: Play, stories: Sequence[Story]) -> None:
    listening = play.desks
    for story in stories:
        play.report_progress(story.title)
        play.desks = listening if story.needs_notifications else play.all_desks
        reason = None
        if story.needs_notifications and not listening:
            reason = "the CometD session could not be opened"
        else:
            try:
                story.perform(play)
            except NotReached as error:
                reason = str(error)
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                # a server may send values that nobody has foreseen; the other stories go on
                reason = f"a response was not understood ({type(error).__name__})"
        if reason:
            play.report_progress(f"  not reached: {reason}")
            play.seen.story_errors[story.name] = reason
        play.desks = listening
        clean_up_chats(play)


@contextmanager
def _cleaning_up(play: Play) -> Iterator[None]:
    """At the end, also after an error or Ctrl-C, end the chats and the sessions.

    Before the sessions end, record the facts about the notifications of the whole run.
    """
    try:
        yield
    finally:
        with uninterruptible():
            play.report_progress("Clean up")
            clean_up_chats(play)
            play.finish()
            record_consistency(play.desks, play.seen)
            for desk in play.all_desks:
                if desk.has_contact_center_session:
                    end_session(play, desk)
                desk.listener.stop()


def left_behind(play: Play) -> list[str]:
    """Return the chats and sessions of this run that have not been ended."""
    chats = [f"chat {each.id}" for each in play.chats if each.could_not_be_ended or not each.is_cleaned_up]
    return chats + [
        f"the contact-center session of {each.name}" for each in play.all_desks if each.has_contact_center_session
    ]


def clean_up_chats(play: Play) -> None:
    """Bring every chat of this run to its end."""
    play.settle()
    for chat in play.chats:
        if not chat.is_cleaned_up and not all(_is_gone(desk.get(f"/me/chats/{chat.id}")) for desk in play.desks):
            play.add_step(Step("clean-up", "clean-up", chat.id, None, {}, is_clean_up=True))
            has_ended = [_end_chat(desk, chat.id) for desk in play.desks]
            chat.could_not_be_ended = not all(has_ended)
        chat.is_cleaned_up = True
    for customer in play.all_customers:
        if customer.is_open:
            customer.perform({"operationName": "Complete"})
            customer.is_open = False  # also if an agent has ended the session, so that this is rejected
    play.settle()


def _is_gone(response: Response | None) -> bool:
    """Return whether the response to a GET of a chat shows that the agent no longer has it."""
    if response is None:
        return False
    is_unknown = response.status == HTTPStatus.NOT_FOUND or response.outcome[1] == NOT_FOUND
    return is_unknown or response.get("chat", "state") in ENDED_STATES


def _end_chat(desk: Desk, chat_id: str) -> bool:
    """End the chat for the agent, and return whether the agent no longer has it."""
    for _ in range(4):  # Leave, Complete, and a look at the result; once more after a failure
        response = desk.get(f"/me/chats/{chat_id}")
        if _is_gone(response):
            return True
        state = str(response.get("chat", "state") if response else None)
        for name in ENDING_OPERATIONS.get(state, ["Reject", "Complete", "Leave"]):
            if _perform(desk, chat_id, name):
                break
    return False


def _perform(desk: Desk, chat_id: str, name: str) -> bool:
    """Perform the operation and return whether it was accepted."""
    response = desk.post(f"/me/chats/{chat_id}", {"operationName": name})
    if response is None or not response.is_http_success:
        return False
    desk.count_operation(is_certain=response.is_success)
    return True
