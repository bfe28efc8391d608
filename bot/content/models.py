"""What an exercise file may say; editors get the same as a JSON schema."""

import unicodedata
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from bot.domain import exercise as domain
from bot.domain.exercise import (
    Block,
    Category,
    Difficulty,
    Equipment,
    Exercise,
    Force,
    Grade,
    Level,
    Mechanic,
    Muscle,
    Per,
    Position,
    Sides,
    Source,
)


def text(max_length: int) -> StringConstraints:
    """Return the constraint of a trimmed sentence of at most so many characters."""
    return StringConstraints(min_length=2, max_length=max_length, pattern=r"^\S.*\S$")


# What joins emoji, and letters in some scripts; elsewhere it only hides.
_JOINERS = "\u200c\u200d"
# Letters and marks that draw nothing, though Unicode does not count them as control characters.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
MOST_MARKS = 3  # accents on one letter; with more it grows over the lines above


def legible(text: str) -> str:
    """Return the text if every character of it is seen where it stands, or raise a ValueError."""
    marks = 0
    for i, letter in enumerate(text):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind == "Mn" else 0
        joins = letter in _JOINERS and not (text[i - 1 : i] + text[i + 1 : i + 2]).isascii()
        if (kind in _UNSEEN and not joins) or letter in _BLANK or marks > MOST_MARKS:
            raise ValueError(f"holds a character that cannot be read, U+{ord(letter):04X}")
    return text


def _readable(text: str) -> str:
    if len(text.encode("utf-16-le")) // 2 > len(text) + MOST_EMOJI:
        raise ValueError(f"holds more than {MOST_EMOJI} emoji")
    return legible(text)


MOST_EMOJI = 5  # Discord counts each twice against its limits
READABLE = AfterValidator(_readable)

# Long enough to say it, short enough that a whole card fits one phone screen.
Name = Annotated[str, text(40), READABLE]
Short = Annotated[str, text(90), READABLE]
Sentence = Annotated[str, text(160), READABLE]
Paragraph = Annotated[str, text(300), READABLE]
Count = Annotated[int, Field(gt=0, le=1000)]


def _shipped(source: Source) -> Source:
    if source is Source.CLUB:
        raise ValueError("only a club’s own move is of a club")
    return source


OfLibrary = Annotated[
    Source,
    AfterValidator(_shipped),
    WithJsonSchema({"type": "string", "enum": [Source.SEED.value, Source.OURS.value]}),
]
Ref = Annotated[str, StringConstraints(pattern=r"^R\d+$")]


class Model(BaseModel):
    """Rejects unknown keys: a misspelt one is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DoseModel(Model):
    """How much: a range where a maximum is given."""

    sets: Count | None = None
    sets_max: Count | None = None
    reps_min: Count | None = None
    reps_max: Count | None = None
    hold_s: Count | None = Field(None, description="seconds, in each repeat")
    hold_max_s: Count | None = None
    distance_m: Count | None = None
    distance_max_m: Count | None = None
    per: Per = Field(Per.BOTH, description="what the numbers are counted for")
    source: OfLibrary = Field(
        description="where the repeats, or else the hold or distance, come from"
    )
    sets_source: OfLibrary | None = Field(None, description="if the sets come from elsewhere")
    hold_source: OfLibrary | None = Field(None, description="if the hold comes from elsewhere")

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        ranges = {
            "sets": (self.sets, self.sets_max),
            "reps": (self.reps_min, self.reps_max),
            "hold": (self.hold_s, self.hold_max_s),
            "distance": (self.distance_m, self.distance_max_m),
        }
        for what, (low, high) in ranges.items():
            if high is not None and (low is None or low > high):
                raise ValueError(f"{what}: the minimum must be given and not above the maximum")
        if not (self.reps_min or self.hold_s or self.distance_m):
            raise ValueError("a dose needs reps_min, hold_s or distance_m")
        return self

    def build(self) -> domain.Dose:
        """Return the domain's dose."""
        values = self.model_dump()
        values["sets_source"] = self.sets_source or self.source
        values["hold_source"] = self.hold_source or self.source
        return domain.Dose(**values)


class TempoModel(Model):
    """Seconds down, at the turn and up; or a cue where seconds make no sense."""

    down: Count | None = None
    pause: int | None = Field(None, ge=0, le=1000)
    up: Count | None = None
    cue: Short | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.cue is None and None in (self.down, self.pause, self.up):
            raise ValueError("a tempo needs down, pause and up, or a cue")
        return self

    @property
    def has_words(self) -> bool:
        """Whether it says anything."""
        return self.cue is not None or self.down is not None

    def build(self) -> domain.Tempo:
        """Return the domain's tempo."""
        return domain.Tempo(**self.model_dump())


class RestModel(Model):
    """Seconds between sets or sides."""

    min_s: Count
    max_s: Count

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.min_s > self.max_s:
            raise ValueError("min_s is above max_s")
        return self


class FaultModel(Model):
    """A common mistake and what mends it."""

    fault: Short
    fix: Short


def must_be_tradition(grade: Grade, *, has_reference: bool) -> None:
    """Raise a ValueError if there is a grade above D and no reference to earn it."""
    if grade is not Grade.D and not has_reference:
        raise ValueError("without a reference the grade is D")


