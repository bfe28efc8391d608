"""Equipment as people type it: words with commas between them, completed as they go."""

import re

from discord import app_commands

from bot.domain.exercise import Equipment
from bot.domain.matching import nearest, plain, rank
from bot.domain.routine import AT_HOME
from bot.errors import UnknownEquipment
from bot.texts import Say

MOST_CHOICES, MOST_LETTERS = 25, 100  # Discord's limits
EVERYTHING = frozenset(Equipment) - {Equipment.NONE}
# What a word may stand for, by the value that a choice has for it.
_MEANINGS = {
    "home": AT_HOME,
    "all": EVERYTHING,
    **{item.value: frozenset({item}) - {Equipment.NONE} for item in Equipment},
}


def parse_equipment(text: str, t: Say) -> frozenset[Equipment]:
    """Return the equipment that the words or the value of a choice name; for none, a home's.

    Raises:
        UnknownEquipment: with the three nearest words.
    """
    named = [_value(piece, t) for piece in _pieces(text)] or ["home"]
    return frozenset().union(*(_MEANINGS[value] for value in named))


def suggest_equipment(typed: str, t: Say) -> list[app_commands.Choice[str]]:
    """Return choices that complete what was typed: its last word, or one more after the comma."""
    before, _, last = typed.rpartition(",")
    try:
        chosen = [_value(piece, t) for piece in _pieces(before)]
    except UnknownEquipment:
        return []
    had = frozenset().union(*(_MEANINGS[value] for value in chosen))
    words, found = _words(t), []
    for value, meaning in _MEANINGS.items():
        score = rank(last, words[value], (value,))
        if score is not None and not (chosen and meaning <= had):
            values = [*chosen, value]
            name = ", ".join(words[each] for each in values)
            found.append((score, app_commands.Choice(name=name, value=",".join(values))))
    choices = [choice for _, choice in sorted(found, key=lambda pair: pair[0])]
    return [choice for choice in choices if len(choice.name) <= MOST_LETTERS][:MOST_CHOICES]


def _pieces(text: str) -> list[str]:
    return [piece for piece in map(str.strip, re.split("[,;+&]", text)) if piece]


def _words(t: Say) -> dict[str, str]:
    items = {item.value: t(f"equipment.{item.value}") for item in Equipment}
    return {"home": t("routine.home"), "all": t("routine.everything"), **items}


def _value(piece: str, t: Say) -> str:
    """Return the one value that a piece means, in any spelling and cut short."""
    words = _words(t)
    scores = {value: rank(piece, word, (value,)) for value, word in words.items()}
    known = [score for score in scores.values() if score is not None]
    exact = [v for v, word in words.items() if plain(piece) in (plain(v), plain(word))]
    found = exact or [value for value, score in scores.items() if known and score == min(known)]
    if len(found) != 1:
        near = nearest(piece, {word: (value,) for value, word in words.items()})
        raise UnknownEquipment(name=piece, nearest=near)
    return found[0]
