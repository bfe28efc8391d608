"""What is known, and how well: references, the topics behind "why", and the safety note."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.exercise import Grade
from bot.domain.matching import nearest, plain, rank
from bot.errors import UnknownTopic


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
    stop: tuple[str, ...]
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

    def topic(self, name: str) -> Topic:
        """Return the topic of this slug, title or complaint, or else the only one that matches.

        Raises:
            UnknownTopic: with three titles: those that match, or else the nearest.
        """
        wanted = plain(name)
        for topic in self.topics:
            if wanted in map(plain, (topic.slug, topic.title, *topic.complaints)):
                return topic
        found = self.search(name) if wanted else []
        if len(found) == 1:
            return found[0]
        others = nearest(name, {topic.title: topic.complaints for topic in self.topics})
        titles = dict.fromkeys([*(topic.title for topic in found), *others])
        raise UnknownTopic(name=name, nearest=tuple(titles)[:3])

    def search(self, typed: str) -> list[Topic]:
        """Return the topics that match what was typed, best first; all for nothing typed.

        Titles beat complaints; a typo of one letter still finds both.
        """
        scored = [
            (score, topic)
            for topic in self.topics
            if (score := rank(typed, topic.title, (topic.slug, *topic.complaints))) is not None
        ]
        return [topic for _, topic in sorted(scored, key=lambda pair: pair[0])]

    def sources(self, topic: Topic) -> tuple[Reference, ...]:
        """Return the references behind the findings of a topic, each once, in their order."""
        refs = dict.fromkeys(ref for finding in topic.findings for ref in finding.refs)
        return tuple(self.references[ref] for ref in refs)
