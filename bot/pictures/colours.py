"""The colours of every picture: a dark card, legible on a light page and on a dark one."""

CARD = "#22303F"
PANEL = "#2B3B4C"  # what stands out from the card
OWN = "#37506A"  # the viewer's own row
EMPTY = "#3A4D61"  # a day or a bar with nothing in it
TEXT = "#F4F6F8"
QUIET = "#B4C2CF"
ORANGE = "#FF8A63"
YELLOW = "#FFC93C"
TEAL = "#5CC3CF"
ICE = "#9CD3FF"
INK = "#16202A"  # on orange, yellow, teal and ice

# Days with no move, one, two, and three or more.
HEAT = (EMPTY, "#A9502F", "#E8693C", "#FFB38F")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
