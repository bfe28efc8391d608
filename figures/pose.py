"""What a pose sheet may say: view, props, a base pose, and the keys that change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

Side = Literal["L", "R"]
SIDES: tuple[Side, ...] = get_args(Side)
BodyPart = Literal["torso", "head", "legL", "legR", "armL", "armR"]

# Behind all, in front of all, or just behind one part.
Layer = Literal["back", "front"] | BodyPart

PANELS = 4  # of a strip

SIDED_JOINTS = ("hip", "knee", "ank", "toe", "heel", "sho", "elb", "hand")
JOINTS = ("pelvis", "waist", "chest", "head", *(j + s for j in SIDED_JOINTS for s in SIDES))
SIDED_MUSCLES = (
    "adductor", "calf", "glute_max", "glute_med", "hamstring", "hip_flexor", "oblique", "quad",
)  # fmt: skip
MUSCLES = ("abs", "low_back", "mid_back", *(f"{m}_{s}" for m in SIDED_MUSCLES for s in SIDES))

Degrees = Annotated[float, Field(ge=-360, le=360, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=-3, le=3, allow_inf_nan=False, description="body heights")]
Seconds = Annotated[float, Field(ge=0, le=8, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Pixels = Annotated[int, Field(ge=64, le=1024)]
Point = tuple[Length, Length, Length]
Span = tuple[Length, Length]
Joint = Literal[JOINTS]  # type: ignore[valid-type]
Muscle = Literal[MUSCLES]  # type: ignore[valid-type]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=10, max_length=300, pattern=r"^\S.*\S$")]


class Part(BaseModel):
    """A piece of a sheet; a misspelt key is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pelvis(Part):
    """Which way the trunk stands: lean forward, lean to the right, turn to the right."""

    pitch: Degrees = 0
    roll: Degrees = 0
    yaw: Degrees = 0


class Spine(Part):
    """How the trunk bends: forward, to the right, turned to the right."""

    flex: Degrees = 0
    side: Degrees = 0
    twist: Degrees = 0


class Head(Part):
    """How the neck bends."""

    flex: Degrees = 0
    side: Degrees = 0


class FreeLeg(Part):
    """A leg by its joint angles: forward, away from the midline, outward; knee and ankle bent."""

    flex: Degrees = 0
    abd: Degrees = 0
    rot: Degrees = 0
    knee: Degrees = 0
    ankle: Degrees = 0


class PinnedLeg(Part):
    """A leg whose ball of the foot stays at a point; pitch < 0 lifts the heel."""

    toe: Point
    pitch: Degrees = 0
    yaw: Degrees = 0
    roll: Degrees = 0
    splay: Annotated[float, Field(ge=-4, le=4)] = 0


class FreeArm(Part):
    """An arm by its joint angles, seen from the chest."""

    flex: Degrees = 0
    abd: Degrees = 6
    rot: Degrees = 0
    elbow: Degrees = 12


class HangingArm(Part):
    """An arm that hangs straight down whatever the trunk does; flex and abd let it sway."""

    hang: Literal[True]
    flex: Degrees = 0
    abd: Degrees = 4
    elbow: Degrees = 12


class PinnedArm(Part):
    """An arm whose hand stays at a point, or beside a joint; the elbow points to the pole."""

    hand_at: Point | Joint
    offset: Point = (0, 0, 0)
    pole: Point = (-1, -0.6, 0.6)


def _kind_of_leg(value: Any) -> str:
    return "pinned" if isinstance(value, PinnedLeg) or "toe" in _keys(value) else "free"


def _kind_of_arm(value: Any) -> str:
    if isinstance(value, HangingArm) or "hang" in _keys(value):
        return "hanging"
    return "pinned" if isinstance(value, PinnedArm) or "hand_at" in _keys(value) else "free"


def _keys(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


Leg = Annotated[
    Annotated[FreeLeg, Tag("free")] | Annotated[PinnedLeg, Tag("pinned")],
    Discriminator(_kind_of_leg),
]
Arm = Annotated[
    Annotated[FreeArm, Tag("free")]
    | Annotated[HangingArm, Tag("hanging")]
    | Annotated[PinnedArm, Tag("pinned")],
    Discriminator(_kind_of_arm),
]


class Stance(Part):
    """The hips stand over one pinned foot: how far its knee bends, and how far they are shifted."""

    mode: Literal["stance"]
    foot: Side
    knee: Annotated[float, Field(ge=0, le=150)]
    shift: Length = 0
    side: Length = 0


class Feet(Part):
    """The hips stand at a height between both pinned feet; w is the right foot's share."""

    mode: Literal["feet"]
    y: Length
    w: Share = 0.5
    shift: Length = 0
    side: Length = 0


class Anchor(Part):
    """A joint stays at a point; it must not belong to a pinned limb."""

    mode: Literal["anchor"]
    joint: Joint
    at: Point


class Flight(Part):
    """The pelvis is at a point."""

    mode: Literal["free"]
    at: Point


Root = Annotated[Stance | Feet | Anchor | Flight, Discriminator("mode")]


class Legs(Part):
    """Each leg, or both alike."""

    L: Leg | None = None
    R: Leg | None = None
    both: Leg | None = None


class Arms(Part):
    """Each arm, or both alike."""

    L: Arm | None = None
    R: Arm | None = None
    both: Arm | None = None


class Lift(Part):
    """How high a stepping foot is lifted on its way."""

    L: Length = 0
    R: Length = 0


class Trace(Part):
    """An arrow in the strip along the way a joint has come."""

    joint: Joint
    offset: Point = (0, 0, 0)
    start: Share = 0.06
    stop: Share = 0.94


class Arrow(Part):
    """An arrow in the strip through two points, or curved by a third between them."""

    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=3)]
    at: Joint | None = None