class EvidenceModel(Model):
    """What a source lets us say; `ref` is a reference id, left out for tradition."""

    ref: Ref | None = None
    grade: Grade
    note: Paragraph

    @model_validator(mode="after")
    def _is_honest(self) -> Self:
        must_be_tradition(self.grade, has_reference=self.ref is not None)
        return self


class RungModel(Model):
    """An easier or harder version of the move, with its own how-to and dose."""

    level: Literal[Level.EASIER, Level.HARDER]
    name: Name
    how: Paragraph
    dose: DoseModel
    equipment: tuple[Equipment, ...] = Field(min_length=1)
    tempo: TempoModel | None = Field(None, description="if it is this rung's own")
    sides: Sides | None = Field(None, description="if not as in the exercise itself")
    feel: tuple[Short, ...] = Field(
        (), max_length=4, description="in place of the exercise's, if it is felt elsewhere"
    )
    stop: tuple[Short, ...] = Field(
        (), max_length=3, description="signs of this rung's own; the exercise's hold as well"
    )

    def build(self, feel: tuple[str, ...], stop: tuple[str, ...], sides: Sides) -> domain.Rung:
        """Return the domain's rung, given how the standard one is felt, stopped and shared."""
        return domain.Rung(
            level=self.level,
            name=self.name,
            how=self.how,
            dose=self.dose.build(),
            equipment=self.equipment,
            tempo=self.tempo.build() if self.tempo else None,
            feel=self.feel or feel,
            stop=self.stop + stop,
            sides=self.sides or sides,
        )


class ExerciseModel(Model):
    """One exercise; the name of its file is its slug."""

    is_whole: ClassVar[bool] = True
    """Whether nothing may be left out."""

    name: Name
    aliases: tuple[Name, ...] = ()
    source: OfLibrary
    category: Category
    level: Difficulty
    block: Block | None = Field(
        None, description="of the plan; if its kind and level do not say it already"
    )
    force: Force | None = None
    mechanic: Mechanic
    position: Position
    equipment: tuple[Equipment, ...] = Field(min_length=1)
    sides: Sides
    primary_muscles: tuple[Muscle, ...] = Field(min_length=1)
    secondary_muscles: tuple[Muscle, ...] = ()
    rest: RestModel
    phases: tuple[Sentence, ...] = Field(
        min_length=3, max_length=7, description="in the move's order"
    )
    feel: tuple[Short, ...] = Field(min_length=1, max_length=4, description="where to feel it")
    stop: tuple[Short, ...] = Field(min_length=1, max_length=5, description="when to stop")
    benefit: Paragraph = Field(description="what it does for a runner; no promises")
    alt_text: Paragraph = Field(description="the move for somebody who cannot see the picture")
    dose: DoseModel
    tempo: TempoModel
    faults: tuple[FaultModel, ...] = Field(min_length=2, description="the commonest first")
    ladder: tuple[RungModel, ...] = Field(
        min_length=2,
        description="easiest first; the exercise itself stands in the middle",
    )
    evidence: tuple[EvidenceModel, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        levels = [rung.level for rung in self.ladder]
        if levels != sorted(levels, key=[Level.EASIER, Level.HARDER].index):
            raise ValueError("ladder: the easier rungs come first, then the harder ones")
        muscles = self.primary_muscles + self.secondary_muscles
        if len(muscles) != len(set(muscles)):
            raise ValueError("a muscle is named twice")
        return self

    @model_validator(mode="after")
    def _goes_both_ways(self) -> Self:
        if self.is_whole and len({rung.level for rung in self.ladder}) < 2:
            raise ValueError("ladder: at least one easier and one harder rung are needed")
        return self

    def citations(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield each reference with the place where it is named."""
        for i, evidence in enumerate(self.evidence):
            if evidence.ref:
                yield ("evidence", i, "ref"), evidence.ref

    def build(self, slug: str) -> Exercise:
        """Return the domain's exercise."""
        dose, tempo = self.dose.build(), self.tempo.build()
        others = [rung.build(self.feel, self.stop, self.sides) for rung in self.ladder]
        easier = [rung for rung in others if rung.level is Level.EASIER]
        harder = [rung for rung in others if rung.level is Level.HARDER]
        standard = domain.Rung(
            level=Level.STANDARD,
            name=self.name,
            how="",
            dose=dose,
            equipment=self.equipment,
            tempo=tempo,
            feel=self.feel,
            stop=self.stop,
            sides=self.sides,
        )
        plain_fields = set(ExerciseModel.model_fields) - {
            "level",
            "block",
            "dose",
            "tempo",
            "rest",
            "faults",
            "ladder",
            "evidence",
        }
        return Exercise(
            slug=slug,
            difficulty=self.level,
            stated_block=self.block,
            dose=dose,
            tempo=tempo,
            rest=domain.Rest(**self.rest.model_dump()),
            faults=tuple(domain.Fault(**f.model_dump()) for f in self.faults),
            ladder=(*easier, standard, *harder),
            evidence=tuple(domain.Evidence(**e.model_dump()) for e in self.evidence),
            **{name: getattr(self, name) for name in plain_fields},
        )
