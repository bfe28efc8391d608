"""Makes any name drawable: what no font has, what is too long, what is meant to do harm."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Self

BOX = "□"  # stands for a character that no font has
JOINER = "\u200d"
KEPT = JOINER + "\u200c"  # invisible, but words in Persian and emoji are spelt with them
MOST_MARKS = 3  # on one letter; Hindi, Thai and Hebrew need no more
LONGEST = 120  # clusters looked at; no place in a picture has room for more
KEYCAP, SELECTOR = "\u20e3", "\ufe0f"
LONGEST_EMOJI = 10  # two people of two colours kissing
EMOJI_WIDTH, BOX_WIDTH = 1.3, 0.9


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a reader takes for one character, a letter with its marks or an emoji; width in ems."""

    text: str
    width: float
    is_emoji: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether its width is; emoji joined as no font knows them are drawn side by side."""
        return not self.is_emoji or len(self.text.rstrip(SELECTOR + KEYCAP)) == 1


class Lettering:
    """What the fonts of a folder can draw, and how wide it is."""

    def __init__(self, widths: Mapping[range, float], emoji: Sequence[range]) -> None:
        runs = sorted(widths, key=lambda run: run.start)
        self._runs, self._widths = _Ranges(runs), [widths[run] for run in runs]
        self._emoji = _Ranges(sorted(emoji, key=lambda run: run.start))

    @classmethod
    def read(cls, fonts: Path) -> Self:
        """Return what `coverage.txt` of the folder says."""
        widths: dict[range, float] = {}
        for line in (fonts / "coverage.txt").read_text("ascii").splitlines():
            kind, *runs = line.split()
            if kind == "emoji":
                return cls(widths, [_range(run) for run in runs])
            widths |= {_range(run): int(kind) / 10 for run in runs}
        raise ValueError("coverage.txt ends with the emoji")

    def covers(self, character: str) -> bool:
        """Return whether a font has it."""
        return self._runs.find(ord(character)) is not None or self._is_emoji(character)

    def markup(self, text: str, width: float) -> str:
        """Return the text as SVG, cut with an ellipsis to about this width in ems."""
        clusters = _cut(self.clusters(text), width)
        drawn = "".join(
            f'<tspan font-family="Noto Color Emoji">{escape(c.text)}</tspan>'
            if c.is_emoji
            else escape(c.text)
            for c in clusters
        )
        # An isolate of its own direction: a full stop after a name in Arabic stands on its left.
        is_turned = any(unicodedata.bidirectional(c.text[0]) in ("R", "AL") for c in clusters)
        return f"\u2068{drawn}\u2069" if is_turned else drawn

    def width(self, text: str) -> float:
        """Return about how wide the text is, in ems."""
        return sum(cluster.width for cluster in self.clusters(text))

    def is_certain(self, text: str) -> bool:
        """Return whether the text is no wider than `width` says."""
        return all(cluster.is_certain for cluster in self.clusters(text))

    def clusters(self, text: str) -> list[Cluster]:
        """Return the text as it can be drawn; a box for what no font has, or if nothing is left."""
        drawn = [self._drawable(cluster) for cluster in _clusters(_plain(text))][:LONGEST]
        return drawn or [Cluster(BOX, BOX_WIDTH)] if text else []

    def _drawable(self, cluster: str) -> Cluster:
        first = cluster[0]
        if not self.covers(first):
            return Cluster(BOX, BOX_WIDTH)
        if self._is_emoji(first) or cluster[-1] == KEYCAP or SELECTOR in cluster:
            return Cluster(cluster, EMOJI_WIDTH, is_emoji=True)
        widths = [self._width(c) for c in cluster]
        known = [(c, w) for c, w in zip(cluster, widths, strict=True) if w is not None]
        return Cluster("".join(c for c, _ in known), sum(w for _, w in known))

    def _width(self, character: str) -> float | None:
        place = self._runs.find(ord(character))
        return None if place is None else self._widths[place]

    def _is_emoji(self, character: str) -> bool:
        return self._emoji.find(ord(character)) is not None


class _Ranges:
    """Ranges of code points in their order, none of which overlap."""

    def __init__(self, ranges: Sequence[range]) -> None:
        self._starts = [each.start for each in ranges]
        self._ends = [each.stop for each in ranges]

    def find(self, point: int) -> int | None:
        """Return which of the ranges holds the point, if one does."""
        place = bisect_right(self._starts, point) - 1
        return place if place >= 0 and point < self._ends[place] else None


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


def _plain(text: str) -> str:
    """Return the text without what is invisible or turns a line round, composed, on one line."""
    visible = "".join(
        " " if c.isspace() else c
        for c in text[: LONGEST * 10]
        if c.isspace() or c in KEPT or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def _clusters(text: str) -> Iterator[str]:
    """Yield the text in clusters, each with its first few marks only."""
    cluster, marks = "", 0
    for character in text:
        if not cluster:
            cluster = "" if _is_mark(character) or character in KEPT else character
        elif _is_mark(character):
            marks += 1
            cluster += character if marks <= MOST_MARKS else ""
        elif character in KEPT or _continues(cluster, character):
            marks = 0
            cluster += character
        else:
            yield cluster
            cluster, marks = character, 0
    if cluster:
        yield cluster


def _continues(cluster: str, character: str) -> bool:
    """Return whether the character belongs to the emoji or flag that the cluster is so far."""
    if len(cluster) >= LONGEST_EMOJI:
        return False
    if _is_flag_letter(character):
        return len(cluster) == 1 and _is_flag_letter(cluster)
    is_tone = 0x1F3FB <= ord(character) <= 0x1F3FF
    return is_tone or (cluster[-1] == JOINER and ord(character) >= 0x2190)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me")


def _is_flag_letter(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _cut(clusters: list[Cluster], width: float) -> list[Cluster]:
    """Return as many clusters as fit into this width in ems, and an ellipsis if some do not."""
    if sum(cluster.width for cluster in clusters) <= width:
        return clusters
    ellipsis = Cluster("…", 1.0)
    room, kept = width - ellipsis.width, 0
    for cluster in clusters:
        room -= cluster.width
        if room < 0:
            break
        kept += 1
    return [*clusters[:kept], ellipsis]