class Change(Part):
    """What a key, or the base, says about the pose; what is left out stays as it was."""

    pelvis: Pelvis | None = None
    spine: Spine | None = None
    head: Head | None = None
    root: Root | None = None
    leg: Legs = Legs()
    arm: Arms = Arms()
    muscle: dict[Muscle, Share] | None = None
    order: tuple[BodyPart, ...] | None = None


class Key(Change):
    """A pose that the figure comes to and holds."""

    name: Name
    move: Annotated[float, Field(gt=0, le=8)] = 0.8
    hold: Seconds = 0
    ease: Literal["inout", "in", "out", "linear"] = "inout"
    like: Name | None = None
    lift: Lift = Lift()
    strip: bool = True
    traces: tuple[Trace, ...] = ()
    arrows: tuple[Arrow, ...] = ()


class View(Part):
    """Where the viewer stands, and the size of the pictures."""

    yaw: Degrees = 0
    pitch: Annotated[float, Field(ge=-10, le=80)] = 0
    size: tuple[Pixels, Pixels] = (480, 360)
    panel: tuple[Pixels, Pixels] = (320, 360)
    scale_max: Annotated[float, Field(ge=50, le=600)] = 300
    shade: bool = True
    order: tuple[BodyPart, ...] = ("armL", "legL", "torso", "head", "legR", "armR")
    strip_fixed: bool = False


class Kettlebell(Part):
    """A kettlebell that hangs from a fist."""

    kind: Literal["kettlebell"]
    hand: Side


class Band(Part):
    """A loop band round both thighs, shanks or feet."""

    kind: Literal["band"]
    on: Literal["thigh", "shank", "foot"] = "thigh"
    at: Share = 0.82


class Block(Part):
    """A box, step, wall, cushion or sofa: a solid with straight edges."""

    kind: Literal["box", "wall", "cushion"]
    x: Span
    z: Span = (-0.2, 0.2)
    h: Length
    y: Length = 0
    layer: Layer = "back"


class Bench(Part):
    """A bench on legs, seen from the side."""

    kind: Literal["bench"]
    x: Span
    z: Span = (-0.1, 0.1)
    h: Length
    layer: Layer = "back"


class Mat(Part):
    """A mat on the floor."""

    kind: Literal["mat"]
    x: Span
    z: Span = (-0.2, 0.2)


class Weight(Part):
    """A dumbbell that lies across the hips."""

    kind: Literal["dumbbell"]


class HipLine(Part):
    """A line through both hips that shows how the pelvis tilts."""

    kind: Literal["hip_line"]


class FloorPath(Part):
    """Arrows on the floor that show where the steps go: from x, z to x, z."""

    kind: Literal["floor_path"]
    segments: tuple[tuple[Length, Length, Length, Length], ...]


Prop = Annotated[
    Kettlebell | Band | Block | Bench | Mat | Weight | HipLine | FloorPath, Discriminator("kind")
]


class Variant(Part):
    """What another rung's picture changes; base adds to the sheet's, the rest replaces it."""

    rung: Annotated[str, StringConstraints(min_length=2, max_length=40)]
    alt: Text
    view: dict[str, Any] = {}
    prop: tuple[Prop, ...] | None = None
    base: Change = Change()
    key: Annotated[tuple[Key, ...], Field(min_length=1)] | None = None


class Sheet(Part):
    """One move's pose sheet."""

    schema_: Literal[1] = Field(alias="schema")
    view: View = View()
    prop: tuple[Prop, ...] = ()
    base: Change
    key: Annotated[tuple[Key, ...], Field(min_length=1, max_length=12)]
    variant: dict[Name, Variant] = {}


@dataclass(frozen=True, slots=True)
class Pose:
    """A complete pose: everything the rig needs to place the figure."""

    pelvis: Pelvis
    spine: Spine
    head: Head
    root: Stance | Feet | Anchor | Flight
    legs: dict[Side, Any]
    arms: dict[Side, Any]
    muscle: dict[str, float]
    order: tuple[BodyPart, ...]


@dataclass(frozen=True, slots=True)
class KeyPose:
    """A key of the sheet with the complete pose it stands for."""

    key: Key
    pose: Pose


@dataclass(frozen=True, slots=True)
class Story:
    """One picture to draw: a sheet, or a variant of it, with every key complete."""

    slug: str
    view: View
    prop: tuple[Prop, ...]
    keys: tuple[KeyPose, ...]
    rung: str | None = None
    alt: str | None = None
