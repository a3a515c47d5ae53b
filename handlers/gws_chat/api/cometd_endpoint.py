"""`/api/v2/notifications`: the CometD endpoint."""

from gws_chat.api.services import Services
from gws_chat.cometd.server import HeldConnect
from gws_chat.domain.agent import Agent
from gws_chat.gateway.request import Request, Result
from gws_chat.gateway.request_record import messages_of


async def exchange_messages(request: Request, services: Services) -> Result:
    """Reply to Bayeux messages. While a poll is held, this coroutine waits."""
    if isinstance(request.user, Agent):
        services.notifier.set_external_url(request.user, request.external_url)
    reply = services.cometd.exchange(
        messages_of(request.body),
        owner=request.user.id,
        connection=request.connection,
        browser=request.browser_id,
        on_session_opened=request.set_browser_id,
    )
    if isinstance(reply, HeldConnect):
        reply = await services.cometd.wait_for_response(reply)
    return Result(reply)
