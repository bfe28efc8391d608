"""The two palettes, and how thick each part of the body is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """What has which colour."""

    card: str
    body: str
    far: str
    accent: str
    sign: str
    prop: str
    prop_dark: str
    ground: str
    shadow: str
    ghost: str
    mat: str
    wall: str


THEMES = {
    "night": Theme(
        card="#22303F", body="#F4F6F8", far="#7D91A5", accent="#FF6A3D", sign="#FFC93C",
        prop="#4FB3BF", prop_dark="#2F7F8C", ground="#5B7186", shadow="#1A2632", ghost="#3A4D61",
        mat="#33475A", wall="#3D5266",
    ),
    "day": Theme(
        card="#F4F1EA", body="#24323F", far="#8896A3", accent="#E8501F", sign="#D98200",
        prop="#1C98A6", prop_dark="#0F6A75", ground="#A9A396", shadow="#E2DDD1", ghost="#D3CEC2",
        mat="#DAD5C8", wall="#D0C9BA",
    ),
}  # fmt: skip

# Radii in body heights.
RADIUS = {
    "pelvis": 0.068, "hip": 0.056, "waist": 0.066, "flank": 0.040, "chest": 0.074, "sho": 0.044,
    "head": 0.070, "thigh": 0.064, "knee": 0.047, "ank": 0.031, "heel": 0.025, "toe": 0.022,
    "upper_arm": 0.039, "elb": 0.033, "wrist": 0.027, "hand": 0.031,
}  # fmt: skip
HALO = 0.0125  # the gap that keeps limbs apart where they overlap
