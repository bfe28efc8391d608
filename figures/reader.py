"""Reads a pose sheet and completes its keys; a broken one is told all that is wrong at once."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from figures.pose import (
    PANELS,
    SIDES,
    Anchor,
    BodyPart,
    Change,
    Feet,
    Head,
    Key,
    KeyPose,
    Pelvis,
    PinnedArm,
    PinnedLeg,
    Pose,
    Sheet,
    Spine,
    Stance,
    Story,
    Variant,
    View,
)


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
