import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.exercise import Dose, Muscle, Per, Rest, Source, Tempo
from bot.settings import SHIPPED_DATA
from bot.texts import load_texts
from bot.ui.wording import (
    day_line,
    dose_line,
    harmless,
    listing,
    muscle_line,
    rest_line,
    tempo_line,
)

t = load_texts(Path(SHIPPED_DATA)).speaking("en-US")


def dose(**numbers: object) -> Dose:
    ours = dict.fromkeys(("source", "sets_source", "hold_source"), Source.OURS)
    return Dose(**{"per": Per.BOTH, **ours, **numbers})


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        ({"reps_min": 1}, "1 time"),
        ({"reps_min": 1, "reps_max": 2}, "1–2 times"),
        ({"reps_min": 8, "reps_max": 8}, "8 times"),
        ({"sets": 2, "reps_min": 12, "reps_max": 15}, "2 × 12–15 times"),
        ({"sets": 2, "sets_max": 3, "reps_min": 12, "per": Per.LEG}, "2–3 × 12 times each leg"),
        ({"reps_min": 5, "per": Per.SIDE}, "5 times each side"),
        ({"reps_min": 9, "per": Per.DIRECTION}, "9 times each way"),
        ({"reps_min": 9, "per": Per.LEG_AND_DIRECTION}, "9 times each way, each leg"),
        ({"reps_min": 5, "hold_s": 1}, "5 times, hold 1 s"),
        (
            {"sets": 2, "reps_min": 5, "hold_s": 3, "hold_max_s": 5, "per": Per.SIDE},
            "2 × 5 times each side, hold 3–5 s",
        ),
        ({"sets": 3, "hold_s": 15, "hold_max_s": 30}, "3 × 15–30 s"),
        ({"hold_s": 20, "per": Per.LEG}, "20 s each leg"),
        ({"sets": 2, "distance_m": 20}, "2 × 20 m"),
        ({"distance_m": 20, "distance_max_m": 30, "per": Per.LEG}, "20–30 m each leg"),
    ],
)
def test_a_dose_reads_like_a_sentence(numbers, line):
    assert dose_line(dose(**numbers), t) == line


@pytest.mark.parametrize(
    ("tempo", "line"),
    [
        (Tempo(down=3, pause=1, up=2), "3 s down, 1 s pause, 2 s up"),
        (Tempo(down=3, pause=0, up=2), "3 s down, 2 s up"),
        (Tempo(cue="Like a spring"), "Like a spring"),
    ],
)
def test_a_tempo_is_told_in_seconds_or_in_a_cue(tempo, line):
    assert tempo_line(tempo, t) == line


def test_a_rest_is_a_range_or_a_number():
    assert rest_line(Rest(min_s=30, max_s=60), t) == "rest 30–60\u00a0s"
    assert rest_line(Rest(min_s=30, max_s=30), t) == "rest 30\u00a0s"


@pytest.mark.parametrize(
    ("words", "line"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_listed_as_one_says_them(words, line):
    assert listing(words, t) == line


def test_a_list_may_end_with_or():
    assert listing(["a", "b"], t, last="or") == "a or b"


def test_muscles_of_the_same_name_are_said_once():
    assert muscle_line([Muscle.GLUTE_MED, Muscle.GLUTE_MED, Muscle.FEET], t) == "outer hips, feet"


def test_a_day_is_named_with_weekday_and_month():
    assert day_line(date(2026, 11, 22), t) == "Sunday 22 November"


HOSTILE = [
    "[*a*](b)",
    "[**a** ||b|| `c`](d)",
    "@everyone",
    "@here",
    "@every\u200bone",
    "<@123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "</club setup:123456789012345678>",
    "**bold** __under__ ~~gone~~ ||hid||",
    "`code` ```block```",
    "# Heading\n- list\n> quote",
    "[click](https://e.vil)",
    "https://e.vil/path_with_under",
    "\\*not escaped\\*",
    "\u202eevil\u202c",
    "\u2066\u2067\u2068\u2069",
    "a\x00b\x07c\r\nd\u2028e",
    "Z\u0301\u0302\u0303" * 20,
    "👩🏽\u200d🦰",
    "مرحبا",
]
RISKY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("*_~|`\\<>@#&[]():/-\u200b\u200d\u202e\u2067\n\r\t 1"),
    ),
    max_size=60,
)


def live(name: str) -> str:
    """What Discord would still read as markup: the shown name without its escapes."""
    shown = harmless(name, t)
    assert shown.startswith("\u2068")
    assert shown.endswith("\u2069")
    return re.sub(r"\\[\\*_~|`<>@\[\]()#:-]", "", shown[1:-1])


def check_harmless(name: str) -> None:
    shown = harmless(name, t)
    if shown == t("leaderboard.nameless"):
        return
    rest = live(name)
    assert not set(rest) & set("*_~|`<\\")
    assert not re.search(r"\[.+\]\(.+\)", rest)
    assert not re.search(r"@(everyone|here|[!&]?\d{15})", shown)
    assert "://" not in shown
    added = {"\u200b", "\u200d"}
    assert all(c in added or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") for c in rest)
    assert "\n" not in shown
    assert len(shown) <= 100


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_harmless(name):
    check_harmless(name)


@settings(max_examples=400, deadline=None)
@given(RISKY)
def test_any_name_is_harmless(name):
    check_harmless(name)


@pytest.mark.parametrize("name", ["", " ", "\u202e", "\x00\n", "\u200b", "\u200d", "\u200d \u200d"])
def test_a_name_with_nothing_to_see_is_a_member(name):
    assert harmless(name, t) == t("leaderboard.nameless")


@pytest.mark.parametrize("name", ["Ann", "José", "मीना", "李小龍", "O’Neill", "👨\u200d👩\u200d👧"])
def test_an_honest_name_stays_as_it_is(name):
    assert harmless(name, t) == f"\u2068{name}\u2069"
