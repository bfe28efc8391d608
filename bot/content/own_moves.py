"""A club's own moves: read from a form or a pack, checked as the library is, and filled in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, RootModel, ValidationError, model_validator

from bot.content.models import (
    DoseModel,
    EvidenceModel,
    ExerciseModel,
    FaultModel,
    Model,
    Name,
    Paragraph,
    RestModel,
    RungModel,
    Sentence,
    Short,
    TempoModel,
)
from bot.content.toml import BrokenFile, Loc, Parsed, parse_text, problem_text
from bot.domain.catalogue import Catalogue
from bot.domain.dose import parse_dose
from bot.domain.exercise import (
    Category,
    Difficulty,
    Equipment,
    Exercise,
    Grade,
    Level,
    Mechanic,
    Per,
    Position,
    Sides,
    Source,
)
from bot.domain.matching import plain
from bot.domain.own_moves import MOST_OFFERED, OWN, Form, OwnMove, StoredMove
from bot.errors import BadDose, BadPack

MOST_BYTES = 256 * 1024
MOST_STEPS = 7
MOST_PROBLEMS = 20  # that one answer names
MOST_SLUG = 36  # with the prefix as long as one of the library


OtherLevel = Literal[Level.EASIER, Level.HARDER]


def _slug(key: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) or len(key) > MOST_SLUG:
        raise ValueError(f"call it in lower case with hyphens, up to {MOST_SLUG} characters")
    return key


def _sayable(name: str) -> str:
    if not any(letter.isalnum() for letter in name):
        raise ValueError("needs a letter or a number")
    return name


class OwnDoseModel(DoseModel):
    """How much, as the club says."""

    source: Literal[Source.CLUB] = Source.CLUB
    sets_source: Literal[Source.CLUB] | None = None
    hold_source: Literal[Source.CLUB] | None = None

    def scaled(self, factor: Fraction) -> "OwnDoseModel":
        """Return the dose with so many times the repeats, or else hold or distance."""
        names = ("reps_min", "reps_max")
        if self.reps_min is None:
            names = ("hold_s", "hold_max_s") if self.hold_s else ("distance_m", "distance_max_m")
        old = {name: value for name in names if (value := getattr(self, name)) is not None}
        return self.model_copy(update={k: max(1, round(n * factor)) for k, n in old.items()})


class OwnRungModel(RungModel):
    """An easier or harder version of the club's own move."""

    dose: OwnDoseModel


class OwnMoveModel(ExerciseModel):
    """A club's own move: as an exercise of the library, but much of it can be left out."""

    is_whole: ClassVar[bool] = False

    name: Annotated[Name, AfterValidator(_sayable)]
    aliases: tuple[Annotated[Name, AfterValidator(_sayable)], ...] = Field((), max_length=6)
    source: Literal[Source.CLUB] = Source.CLUB
    category: Category = Category.STRENGTH
    level: Difficulty = Difficulty.BEGINNER
    mechanic: Mechanic = Mechanic.COMPOUND
    position: Position = Position.STANDING
    equipment: tuple[Equipment, ...] = Field((Equipment.NONE,), min_length=1, max_length=4)
    sides: Sides = Field(Sides.BOTH, description="by the dose if left out")
    rest: RestModel = RestModel(min_s=45, max_s=60)
    phases: tuple[Sentence, ...] = Field(
        min_length=1, max_length=MOST_STEPS, description="in the move's order"
    )
    feel: tuple[Short, ...] = Field((), max_length=4)
    stop: tuple[Short, ...] = Field((), max_length=5, description="ends a sentence with “if”")
    benefit: Paragraph = ""
    alt_text: Paragraph = ""
    dose: OwnDoseModel
    tempo: TempoModel = Field(default_factory=TempoModel.model_construct)
    faults: tuple[FaultModel, ...] = Field((), max_length=6)
    ladder: tuple[OwnRungModel, ...] = Field((), max_length=8, description="easiest first")
    evidence: tuple[EvidenceModel, ...] = Field((), max_length=4)
    in_rotation: bool = Field(True, description="whether it can be the challenge of a day")


class PackModel(
    RootModel[
        Annotated[
            dict[Annotated[str, AfterValidator(_slug)], OwnMoveModel],
            Field(min_length=1, max_length=MOST_OFFERED),
        ]
    ]
):
    """A pack: every move below its slug in brackets."""

    @model_validator(mode="before")
    @classmethod
    def _is_a_pack(cls, raw: Any) -> Any:
        if len(raw) > MOST_OFFERED:
            raise ValueError(f"{len(raw)} moves, and a club can have {MOST_OFFERED}")
        for key, value in raw.items():
            if not isinstance(value, dict):
                raise ValueError(
                    f"{key[:MOST_SLUG]} belongs to no move: begin each with its slug in "
                    "brackets, such as [hill-bounds]"
                )
        return raw


