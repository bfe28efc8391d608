"""What the files of references, topics and the safety note may say."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, RootModel, StringConstraints, model_validator

from bot.content.models import Model, Name, Paragraph, Ref, Sentence, Short, must_be_tradition
from bot.domain import knowledge as domain
from bot.domain.exercise import Grade
from bot.domain.knowledge import Colour, Reference, SafetyNote, Seen, Topic

MOST_PAIN = 10
MOST_MOVES = 4  # with that for the sources, the five buttons of a row in Discord

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Doi = Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")]
Pmc = Annotated[str, StringConstraints(pattern=r"^PMC\d+$")]


class ReferenceModel(Model):
    """A study or another source; what we did not see is left out."""

    authors: Sentence | None = None
    year: int | None = Field(None, ge=1900, le=2100)
    about: Sentence = Field(description="what it is, in our own words")
    published: Sentence = Field(description="journal, volume and pages, or the site")
    doi: Doi | None = None
    pmc: Pmc | None = Field(None, description="its number in PubMed Central")
    seen: Seen = Field(description="second_hand: none of its numbers is shown to members")

    def build(self, ref: str) -> Reference:
        """Return the domain's reference."""
        return Reference(id=ref, **self.model_dump())


class ReferencesModel(RootModel[dict[Ref, ReferenceModel]]):
    """All references by their ids."""


class FindingModel(Model):
    """What the evidence lets us say; without references it is tradition, or nothing is known."""

    grade: Grade
    note: Paragraph
    refs: tuple[Ref, ...] = ()

    @model_validator(mode="after")
    def _is_honest(self) -> Self:
        must_be_tradition(self.grade, has_reference=bool(self.refs))
        return self


class TopicModel(Model):
    """A common belief and what is known about it; the name of its file is its slug."""

    title: Name
    complaints: tuple[Name, ...] = Field(min_length=1, description="words that lead here")
    claim: Sentence = Field(description="the common belief")
    myth: Paragraph | None = Field(None, description="where the belief is wrong, if it is")
    answer: Paragraph = Field(description="what the evidence lets us say; no promises")
    advice: Paragraph = Field(description="what to do about it")
    moves: tuple[Slug, ...] = Field(
        min_length=1, max_length=MOST_MOVES, description="exercises that go with the advice"
    )
    findings: tuple[FindingModel, ...] = Field(min_length=1)

    def citations(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield each reference with the place where it is named."""
        for i, finding in enumerate(self.findings):
            for ref in finding.refs:
                yield ("findings", i, "refs"), ref

    def build(self, slug: str) -> Topic:
        """Return the domain's topic."""
        findings = tuple(domain.Finding(**f.model_dump()) for f in self.findings)
        return Topic(slug=slug, **self.model_dump(exclude={"findings"}), findings=findings)


class LightModel(Model):
    """What to do at this much pain, of 10 at most."""

    colour: Colour
    pain_min: int = Field(ge=0, le=MOST_PAIN)
    pain_max: int = Field(ge=0, le=MOST_PAIN)
    advice: Paragraph


class SafetyModel(Model):
    """What holds for every move; the first three lists end a sentence that begins with "if"."""

    ask_first: tuple[Sentence, ...] = Field(min_length=1, description="ask a clinician first, if")
    see_doctor: tuple[Sentence, ...] = Field(min_length=1, description="stop and see one, if")
    emergency: tuple[Sentence, ...] = Field(min_length=1, description="call for help, if")
    note: Sentence = Field(description="why not to wait")
    stop: tuple[Short, ...] = Field(
        min_length=1, max_length=5, description="leave a move out, if; where it says nothing itself"
    )
    rules: tuple[Sentence, ...] = Field(min_length=1, description="how every move is done")
    timing: tuple[Sentence, ...] = Field(min_length=1, description="when in the week")
    refs: tuple[Ref, ...] = ()
    lights: tuple[LightModel, ...]

    @model_validator(mode="after")
    def _lights_cover_all_pain(self) -> Self:
        if [light.colour for light in self.lights] != list(Colour):
            raise ValueError("lights: green, amber and red are needed, in this order")
        covered = [pain for li in self.lights for pain in range(li.pain_min, li.pain_max + 1)]
        if covered != list(range(MOST_PAIN + 1)):
            raise ValueError(f"lights: together they must cover 0 to {MOST_PAIN}, each number once")
        return self

    def citations(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield each reference with the place where it is named."""
        for ref in self.refs:
            yield ("refs",), ref

    def build(self) -> SafetyNote:
        """Return the domain's safety note."""
        lights = tuple(domain.Light(**light.model_dump()) for light in self.lights)
        return SafetyNote(**self.model_dump(exclude={"lights"}), lights=lights)
