"""Where pictures are drawn: in a process of their own, one after the other, and never for long."""

import asyncio
import logging
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from typing import Any, Protocol

from bot.pictures import worker
from bot.pictures.lettering import Lettering

log = logging.getLogger(__name__)

# resvg holds the interpreter's lock all the while it draws, so that in a thread it would stop the
# event loop for a whole picture, more than 100 ms. A pool of `concurrent.futures` would import all
# of the bot into its process, and can end none that hangs. To start a process for each picture
# held the loop too, as long as the system took to start it; this one stays for a while.
PACKAGES = Path(__file__).parent.parent.parent
WAITING = 8  # more pictures than that would come too late
PATIENCE = 2.0  # seconds; Discord waits three for an answer
HANGING = 10.0  # seconds after which a process is not slow, but hangs


class Picture(Protocol):
    """What can be drawn."""

    def svg(self, letters: Lettering) -> str:
        """Return the picture as SVG."""


class Studio:
    """Draws with the fonts of a folder."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pictures")
        self._worker: subprocess.Popen[bytes] | None = None
        self._ordered = 0

    async def draw(self, picture: Picture) -> bytes | None:
        """Return the picture as PNG; None if it would come too late or cannot be drawn.

        What it shows stands in the message's text too, so no failure here is one of the message.
        """
        if self._ordered > WAITING:
            log.warning("Too many pictures at once: a message goes without its own")
            return None
        self._ordered += 1
        drawing = asyncio.get_running_loop().run_in_executor(self._thread, self._draw, picture)
        try:
            return await asyncio.wait_for(drawing, PATIENCE)
        except TimeoutError:
            log.warning("A picture was not drawn within %g s: its message goes without", PATIENCE)
            return None
        finally:
            self._ordered -= 1

    def close(self) -> None:
        """Draw nothing more, not even what was begun."""
        if self._worker is not None:
            self._worker.kill()
        self._thread.shutdown(cancel_futures=True)
        self._dismiss()

    def _draw(self, picture: Picture) -> bytes | None:
        """Return the PNG; called in the thread, for to wait for the process blocks."""
        try:
            answer = self._ask(pickle.dumps(picture))
        except (OSError, EOFError, pickle.PickleError) as error:
            log.error("A picture could not be drawn, its process ended over it: %r", error)
            self._dismiss()
            return None
        if isinstance(answer, bytes):
            return answer
        log.error("A picture could not be drawn: %s", answer)
        return None

    def _ask(self, message: bytes) -> object:
        process = self._worker
        if process is None or process.poll() is not None:  # it may have had nothing to do
            self._dismiss()
            process = self._hire()
        stdin, stdout = _pipes(process)
        limit = Timer(HANGING, process.kill)
        limit.start()
        try:
            stdin.write(message)
            stdin.flush()
            return pickle.load(stdout)  # noqa: S301 - from our own program
        finally:
            limit.cancel()

    def _hire(self) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")]))
        self._worker = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", worker.__name__, str(self._fonts)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
        )
        return self._worker

    def _dismiss(self) -> None:
        if self._worker is not None:
            for pipe in _pipes(self._worker):
                try:
                    pipe.close()
                except OSError:  # it ended before it read all
                    log.debug("The drawing process was gone already")
            self._worker.kill()
            self._worker.wait()
            self._worker = None


def _pipes(process: subprocess.Popen[bytes]) -> tuple[Any, Any]:
    return process.stdin, process.stdout
