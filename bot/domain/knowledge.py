"""What is known, and how well: references, the topics behind "why", and the safety note."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.exercise import Grade


class Seen(StrEnum):
    """How we know a reference; no number known at second hand is shown to members."""

    DIRECTLY = "directly"
    SECOND_HAND = "second_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A study or another source; `about` says in our words what it is, None is not known to us."""

    id: str
    authors: str | None
    year: int | None
    about: str
    published: str
    doi: str | None
    pmc: str | None
    seen: Seen

    @property
    def url(self) -> str | None:
        """The page of the reference, if it has a lasting address."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmc}/" if self.pmc else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the evidence lets us say, how strongly, and the ids of the references behind it."""

    grade: Grade
    note: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A common belief and what is known about it.

    `complaints` are words that lead here, `myth` says where the belief is wrong, if it is, and
    `moves` are the slugs of exercises that go with the advice.
    """

    slug: str
    title: str
    complaints: tuple[str, ...]
    claim: str
    myth: str | None
    answer: str
    advice: str
    moves: tuple[str, ...]
    findings: tuple[Finding, ...]


class Colour(StrEnum):
    """The colours of the traffic light for pain, from the mildest."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """What to do at this much pain, of 10 at most."""

    colour: Colour
    pain_min: int
    pain_max: int
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyNote:
    """What holds for every move; the first three end a sentence that begins with "if"."""

    ask_first: tuple[str, ...]
    see_doctor: tuple[str, ...]
    emergency: tuple[str, ...]
    note: str
    rules: tuple[str, ...]
    timing: tuple[str, ...]
    lights: tuple[Light, ...]
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """All references by their ids, all topics in the order of their slugs, and the safety note."""

    references: Mapping[str, Reference]
    topics: tuple[Topic, ...]
    safety: SafetyNote
