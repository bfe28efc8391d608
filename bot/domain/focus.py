"""Which part of the hips an exercise is for: their side, their back, trunk and front, mobility."""

from enum import StrEnum

from bot.domain.exercise import Category, Exercise, Muscle


class Focus(StrEnum):
    """The part that an exercise works most."""

    HIP_SIDE = "hip_side"
    HIP_BACK = "hip_back"
    TRUNK = "trunk"
    MOBILITY = "mobility"


# Side: what holds the pelvis level, from outside and inside. Back: what straightens hip and knee.
# Trunk: what keeps the ribs over the pelvis, and what lifts the knee.
_BY_MUSCLE = {
    Muscle.GLUTE_MED: Focus.HIP_SIDE,
    Muscle.GLUTE_MIN: Focus.HIP_SIDE,
    Muscle.TFL: Focus.HIP_SIDE,
    Muscle.DEEP_ROTATORS: Focus.HIP_SIDE,
    Muscle.ADDUCTORS: Focus.HIP_SIDE,
    Muscle.QUADRATUS_LUMBORUM: Focus.HIP_SIDE,
    Muscle.GLUTE_MAX: Focus.HIP_BACK,
    Muscle.HAMSTRINGS: Focus.HIP_BACK,
    Muscle.QUADS: Focus.HIP_BACK,
    Muscle.CALVES: Focus.HIP_BACK,
    Muscle.FEET: Focus.HIP_BACK,
    Muscle.LOW_BACK: Focus.HIP_BACK,
    Muscle.HIP_FLEXORS: Focus.TRUNK,
    Muscle.ABS: Focus.TRUNK,
    Muscle.OBLIQUES: Focus.TRUNK,
    Muscle.SHOULDER_GIRDLE: Focus.TRUNK,
}


def focus_of(exercise: Exercise) -> Focus:
    """Return what the exercise is for: a stretch mobility, core the trunk, else by its muscles.

    The muscle named first decides; where none is named, it counts for the back of the hips.
    """
    if exercise.is_mobility:
        return Focus.MOBILITY
    if exercise.category is Category.CORE:
        return Focus.TRUNK
    return next((_BY_MUSCLE[muscle] for muscle in exercise.muscles), Focus.HIP_BACK)
