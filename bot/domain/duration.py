"""How long an exercise takes: an estimate from its dose, tempo and rest."""

from bot.domain.exercise import Category, Dose, Exercise, Per, Rest, Rung, Tempo

SETUP_S = 20  # to read the card and get into position
CHANGE_S = 5  # to turn to the other side
METRE_S = 1  # a drill walks
# Seconds of one repeat whose tempo is a cue in words; a hold comes on top.
_REPEAT_S = {
    Category.STRENGTH: 4,
    Category.ACTIVATION: 3,
    Category.CORE: 4,
    Category.PLYOMETRICS: 5,
    Category.DRILL: 2,
    Category.MOBILITY_DYNAMIC: 3,
    Category.STRETCH_STATIC: 5,
}
_TIMES = {Per.BOTH: 1, Per.LEG: 2, Per.SIDE: 2, Per.DIRECTION: 2, Per.LEG_AND_DIRECTION: 4}


def set_range(dose: Dose) -> tuple[int, int]:
    """Return the fewest and the most sets; a dose that names none is done once."""
    fewest = dose.sets or 1
    return fewest, max(fewest, dose.sets_max or fewest)


def exercise_seconds(exercise: Exercise, rung: Rung, sets: int) -> int:
    """Return the seconds that so many sets of a rung take, with the rests between and the set-up.

    Of every range it takes the middle: who does the least is done sooner, who does the most later.
    A repeat lasts as long as the tempo says, or what is usual for its kind. Where the sides take
    turns within a set, the other side's turn is the rest, so only a change comes between them.
    """
    return SETUP_S + sets * set_seconds(exercise, rung) + (sets - 1) * rest_seconds(exercise.rest)


def set_seconds(exercise: Exercise, rung: Rung) -> int:
    """Return the seconds of one set, both sides of it."""
    dose = rung.dose
    hold = _middle(dose.hold_s, dose.hold_max_s)
    once = _middle(dose.distance_m, dose.distance_max_m) * METRE_S or hold
    if dose.reps_min is not None:
        repeat = repeat_seconds(exercise.category, rung.tempo or exercise.tempo)
        once = _middle(dose.reps_min, dose.reps_max) * (repeat + hold)
    change = CHANGE_S if rung.changes_sides else 0
    return once * _TIMES[dose.per] + change


def rest_seconds(rest: Rest) -> int:
    """Return the seconds of a rest."""
    return _middle(rest.min_s, rest.max_s)


def repeat_seconds(category: Category, tempo: Tempo) -> int:
    """Return the seconds of one repeat, without a hold; estimated where the tempo is a cue."""
    if tempo.down is None or tempo.up is None:
        return _REPEAT_S[category]
    return tempo.down + (tempo.pause or 0) + tempo.up


def _middle(low: int | None, high: int | None) -> int:
    """Return the middle of a range, rounded up; 0 where there is none."""
    low = low or 0
    return (low + (high or low) + 1) // 2
