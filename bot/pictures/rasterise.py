"""A program of its own: turns the SVG on its standard input into a PNG on its standard output."""

import os
import sys

import resvg_py


def main(fonts: str) -> None:
    """Draw with the fonts of this folder, in the order of their names, and with no others."""
    if hasattr(os, "nice"):
        os.nice(5)  # whoever waits for an answer comes before whoever waits for a picture
    files = sorted(entry.path for entry in os.scandir(fonts) if entry.name.endswith("tf"))
    svg = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(
        resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=files)
    )


if __name__ == "__main__":
    main(sys.argv[1])
