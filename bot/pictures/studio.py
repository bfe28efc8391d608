"""Where pictures are drawn: in a process each, a few at once, and never while an answer waits."""

import asyncio
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Protocol

from bot.pictures.lettering import Lettering

log = logging.getLogger(__name__)

# resvg holds the interpreter's lock all the while it draws (a thread would stop the event loop for
# a whole picture), so it draws in another process. A fresh one costs about 15 ms more than a pool's
# would, and keeps nothing: no memory between pictures, and no crash or hang that outlives one.
PROGRAM = Path(__file__).with_name("rasterise.py")
AT_ONCE = 2
WAITING = 8  # more than that would come too late anyway
PATIENCE = 2.0  # seconds; Discord waits three for an answer


class Picture(Protocol):
    """What can be drawn."""

    def svg(self, letters: Lettering) -> str:
        """Return the picture as SVG."""


class Studio:
    """Draws with the fonts of a folder."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
        self._ordered = 0

    async def draw(self, picture: Picture) -> bytes | None:
        """Return the picture as PNG; None if it would come too late or cannot be drawn.

        What it shows stands in the message's text too, so no failure here is one of the message.
        """
        if self._ordered >= AT_ONCE + WAITING:
            log.warning("Too many pictures at once: a message goes without its own")
            return None
        self._ordered += 1
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(
                loop.run_in_executor(self._pool, self._draw, picture), PATIENCE
            )
        except (TimeoutError, subprocess.TimeoutExpired):
            log.warning("A picture was not drawn within %g s: its message goes without", PATIENCE)
        except subprocess.CalledProcessError as error:
            log.error("A picture could not be drawn: %s", error.stderr.decode(errors="replace"))
        except OSError:
            log.exception("A picture could not be drawn")
        finally:
            self._ordered -= 1
        return None

    def close(self) -> None:
        """Draw nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _letters(self) -> Lettering:
        return Lettering.read(self._fonts)

    def _draw(self, picture: Picture) -> bytes:
        """Return the PNG; called in a thread, for starting a process and waiting for it blocks."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-P", str(PROGRAM), str(self._fonts)],
            input=picture.svg(self._letters).encode(),
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout
