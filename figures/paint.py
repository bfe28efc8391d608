"""Paints the figure: limbs as tapered capsules from back to front, and what works in colour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from figures import muscles, svg
from figures.camera import Camera
from figures.pose import BodyPart, Side
from figures.rig import Skeleton
from figures.theme import HALO, RADIUS, Theme
from figures.vector import Vec, between

THIGH_SHOWN, ARM_SHOWN = 0.42, 0.34  # from here on a limb keeps its gap to what lies behind it
LEVELS = 8  # shades between body and accent


@dataclass
class Painter:
    """Paints one figure into one picture; `number` keeps its clip paths apart from others'."""

    body: Skeleton
    camera: Camera
    theme: Theme
    shade: bool = True
    number: int = 0
    extras: Mapping[str, str] = field(default_factory=dict)
    _clips: int = 0

    def figure(self, order: Sequence[BodyPart], levels: Mapping[str, float]) -> str:
        """Return the figure, its parts painted in this order; `levels` says what works."""
        levels = {name: levels[name] for name in sorted(levels) if levels[name] > 0.02}
        behind = order[: order.index("torso")]
        front = order[order.index("torso") + 1 :]
        return "".join(
            [
                *(self._far(part, levels) for part in behind),
                self._torso(behind, front, levels),
                *(self._near(part, levels) for part in front),
            ]
        )

    def _far(self, part: BodyPart, levels: Mapping[str, float]) -> str:
        colour = self.theme.far if self.shade and part != "head" else self.theme.body
        outline = self._outline(part)
        out = self._halo(outline) + svg.fill(outline, colour)
        if part.startswith("leg"):
            out += self._muscles(self._of_side(part, levels), outline, colour)
        return self._with_extra(part, out)

    def _torso(
        self, behind: Sequence[BodyPart], front: Sequence[BodyPart], levels: Mapping[str, float]
    ) -> str:
        """The trunk; legs in front of it keep their gap to what is behind, not to the trunk."""
        outline = self._outline("torso")
        gaps = [outline, *(self._outline(part) for part in front if part.startswith("leg"))]
        out = "".join(self._halo(gap) for gap in gaps) + svg.fill(outline, self.theme.body)
        shown = {m: v for m, v in levels.items() if self._shows_on_trunk(m, behind)}
        return self._with_extra("torso", out + self._muscles(shown, outline, self.theme.body))

    def _near(self, part: BodyPart, levels: Mapping[str, float]) -> str:
        outline = self._outline(part)
        if part == "head":
            return self._halo(outline) + svg.fill(outline, self.theme.body)
        shown = THIGH_SHOWN if part.startswith("leg") else ARM_SHOWN
        out = self._halo(self._outline(part, shown)) + svg.fill(outline, self.theme.body)
        if part.startswith("leg"):
            clip = self._outline("torso") + outline
            out += self._muscles(self._of_side(part, levels), clip, self.theme.body)
        return self._with_extra(part, out)

    def _with_extra(self, part: str, out: str) -> str:
        """Add what a hand holds (behind its arm) or what is worn round a part (over it)."""
        before, after = self.extras.get(f"behind {part}", ""), self.extras.get(part, "")
        return before + out + after

    def _of_side(self, part: str, levels: Mapping[str, float]) -> dict[str, float]:
        return {m: v for m, v in levels.items() if muscles.side_of(m) == part[-1]}

    def _shows_on_trunk(self, muscle: str, behind: Sequence[str]) -> bool:
        """Whether a muscle is painted on the trunk; a far leg's buttock shows there from behind."""
        side = muscles.side_of(muscle)
        if side is None:
            return True
        if not muscle.startswith("glute") or f"leg{side}" not in behind:
            return False
        return muscles.faces(self.body, self.camera, muscle)

    def _muscles(self, levels: Mapping[str, float], clip: str, colour: str) -> str:
        out = ""
        for muscle, level in levels.items():
            self._clips += 1
            name = f"c{self.number}-{self._clips}"
            shape = svg.hull((self.camera(at), r * self.camera.scale) for at, r in
                             muscles.balls(self.body, muscle))  # fmt: skip
            tint = svg.mix(colour, self.theme.accent, round(min(1, level) * LEVELS) / LEVELS)
            out += (
                f'<clipPath id="{name}"><path d="{clip}"/></clipPath>'
                f'<path d="{shape}" fill="{tint}" clip-path="url(#{name})"/>'
            )
        return out

    def _halo(self, outline: str) -> str:
        return svg.fill(outline, self.theme.card, HALO * 2 * self.camera.scale)

    def _circle(self, at: str | Vec, size: str | float) -> svg.Circle:
        point = self.body[at] if isinstance(at, str) else at
        radius = RADIUS[size] if isinstance(size, str) else size
        return self.camera(point), radius * self.camera.scale

    def _outline(self, part: BodyPart, shown_from: float = 0) -> str:
        if part == "torso":
            return self._torso_outline()
        if part == "head":
            return svg.hull([self._circle("head", "head")])
        side: Side = "L" if part.endswith("L") else "R"
        if part.startswith("leg"):
            return self._leg_outline(side, shown_from)
        return self._arm_outline(side, shown_from)

    def _torso_outline(self) -> str:
        """Two hulls that meet at the waist, so that it is narrow and the spine can bend."""
        waist, chest = self.body.frames["waist"], self.body.frames["chest"]
        middle = [self._circle("waist", "waist")]
        for sign in (-1, 1):
            flank = self.body["waist"] + waist.z * (sign * 0.042)
            middle.append(self._circle(flank, "flank"))
        low = [self._circle(j, j.rstrip("LR")) for j in ("pelvis", "hipL", "hipR")]
        ribs = self._circle(self.body["chest"] - chest.y * 0.030, "chest")
        high = [ribs, self._circle("shoL", "sho"), self._circle("shoR", "sho")]
        return svg.hull(low + middle) + svg.hull(middle + high)

    def _leg_outline(self, side: Side, shown_from: float) -> str:
        at = self.body
        hip, knee, foot = at["hip" + side], at["knee" + side], at.frames["foot" + side]
        width = RADIUS["thigh"] + (RADIUS["knee"] - RADIUS["thigh"]) * shown_from
        top = self._circle(between(hip, knee, shown_from), width)
        bend, ankle = self._circle(knee, "knee"), self._circle("ank" + side, "ank")
        toe = at["toe" + side] + foot.y * RADIUS["toe"]
        heel = at["heel" + side] + foot.y * RADIUS["heel"]
        ball = [self._circle(toe + foot.z * (sign * 0.016), "toe") for sign in (-1, 1)]
        return (
            svg.hull([top, bend])
            + svg.hull([bend, ankle])
            + svg.hull([ankle, *ball, self._circle(heel, "heel")])
        )

    def _arm_outline(self, side: Side, shown_from: float) -> str:
        shoulder, elbow = self.body["sho" + side], self.body["elb" + side]
        width = RADIUS["upper_arm"] + (RADIUS["elb"] - RADIUS["upper_arm"]) * shown_from
        top = self._circle(between(shoulder, elbow, shown_from), width)
        bend, wrist = self._circle(elbow, "elb"), self._circle("hand" + side, "wrist")
        hand = self._circle("hand" + side, "hand")
        return svg.hull([top, bend]) + svg.hull([bend, wrist]) + svg.hull([hand])
