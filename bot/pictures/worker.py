"""A process that draws: pictures come in on its standard input, PNG files go out."""

import os
import pickle
import signal
import sys
from pathlib import Path
from threading import Timer
from typing import Any

import resvg_py

from bot.pictures.lettering import Lettering

IDLE = 60.0  # seconds without a picture after which the process ends, and its memory is free


def main(fonts: Path) -> None:
    """Draw with the fonts of this folder, in the order of their names, and with no others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the bot's; it then closes our input
    if hasattr(os, "nice"):
        os.nice(5)  # who waits for an answer comes before who waits for a picture
    letters = Lettering.read(fonts)
    files = [str(file) for file in sorted(fonts.glob("*tf"))]
    while True:
        end = Timer(IDLE, os._exit, [0])
        end.daemon = True
        end.start()
        try:
            picture = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the bot itself
        except EOFError:
            return
        end.cancel()
        pickle.dump(_draw(picture, letters, files), sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _draw(picture: Any, letters: Lettering, files: list[str]) -> bytes | str:
    """Return the PNG, or what is wrong with the picture."""
    try:
        return resvg_py.svg_to_bytes(
            svg_string=picture.svg(letters), skip_system_fonts=True, font_files=files
        )
    except Exception as error:  # the next picture may be sound
        return repr(error)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
