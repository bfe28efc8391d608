"""The demo on a local page that looks like Discord."""

import asyncio
import webbrowser
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import simcord
import typer
from aiohttp import web
from simcord.preview._server import PreviewServer

from bot.demo.world import ZONE, World, open_world

SCRIPT = Path(__file__).with_name("page.js")
UNASKED = ("/channels/", "/webhooks/")  # where the bot writes what nobody has just asked for
PAUSE = 0.5  # seconds between two looks at what the bot did by itself


async def show(port: int, open_browser: bool) -> None:
    """Serve the page until it is closed or the task cancelled; print its address.

    Raises:
        OSError, simcord.SetupError: the port is taken.
    """
    async with open_world() as world:
        preview = world.env.preview(
            world.channel,
            viewers=world.visitors,
            layout="channel",
            timezone=ZONE.key,
            port=port or None,
        )
        preview._server = _Server(preview, port)  # private: simcord is pinned for it
        async with preview:
            typer.echo(f"Hipstride’s demo is at {preview.url}\nCtrl+C ends it.")
            if open_browser:
                await asyncio.to_thread(_open, preview.url)
            driver = asyncio.create_task(_drive(world, preview))
            try:
                await preview.wait_closed()
            finally:
                driver.cancel()
                with suppress(asyncio.CancelledError):
                    await driver


def _open(url: str) -> None:
    """Open the page, but not in a browser that would take over this terminal."""
    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(url)


async def _drive(world: World, preview: simcord.Preview) -> None:
    """Jump when asked to, tick the bot's clock, and show the page what it did by itself.

    The page publishes what its own clicks did. A refresh outdates the click that follows it, so
    there is one only for posts and edits that came unasked, and only while nobody is clicking.
    """
    seen = len(world.env.http_requests)
    while True:
        await asyncio.sleep(PAUSE)
        world.keep_time()
        preview.capture_time = world.env.now()  # else a click is shown at the time of a refresh
        before, seen = seen, len(world.env.http_requests)
        if seen > before:
            continue
        if world.jumps.empty():
            await world.tick()
        else:
            world.jumps.get_nowait()
            await _in_turn(world.next_day)
        news = world.env.http_requests[seen:]
        seen += len(news)
        if any(r.path.startswith(UNASKED) and r.method != "GET" for r in news):
            await _in_turn(preview.refresh)


async def _in_turn(operation: Callable[[], Awaitable[object]]) -> None:
    """Run an operation of simcord when no click is being answered: the two may not overlap."""
    while True:
        try:
            await operation()
            return
        except simcord.SetupError as error:
            if "overlap" not in str(error):
                raise
            await asyncio.sleep(0.05)


class _Server(PreviewServer):
    """simcord's server with our script on its page."""

    _STATIC_FILES = {**PreviewServer._STATIC_FILES, "/demo.js": str(SCRIPT)}  # noqa: RUF012

    async def _static(self, request: Any) -> Any:
        response: web.Response = await super()._static(request)
        if request.path == "/" and response.text is not None:
            script = '<script type="module" src="/demo.js"></script></body>'
            response.text = response.text.replace("</body>", script)
        return response