class VersionModel(Model):
    """The easier or the harder version of a move that has none."""

    name: Short
    how: Paragraph


class GapsModel(Model):
    """What stands on the card of a club's own move where its coach left it out."""

    feel: tuple[Short, ...] = Field(min_length=1, max_length=4)
    cue: Short = Field(description="in place of a tempo")
    benefit: Paragraph
    evidence: Paragraph = Field(description="graded as tradition")
    faults: tuple[FaultModel, ...] = Field(min_length=2, max_length=6)
    easier: VersionModel
    harder: VersionModel


@dataclass(frozen=True, slots=True)
class FormProblem:
    """What is wrong with one field of a form, by the field's name."""

    field: str
    message: str


class BadForm(Exception):
    """The problems of a form."""

    def __init__(self, problems: list[FormProblem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReader:
    """Reads own moves against the library, and fills in what their coach left out."""

    catalogue: Catalogue
    references: Mapping[str, object]
    gaps: GapsModel
    stop: tuple[str, ...]

    def read_pack(self, source: str, others: Iterable[StoredMove]) -> dict[str, OwnMoveModel]:
        """Return the moves of a pack by slug, given the club's own moves that are offered.

        Raises:
            BadPack: with the first problems, a line each, and the number of all.
        """
        others = list(others)
        try:
            parsed = parse_text(source, "", PackModel, MOST_PROBLEMS)
        except BrokenFile as broken:
            raise _bad_pack(broken.problems, broken.count) from broken
        problems = [*self._unknown_references(parsed), *self._clashes(parsed, others)]
        if problems:
            raise _bad_pack(problems, len(problems))
        return {OWN + key: model for key, model in parsed.model.root.items()}

    def read_form(self, form: Form, others: Iterable[StoredMove]) -> tuple[str, OwnMoveModel]:
        """Return the move that a coach typed, and its slug, given those the club offers.

        Raises:
            BadForm: with what is wrong in each field.
        """
        problems: list[FormProblem] = []
        dose: dict[str, Any] = {"reps_min": 1}
        try:
            dose = parse_dose(form.dose)
        except BadDose:
            problems.append(FormProblem("dose", ""))
        table = {
            "name": " ".join(form.name.split()),
            "level": form.level,
            "category": form.category,
            "equipment": [form.equipment],
            "primary_muscles": [form.muscle],
            "phases": [step for line in form.steps.splitlines() if (step := _step(line))],
            "stop": [stop] if (stop := _sign(form.stop)) else [],
            "dose": dose,
            "in_rotation": form.in_rotation,
        }
        try:
            model = OwnMoveModel.model_validate(table)
        except ValidationError as error:
            problems += [FormProblem(*_said(d["loc"], problem_text(d))) for d in error.errors()]
            raise BadForm(problems) from error
        if owner := self._owners(others).get(plain(model.name)):
            problems.append(FormProblem("name", f"“{owner}” has this name already"))
        if problems:
            raise BadForm(problems)
        return _slug_of(model.name), model

    def build(self, slug: str, model: OwnMoveModel) -> Exercise:
        """Return the exercise, with what its coach left out filled in, and harmless to show."""
        sides = model.sides
        if "sides" not in model.model_fields_set and model.dose.per in (Per.LEG, Per.SIDE):
            sides = Sides.PER_SIDE
        gaps = self.gaps
        tradition = EvidenceModel(grade=Grade.D, note=gaps.evidence)
        said = {
            "sides": sides,
            "feel": model.feel or gaps.feel,
            "stop": model.stop or self.stop,
            "benefit": model.benefit or gaps.benefit,
            "alt_text": model.alt_text or " ".join(model.phases)[:300],
            "tempo": model.tempo if model.tempo.has_words else TempoModel(cue=gaps.cue),
            "faults": model.faults or gaps.faults,
            "ladder": tuple(self._ladder(model)),
            "evidence": model.evidence or (tradition,),
        }
        exercise: Exercise = harmless(model.model_copy(update=said).build(slug))
        return exercise

    def restore(self, stored: StoredMove) -> OwnMove:
        """Return an own move as it was kept.

        Raises:
            ValidationError: this version no longer takes it.
        """
        model = OwnMoveModel.model_validate_json(stored.definition)
        exercise = self.build(stored.slug, model)
        return OwnMove(exercise=exercise, state=stored.state, in_rotation=model.in_rotation)

    def _ladder(self, model: OwnMoveModel) -> Iterator[RungModel]:
        levels = {rung.level for rung in model.ladder}
        if Level.EASIER not in levels:
            yield self._version(model, Level.EASIER, self.gaps.easier, Fraction(1, 2))
        yield from model.ladder
        if Level.HARDER not in levels:
            yield self._version(model, Level.HARDER, self.gaps.harder, Fraction(3, 2))

    def _version(
        self, model: OwnMoveModel, level: OtherLevel, words: VersionModel, factor: Fraction
    ) -> RungModel:
        return OwnRungModel.model_construct(
            level=level,
            name=words.name.replace("{name}", model.name),
            how=words.how.replace("{name}", model.name),
            dose=model.dose.scaled(factor),
            equipment=model.equipment,
            tempo=None,
            feel=(),
            stop=(),
        )

    def _owners(self, others: Iterable[StoredMove]) -> dict[str, str]:
        """Return who has a name, by the name as it is compared; the slug is one, too."""
        owners = {}
        for other in others:
            owners[plain(other.slug.removeprefix(OWN))] = owners[plain(other.name)] = other.name
            with suppress(ValidationError):  # one that this version no longer takes
                for alias in OwnMoveModel.model_validate_json(other.definition).aliases:
                    owners[plain(alias)] = other.name
        for exercise in self.catalogue:
            for name in (exercise.slug, exercise.name, *exercise.aliases):
                owners[plain(name)] = exercise.name
        return owners

    def _clashes(self, pack: Parsed[PackModel], others: Iterable[StoredMove]) -> Iterator[str]:
        moves = pack.model.root
        owners = self._owners(o for o in others if o.slug.removeprefix(OWN) not in moves)
        keys: dict[str, str] = {}
        for key, model in moves.items():
            for name in dict.fromkeys(map(plain, (key, model.name, *model.aliases))):
                owner = owners.get(name)
                if owner is None and keys.setdefault(name, key) != key:
                    owner = moves[keys[name]].name
                if owner is not None:
                    yield pack.problem((key,), f"“{name}” is a name of “{owner}” already")

    def _unknown_references(self, pack: Parsed[PackModel]) -> Iterator[str]:
        for key, model in pack.model.root.items():
            for loc, ref in model.citations():
                if ref not in self.references:
                    yield pack.problem((key, *loc), f"there is no reference {ref!r}")


def definition_of(model: OwnMoveModel) -> str:
    """Return what the coach gave, as JSON: the same for the same."""
    return model.model_dump_json(exclude_unset=True)


def harmless(value: Any) -> Any:
    """Return the value with every text in it such that Discord formats, links and pings nothing.

    What could stands there as its wide twin, which looks nearly alike and does nothing.
    """
    if type(value) is str:  # and not one of our own words, which are enums
        return value.replace("://", _WIDE_COLON + "//").translate(_WIDE)
    if isinstance(value, tuple):
        return tuple(harmless(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: harmless(getattr(value, f.name)) for f in fields(value)})
    return value


_WIDE_COLON = "\uff1a"
_WIDE = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "*_~|`\\[]<>#@"})


