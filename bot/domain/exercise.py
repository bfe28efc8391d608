"""An exercise: its ladder, its dose and how it is done."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Category(StrEnum):
    """What kind of move it is."""

    STRENGTH = "strength"
    ACTIVATION = "activation"
    CORE = "core"
    PLYOMETRICS = "plyometrics"
    DRILL = "drill"
    MOBILITY_DYNAMIC = "mobility_dynamic"
    STRETCH_STATIC = "stretch_static"


class Difficulty(StrEnum):
    """For whom the standard rung is; `level` in the data, as in the public sets."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


class Block(StrEnum):
    """The four weeks of the plan that a move belongs to, in the order of the blocks."""

    FOUNDATION = "foundation"
    CONTROL = "control"
    STRENGTH = "strength"
    POWER = "power"


class Level(StrEnum):
    """Where a rung stands on its ladder; all three earn the same credit."""

    EASIER = "easier"
    STANDARD = "standard"
    HARDER = "harder"


class Force(StrEnum):
    """Which way the working muscles act."""

    PUSH = "push"
    PULL = "pull"
    STATIC = "static"


class Mechanic(StrEnum):
    """Whether one joint works or several."""

    COMPOUND = "compound"
    ISOLATION = "isolation"


class Position(StrEnum):
    """How the body is placed at the start."""

    STANDING = "standing"
    SPLIT_STANCE = "split_stance"
    LYING_SUPINE = "lying_supine"
    SIDE_LYING = "side_lying"
    SIDE_PLANK = "side_plank"
    QUADRUPED = "quadruped"
    HALF_KNEELING = "half_kneeling"
    SHOULDERS_ON_BENCH = "shoulders_on_bench"
    SEATED = "seated"


class Sides(StrEnum):
    """How the two sides share the work."""

    BOTH = "both"
    PER_SIDE = "per_side"
    ALTERNATING = "alternating"


class Per(StrEnum):
    """What the numbers of a dose are counted for."""

    BOTH = "both"
    LEG = "leg"
    SIDE = "side"
    DIRECTION = "direction"
    LEG_AND_DIRECTION = "leg_and_direction"


class Equipment(StrEnum):
    """What is needed; `none` is said, not left out."""

    NONE = "none"
    MINI_BAND = "mini_band"
    LONG_BAND = "long_band"
    KETTLEBELL = "kettlebell"
    DUMBBELL = "dumbbell"
    BOX = "box"
    BENCH = "bench"
    CHAIR = "chair"
    MAT = "mat"
    WALL = "wall"
    STEP = "step"
    CUSHION = "cushion"


class Muscle(StrEnum):
    """The muscles and groups the library speaks of."""

    GLUTE_MAX = "glute_max"
    GLUTE_MED = "glute_med"
    GLUTE_MIN = "glute_min"
    TFL = "tfl"
    DEEP_ROTATORS = "deep_rotators"
    HIP_FLEXORS = "hip_flexors"
    ADDUCTORS = "adductors"
    HAMSTRINGS = "hamstrings"
    QUADS = "quads"
    CALVES = "calves"
    ABS = "abs"
    OBLIQUES = "obliques"
    LOW_BACK = "low_back"
    QUADRATUS_LUMBORUM = "quadratus_lumborum"
    SHOULDER_GIRDLE = "shoulder_girdle"
    FEET = "feet"


class Source(StrEnum):
    """Where a move or a number comes from: the article the bot began with, us, or a club."""

    SEED = "seed"
    OURS = "ours"
    CLUB = "club"


class Grade(StrEnum):
    """Strength of evidence: A several trials, B one trial, C laboratory data, D tradition."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """How much; a range where the maximum is given, seconds and metres."""

    sets: int | None = None
    sets_max: int | None = None
    reps_min: int | None = None
    reps_max: int | None = None
    hold_s: int | None = None
    hold_max_s: int | None = None
    distance_m: int | None = None
    distance_max_m: int | None = None
    per: Per
    source: Source
    sets_source: Source
    hold_source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Seconds down, at the turn and up; or a cue in words."""

    down: int | None = None
    pause: int | None = None
    up: int | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Seconds between sets or sides."""

    min_s: int
    max_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A common mistake and what mends it."""

    fault: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a source lets us say, and how strongly; `ref` is a reference id such as R41."""

    ref: str | None
    grade: Grade
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure doing a move: a GIF in which it moves, a small still, and its description.

    Their names are unique among all pictures.
    """

    moving: Path
    still: Path
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder: a version of the move with its own how-to and dose.

    `stop` holds every sign for this rung, its own first; `tempo` is None where none is given, and
    `sides` where only the dose says how the two sides share the work. `picture` is that of the
    standard rung where the rung has none of its own.
    """

    level: Level
    name: str
    how: str
    dose: Dose
    equipment: tuple[Equipment, ...]
    tempo: Tempo | None
    feel: tuple[str, ...]
    stop: tuple[str, ...]
    picture: Picture | None = None
    sides: Sides | None = None

    @property
    def changes_sides(self) -> bool:
        """Whether one side does all of its set before the other begins."""
        return self.sides is not Sides.ALTERNATING and self.dose.per is not Per.BOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One entry of the library. `ladder` runs from the easiest rung to the hardest.

    `stated_block` is the block of the plan where it differs from what kind and difficulty say.
    """

    slug: str
    name: str
    aliases: tuple[str, ...]
    source: Source
    category: Category
    difficulty: Difficulty
    force: Force | None
    mechanic: Mechanic
    position: Position
    equipment: tuple[Equipment, ...]
    sides: Sides
    primary_muscles: tuple[Muscle, ...]
    secondary_muscles: tuple[Muscle, ...]
    dose: Dose
    tempo: Tempo
    rest: Rest
    phases: tuple[str, ...]
    feel: tuple[str, ...]
    faults: tuple[Fault, ...]
    ladder: tuple[Rung, ...]
    stop: tuple[str, ...]
    benefit: str
    evidence: tuple[Evidence, ...]
    alt_text: str
    stated_block: Block | None = None

    @property
    def muscles(self) -> tuple[Muscle, ...]:
        """All muscles, the ones that work most first."""
        return self.primary_muscles + self.secondary_muscles

    @property
    def standard(self) -> int:
        """The index of the standard rung in the ladder."""
        return next(i for i, rung in enumerate(self.ladder) if rung.level is Level.STANDARD)

    @property
    def is_mobility(self) -> bool:
        """Whether it is a stretch, moving or held, and nothing that makes stronger."""
        return self.category in (Category.MOBILITY_DYNAMIC, Category.STRETCH_STATIC)

    @property
    def is_demanding(self) -> bool:
        """Whether it needs a gentler day after it: plyometric or advanced."""
        return self.category is Category.PLYOMETRICS or self.difficulty is Difficulty.ADVANCED

    @property
    def block(self) -> Block:
        """The block of the plan it belongs to."""
        if self.stated_block is not None:
            return self.stated_block
        if self.category in (Category.PLYOMETRICS, Category.DRILL):
            return Block.POWER
        return _BLOCKS[self.difficulty]


_BLOCKS = {
    Difficulty.BEGINNER: Block.FOUNDATION,
    Difficulty.INTERMEDIATE: Block.CONTROL,
    Difficulty.ADVANCED: Block.STRENGTH,
}
