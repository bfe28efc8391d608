"""Turns values into words that several messages share."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from discord import Colour, utils

from bot.domain.exercise import Dose, Equipment, Exercise, Muscle, Per, Rest, Rung, Tempo
from bot.domain.focus import Focus
from bot.domain.knowledge import Reference, Seen
from bot.texts import Say

ACCENT = Colour(0x2E9E6B)  # of every card

# Letters and marks that draw nothing, though Unicode does not count them as control characters.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"


def harmless(name: str, t: Say) -> str:
    """Return a display name that can neither format, link, ping nor turn the line around.

    It stands in a directional isolate, so that a name in Arabic leaves its line alone.
    """
    bare = legible(name, t)
    if bare == t("leaderboard.nameless"):
        return bare
    escaped = re.sub(r"([\\`*_~|\[\]()<>#])", r"\\\1", bare.replace("://", ":\u200b//"))
    return f"\u2068{utils.escape_mentions(escaped)}\u2069"


def legible(name: str, t: Say) -> str:
    """Return a display name for where nothing is formatted: a picture or its description.

    Invisible and direction-changing characters go, except the joiner inside emoji.
    """
    kept = "".join(c for c in name if c == _JOINER or (c not in _BLANK and not _is_hidden(c)))
    bare = " ".join(kept.split())[:32].strip(_JOINER)
    if not bare.strip(_JOINER + " "):
        return t("leaderboard.nameless")
    return bare


_JOINER = "\u200d"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")


def span(low: int, high: int | None) -> str:
    """Return a number, or a range with an en dash."""
    return f"{low}–{high}" if high is not None and high != low else str(low)


def listing(words: Sequence[str], t: Say, last: str = "and") -> str:
    """Return the words with commas and, before the last, the word of this key."""
    if len(words) < 2:
        return "".join(words)
    return t(f"error.{last}", first=", ".join(words[:-1]), last=words[-1])


def permission_names(permissions: Iterable[str], t: Say) -> str:
    """Return the permissions by the names that Discord's settings give them."""
    return listing([f"**{t(f'permission.{name}')}**" for name in permissions], t)


def effort_line(exercise: Exercise, rung: Rung, t: Say) -> str:
    """Return dose, tempo and rest, the dose standing out."""
    dose, tempo = dose_line(rung.dose, t), tempo_line(exercise.tempo, t)
    return f"**{dose}** · {tempo} · {rest_line(exercise.rest, t)}"


def dose_line(dose: Dose, t: Say) -> str:
    """Return the dose in words: `2–3 × 12–15 times each leg`."""
    parts = []
    if dose.reps_min is not None:
        reps = span(dose.reps_min, dose.reps_max)
        parts.append(t("dose.reps", n=dose.reps_max or dose.reps_min, range=reps))
        if dose.hold_s is not None:
            hold = t("dose.hold", range=span(dose.hold_s, dose.hold_max_s))
            parts.append(hold)
    elif dose.hold_s is not None:
        parts.append(f"{span(dose.hold_s, dose.hold_max_s)} s")
    if dose.distance_m is not None:
        parts.append(t("dose.distance", range=span(dose.distance_m, dose.distance_max_m)))
    amount = parts[0]
    if dose.sets is not None:
        amount = f"{span(dose.sets, dose.sets_max)} × {amount}"
    if dose.per is not Per.BOTH:
        amount = f"{amount} {t(f'dose.per_{dose.per.value}')}"
    return ", ".join([amount, *parts[1:]])


def tempo_line(tempo: Tempo, t: Say) -> str:
    """Return the tempo in words."""
    if tempo.cue is not None:
        return tempo.cue
    key = "dose.tempo" if tempo.pause else "dose.tempo_no_pause"
    return t(key, down=tempo.down, pause=tempo.pause, up=tempo.up)


def rest_line(rest: Rest, t: Say) -> str:
    """Return the rest in words."""
    return t("dose.rest", range=span(rest.min_s, rest.max_s))


def equipment_line(equipment: Iterable[Equipment], t: Say) -> str:
    """Return what is needed, or that nothing is."""
    return ", ".join(t(f"equipment.{item.value}") for item in equipment)


def equipment_words(equipment: Collection[Equipment], t: Say) -> str:
    """Return the things of a set as they stand in a sentence, always in the same order."""
    return listing([t(f"equipment.{item.value}") for item in Equipment if item in equipment], t)


def focus_words(focus: Focus | None, t: Say) -> str:
    """Return what a routine is for, as the end of a phrase; for no focus, all of the hips."""
    return t(f"routine_focus.{focus.value if focus else 'all'}")


def muscle_line(muscles: Iterable[Muscle], t: Say) -> str:
    """Return the muscles by the names runners use."""
    return ", ".join(dict.fromkeys(t(f"muscle.{muscle.value}") for muscle in muscles))


def summary_line(exercise: Exercise, rung: Rung, t: Say) -> str:
    """Return level, kind, equipment and muscles on one line."""
    parts = (
        t(f"difficulty.{exercise.difficulty.value}"),
        t(f"category.{exercise.category.value}"),
        equipment_line(rung.equipment, t),
        muscle_line(exercise.primary_muscles[:2], t),
    )
    return " · ".join(parts)


def source_lines(source: Reference, t: Say) -> str:
    """Return what a reference is, and below it who published it when and where, with its link."""
    published = source.published
    if source.url:
        published = t("why.source_link", published=published, url=source.url)
    year = str(source.year) if source.year else None
    details = [source.authors, year, published]
    if source.seen is Seen.SECOND_HAND:
        details.append(t("why.second_hand"))
    return t("why.source", about=source.about, details=" · ".join(filter(None, details)))


def day_line(day: date, t: Say) -> str:
    """Return a club day in words: `Sunday 22 November`."""
    return t(
        "challenge.date",
        weekday=t(f"weekday.{day.weekday()}"),
        day=day.day,
        month=t(f"month.{day.month}"),
    )


def calendar_day(day: date, t: Say) -> str:
    """Return a day of any year in words: `22 November 2026`."""
    return t("board.date", day=day.day, month=t(f"month.{day.month}"), year=day.year)


def when(moment: datetime) -> str:
    """Return an instant as Discord shows it to each reader in their own zone."""
    return f"{utils.format_dt(moment, 'F')} ({utils.format_dt(moment, 'R')})"
