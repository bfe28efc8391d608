"""The muscles in the groups that members think in, and how often each was trained."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from bot.domain.exercise import Exercise, Muscle


class MuscleGroup(StrEnum):
    """What a profile sums up."""

    BUTTOCKS = "buttocks"
    OUTER_HIPS = "outer_hips"
    HIP_ROTATORS = "hip_rotators"
    HIP_FLEXORS = "hip_flexors"
    INNER_THIGHS = "inner_thighs"
    HAMSTRINGS = "hamstrings"
    FRONT_THIGHS = "front_thighs"
    LOWER_LEGS = "lower_legs"
    CORE = "core"
    SHOULDERS = "shoulders"


GROUP = {
    Muscle.GLUTE_MAX: MuscleGroup.BUTTOCKS,
    Muscle.GLUTE_MED: MuscleGroup.OUTER_HIPS,
    Muscle.GLUTE_MIN: MuscleGroup.OUTER_HIPS,
    Muscle.TFL: MuscleGroup.OUTER_HIPS,
    Muscle.DEEP_ROTATORS: MuscleGroup.HIP_ROTATORS,
    Muscle.HIP_FLEXORS: MuscleGroup.HIP_FLEXORS,
    Muscle.ADDUCTORS: MuscleGroup.INNER_THIGHS,
    Muscle.HAMSTRINGS: MuscleGroup.HAMSTRINGS,
    Muscle.QUADS: MuscleGroup.FRONT_THIGHS,
    Muscle.CALVES: MuscleGroup.LOWER_LEGS,
    Muscle.FEET: MuscleGroup.LOWER_LEGS,
    Muscle.ABS: MuscleGroup.CORE,
    Muscle.OBLIQUES: MuscleGroup.CORE,
    Muscle.LOW_BACK: MuscleGroup.CORE,
    Muscle.QUADRATUS_LUMBORUM: MuscleGroup.CORE,
    Muscle.SHOULDER_GIRDLE: MuscleGroup.SHOULDERS,
}


def trained(counts: Iterable[tuple[Exercise, int]]) -> tuple[tuple[MuscleGroup, int], ...]:
    """Return how many completions trained each group, most first; once each, however many muscles.

    Only the muscles that an exercise is for count, not those that help.
    """
    totals: Counter[MuscleGroup] = Counter()
    for exercise, times in counts:
        for group in {GROUP[muscle] for muscle in exercise.primary_muscles}:
            totals[group] += times
    return tuple(sorted(totals.items(), key=lambda item: (-item[1], item[0])))
