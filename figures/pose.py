"""What a pose sheet may say: view, props, a base pose, and the keys that change it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
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


class SheetError(Exception):
    """Pose sheets that cannot be drawn; `problems` names file, key and rule, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_stories(path: Path) -> list[Story]:
    """Return what a sheet draws: the move first, then its variants.

    Raises:
        SheetError: if the sheet breaks a rule; it names them all.
    """
    raw: dict[str, Any] = {}
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        sheet = Sheet.model_validate(raw)
    except ValidationError as error:
        raise SheetError([f"{path.name}: {line}" for line in _lines(error, raw)]) from None
    except ValueError as error:  # not TOML, or not even text
        raise SheetError([f"{path.name}: {error}"]) from None
    reader = _Reader(path, sheet)
    stories = list(reader.stories())
    if reader.problems:
        raise SheetError(reader.problems)
    return stories


class _Reader:
    """Completes the keys of one sheet, and collects what they leave open."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        self.slug, self.file, self.sheet = path.stem, path.name, sheet
        self.problems: list[str] = []

    def stories(self) -> Iterator[Story]:
        sheet = self.sheet
        base = _merge({"legs": {}, "arms": {}}, sheet.base)
        keys = tuple(self._keys(sheet.key, sheet.view, base, self.file))
        yield Story(self.slug, sheet.view, sheet.prop, keys)
        for name, variant in sheet.variant.items():
            where = f"{self.file}: variant.{name}"
            view = self._view(variant, where)
            start = _merge(base, variant.base)
            keys = tuple(self._keys(variant.key or sheet.key, view, start, where))
            prop = sheet.prop if variant.prop is None else variant.prop
            yield Story(f"{self.slug}.{name}", view, prop, keys, variant.rung, variant.alt)

    def _view(self, variant: Variant, where: str) -> View:
        try:
            return View.model_validate(self.sheet.view.model_dump() | variant.view)
        except ValidationError as error:
            self.problems += [
                f"{where}: view.{_place(e['loc'])}: {e['msg']}" for e in error.errors()
            ]
            return self.sheet.view

    def _keys(
        self, keys: tuple[Key, ...], view: View, base: dict[str, Any], where: str
    ) -> Iterator[KeyPose]:
        done: dict[str, dict[str, Any]] = {}
        previous = base
        for key in keys:
            if key.name in done:
                self._wrong(where, key, "name: a key of that name stands above")
            if key.like is not None and key.like not in done:
                self._wrong(where, key, f'like: there is no key "{key.like}" above')
            previous = _merge(done.get(key.like or "", previous), key)
            done[key.name] = previous
            problems = list(_incomplete(previous, view))
            for problem in problems:
                self._wrong(where, key, problem)
            if not problems:
                yield KeyPose(key, _pose(previous, view))
        if not 1 <= sum(key.strip for key in keys) <= PANELS:
            self.problems.append(f"{where}: strip: of all keys 1 to {PANELS} must be shown in it")

    def _wrong(self, where: str, key: Key, what: str) -> None:
        self.problems.append(f'{where}: key "{key.name}" {what}')


def _pose(merged: dict[str, Any], view: View) -> Pose:
    empty = {"muscle": {}, "pelvis": Pelvis(), "spine": Spine(), "head": Head()}
    return Pose(**{**empty, "order": view.order, **merged})


def _merge(previous: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return the pose after a change: trunk fields add up, limbs, root and muscles are replaced."""
    pose = dict(previous)
    for name, empty in (("pelvis", Pelvis()), ("spine", Spine()), ("head", Head())):
        said = getattr(change, name)
        if said is not None:
            fields = {field: getattr(said, field) for field in said.model_fields_set}
            pose[name] = pose.get(name, empty).model_copy(update=fields)
    for name in ("root", "muscle", "order"):
        if getattr(change, name) is not None:
            pose[name] = getattr(change, name)
    for name, limbs in (("legs", change.leg), ("arms", change.arm)):
        both = {side: limbs.both for side in SIDES if limbs.both is not None}
        each = {side: limb for side in SIDES if (limb := getattr(limbs, side)) is not None}
        pose[name] = pose[name] | both | each
    return pose


def _incomplete(pose: dict[str, Any], view: View) -> Iterator[str]:
    """Return what a key still lacks once all above it is counted in."""
    unsaid = "neither the base nor a key above says it"
    for name, limbs in (("leg", pose["legs"]), ("arm", pose["arms"])):
        yield from (f"{name}.{side}: {unsaid}" for side in SIDES if side not in limbs)
    if "root" not in pose:
        yield f"root: {unsaid}"
    elif pose["legs"].keys() == set(SIDES):
        yield from _unrooted(pose)
    if sorted(pose.get("order", view.order)) != sorted(get_args(BodyPart)):
        yield f"order: it must name each of {', '.join(get_args(BodyPart))} once"


def _unrooted(pose: dict[str, Any]) -> Iterator[str]:
    root, pinned = pose["root"], {s for s in SIDES if isinstance(pose["legs"][s], PinnedLeg)}
    if isinstance(root, Stance) and root.foot not in pinned:
        yield f"root.foot: a stance needs leg.{root.foot} to be pinned by its toe"
    if isinstance(root, Feet) and len(pinned) < len(SIDES):
        yield "root.mode: feet needs both legs to be pinned by their toes"
    if isinstance(root, Anchor):
        arms = {s for s in SIDES if isinstance(pose["arms"].get(s), PinnedArm)}
        leg_joint, arm_joint = root.joint[:-1] in _LEG_JOINTS, root.joint[:-1] in _ARM_JOINTS
        if (leg_joint and root.joint[-1] in pinned) or (arm_joint and root.joint[-1] in arms):
            yield f"root.joint: {root.joint} belongs to a pinned limb, which follows the root"


_LEG_JOINTS, _ARM_JOINTS = ("knee", "ank", "toe", "heel"), ("elb", "hand")


def _lines(error: ValidationError, raw: dict[str, Any]) -> Iterator[str]:
    for problem in error.errors():
        place: tuple[Any, ...] = problem["loc"]
        said = problem["msg"] + _given(problem["input"])
        if len(place) > 1 and place[0] == "key" and isinstance(place[1], int):
            name = raw["key"][place[1]].get("name", place[1] + 1)
            yield f'key "{name}" {_place(place[2:])}: {said}'
        else:
            yield f"{_place(place)}: {said}"


def _given(value: Any) -> str:
    return f" (it says {value!r})" if isinstance(value, str | int | float) else ""


def _place(place: tuple[Any, ...]) -> str:
    tags = {"free", "pinned", "hanging", "stance", "feet", "anchor"}
    kinds = {"kettlebell", "band", "box", "wall", "cushion", "bench", "mat", "dumbbell"}
    return ".".join(str(p) for p in place if p not in tags | kinds)
