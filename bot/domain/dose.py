"""A dose as people type it: `2-3 x 8-12 each leg`, `3 sets of 30 s`, `20 m each way`."""

import re

from bot.errors import BadDose

_NUMBER = r"(\d{1,4})(?:\s*(?:-|–|to)\s*(\d{1,4}))?"
_UNITS = {
    "reps": r"times|time|reps?|repeats?|repetitions?",
    "hold": r"seconds?|secs?|s",
    "minutes": r"minutes?|mins?",
    "distance": r"metres?|meters?|m",
}
_PER = {
    "leg_and_direction": r"(?:way|direction),? (?:each|per|a) leg",
    "leg": r"leg",
    "side": r"side",
    "direction": r"way|direction",
}
_UNIT = "|".join(f"(?P<{unit}>{words})" for unit, words in _UNITS.items())
_WHOM = "|".join(f"(?P<{per}>{words})" for per, words in _PER.items())
_DOSE = re.compile(
    rf"(?:{_NUMBER}\s*(?:sets?\s*(?:of|x|×|\*)?|x|×|\*)\s*)?"
    rf"{_NUMBER}\s*(?:(?:{_UNIT})\b)?"
    rf"(?:,? hold (?:for )?(?P<each>\d{{1,3}})\s*(?:{_UNITS['hold']})\b)?"
    rf"(?:\s*(?:,|each|per|a|/)?\s*(?:{_WHOM})\b)?"
    rf"(?:,? hold (?:for )?(?P<after>\d{{1,3}})\s*(?:{_UNITS['hold']})\b)?",
)


def parse_dose(typed: str) -> dict[str, int | str]:
    """Return the fields of the dose by their names in an exercise file, those that it has.

    Raises:
        BadDose: it is not written as a dose is.
    """
    found = _DOSE.fullmatch(" ".join(typed.lower().split()).rstrip("."))
    if found is None:
        raise BadDose(dose=typed)
    sets, sets_max, low, high = (int(n) if n else None for n in found.groups()[:4])
    what = next((unit for unit in _UNITS if found[unit]), "reps")
    if what == "minutes":
        low, high, what = (low or 0) * 60, high and high * 60, "hold"
    names = {
        "reps": ("reps_min", "reps_max"),
        "hold": ("hold_s", "hold_max_s"),
        "distance": ("distance_m", "distance_max_m"),
    }
    least, most = names[what]
    pause = found["each"] or found["after"]
    fields: dict[str, int | str | None] = {
        "sets": sets,
        "sets_max": sets_max,
        least: low,
        most: high,
        "per": next((per for per in _PER if found[per]), None),
    }
    if pause:
        fields["hold_s"] = int(pause)
    return {name: value for name, value in fields.items() if value is not None}
