"""Third-party CometD clients can sign in, receive notifications, reconnect and sign out."""

from contextlib import AsyncExitStack

import pytest

from tests.clients.left_chats import ALONE, CONFERENCE, leave, notification
from tests.clients.programs import PROGRAMS, listening

CHANNELS = ["/v2/me/chats", "/v2/me/*", "/**"]
"""The channels that GWS desktops subscribe to."""

IN_BROWSER = {"cometd 9 in Chromium"}
CANNOT_RECONNECT = {"baiocas", "python-bayeux"}
"""The first failed connection ends their polling."""


def every_channel(step):
    return dict.fromkeys(CHANNELS, step)


def notified(service, chat_id):
    return {"notification": notification(service, chat_id)}


@pytest.mark.parametrize("server", ["uvicorn", "flask"])
@pytest.mark.parametrize("client", [client for client in PROGRAMS if client not in IN_BROWSER])
async def test_each_leave_is_notified_once_per_channel(share, server, client):
    service = share(server)
    async with listening(client, service.url, [[channel] for channel in CHANNELS]) as desktops:
        assert every_channel({"subscribed": True}) == await desktops.next_steps()

        for chat_id in (ALONE, CONFERENCE):
            await leave(service, chat_id)
            assert every_channel(notified(service, chat_id)) == await desktops.next_steps()

        assert every_channel([{"disconnected": True}]) == await desktops.sign_out()


@pytest.mark.parametrize("client", IN_BROWSER)
async def test_reloaded_tab_receives_each_notification_once(share, client):
    service = share("uvicorn")
    async with listening(client, service.url, [CHANNELS]) as tabs:
        assert every_channel({"subscribed": True}) == await tabs.next_steps()
        await leave(service, ALONE)
        assert every_channel(notified(service, ALONE)) == await tabs.next_steps()

        assert {"/v2/me/*": {"subscribed": True}} == await tabs.reload("/v2/me/*")
        await leave(service, CONFERENCE)
        assert every_channel(notified(service, CONFERENCE)) == await tabs.next_steps()

        assert every_channel([{"disconnected": True}]) == await tabs.sign_out()


async def test_desktops_reconnect_after_the_service_restarts(serve):
    channel = "/v2/me/chats"
    first = serve("uvicorn")
    async with AsyncExitStack() as stack:
        desktops = {
            client: await stack.enter_async_context(listening(client, first.url, [[channel]]))
            for client in PROGRAMS
            if client not in CANNOT_RECONNECT
        }

        async def expect_step(step):
            for client, desktop in desktops.items():
                assert (client, {channel: step}) == (client, await desktop.next_steps())

        await expect_step({"subscribed": True})
        first.end()
        second = serve("uvicorn", port=first.port)
        await expect_step({"subscribed": True})
        await leave(second, ALONE)
        await expect_step(notified(second, ALONE))

        for desktop in desktops.values():
            assert {channel: [{"disconnected": True}]} == await desktop.sign_out()
