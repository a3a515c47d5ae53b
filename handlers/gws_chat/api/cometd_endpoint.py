"""`/api/v2/notifications`: the CometD endpoint."""

from gws_chat.api.services import Services
from gws_chat.domain.agent import Agent
from gws_chat.gateway.request import Request, Result
from gws_chat.gateway.request_record import messages_of


def exchange_messages(request: Request, services: Services) -> Result:
    """Reply to Bayeux messages. A connect may be held."""
    if isinstance(request.user, Agent):
        services.notifier.set_external_url(request.user, request.external_url)
    response = services.cometd.exchange(
        messages_of(request.body),
        owner=request.user.id,
        connection=request.connection,
        browser=request.browser_id,
        on_session_opened=request.set_browser_id,
    )
    return Result(response) if isinstance(response, bytes) else Result(held_body=response)