def _step(line: str) -> str:
    """Return a step without the bullet or number that people put before it."""
    return re.sub(r"^\s*(?:[-–•*]+|\d{1,2}[.)])\s+", "", line).strip()


def _sign(typed: str) -> str:
    """Return a stop sign as it ends a sentence that begins with "Stop if"."""
    sign = re.sub(r"^stop,? +(?:if|when) +", "", " ".join(typed.split()).rstrip(" ."), flags=re.I)
    return sign[:1].lower() + sign[1:] if sign[1:2].islower() else sign


def _slug_of(name: str) -> str:
    """Return a slug for the name: the same for the same, and others for others."""
    plain_name = plain(name)
    words = re.sub(r"[^a-z0-9]+", "-", plain_name).strip("-")
    if words.replace("-", " ") == plain_name and len(words) <= MOST_SLUG:
        return OWN + words
    digest = sha256(plain_name.encode()).hexdigest()[:8]
    return OWN + f"{words[: MOST_SLUG - 9].strip('-')}-{digest}".strip("-")


_FIELDS = {"phases": "steps"}


def _said(loc: Loc, message: str) -> tuple[str, str]:
    """Return the field of the form and what is wrong with it; of a step, with which one."""
    name = _FIELDS.get(str(loc[0]), str(loc[0])) if loc else "name"
    if name == "steps" and len(loc) > 1:
        message = f"{int(loc[1]) + 1}. {message}"
    return name, message


def _bad_pack(problems: list[str], count: int) -> BadPack:
    lines = [problem.removeprefix(":") for problem in problems[:MOST_PROBLEMS]]
    return BadPack(lines=tuple(lines), n=count)
