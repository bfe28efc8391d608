"""The shipped exercises: complete, honest, and short enough for a phone."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.content.catalogue import load_catalogue
from bot.domain.catalogue import Catalogue
from bot.domain.exercise import (
    Block,
    Category,
    Dose,
    Equipment,
    Exercise,
    Grade,
    Level,
    Muscle,
    Per,
    Rung,
    Source,
)
from bot.domain.matching import plain

DATA = Path(__file__).parents[1] / "data"
FILES = sorted((DATA / "exercises").glob("*.toml"))

# The doses the article gives: repeats, hold in seconds, what they are counted for.
# The deadlift's repeats are open there; where it only says "pause", the tempo has one.
SEED_DOSES = {
    "single-leg-deadlift": (None, None, Per.LEG),
    "single-leg-squat-to-stand": ((5, 8), "pause", Per.LEG),
    "side-plank-knee-drive": ((5, 8), (1, None), Per.LEG),
    "step-up-reverse-lunge": ((12, 15), None, Per.LEG),
    "banded-glute-bridge": ((12, 15), "pause", Per.BOTH),
    "explosive-sprinters-lunge": ((5, 8), None, Per.LEG),
    "monster-steps": ((12, 15), None, Per.LEG),
    "standing-glute-activation": ((4, 5), None, Per.BOTH),
    "hollow-body-hold": ("3 holds", (15, 30), Per.BOTH),
}
FIRST_TEN = {*SEED_DOSES, "a-march"}

# The doses of our own moves: sets, repeats, hold in seconds, what they are counted for.
OUR_DOSES = {
    "clamshell": ((2, None), (12, 15), (None, None), Per.LEG),
    "side-lying-leg-raise": ((2, None), (10, 15), (None, None), Per.LEG),
    "hip-hike": ((2, None), (10, 12), (None, None), Per.LEG),
    "copenhagen-plank": ((2, 3), (6, 10), (None, None), Per.SIDE),
    "single-leg-bridge": ((2, 3), (8, 12), (None, None), Per.LEG),
    "fire-hydrant": ((2, None), (10, 12), (None, None), Per.LEG),
    "lateral-band-walk": ((2, None), (10, 12), (None, None), Per.DIRECTION),
    "dead-bug": ((2, None), (6, 8), (None, None), Per.SIDE),
    "bird-dog": ((2, None), (6, 8), (3, 5), Per.SIDE),
    "hip-thrust": ((3, None), (6, 12), (None, None), Per.BOTH),
    "lateral-step-down": ((2, None), (8, 10), (None, None), Per.LEG),
    "banded-hip-flexor-march": ((2, None), (8, 10), (None, None), Per.LEG),
    "leg-swings": ((None, None), (10, 15), (None, None), Per.LEG_AND_DIRECTION),
    "lunge-reach-rotate": ((None, None), (4, 6), (2, 3), Per.SIDE),
    "ninety-ninety-switch": ((None, None), (6, 8), (None, None), Per.BOTH),
    "adductor-rock-back": ((None, None), (8, 10), (None, None), Per.LEG),
    "couch-stretch": ((1, 2), (None, None), (30, 60), Per.SIDE),
    "figure-four-pigeon": ((1, 2), (None, None), (30, 60), Per.SIDE),
}
BEFORE_A_RUN = {"leg-swings", "lunge-reach-rotate", "ninety-ninety-switch", "adductor-rock-back"}
AFTER_A_RUN = {"couch-stretch", "figure-four-pigeon"}

# The moves that make each block of the plan what it is.
BLOCKS = {
    Block.FOUNDATION: {"banded-glute-bridge", "clamshell", "hip-hike", "dead-bug"},
    Block.CONTROL: {"monster-steps", "side-plank-knee-drive", "lateral-step-down", "bird-dog"},
    Block.STRENGTH: {
        "single-leg-deadlift",
        "single-leg-squat-to-stand",
        "hip-thrust",
        "copenhagen-plank",
    },
    Block.POWER: {"explosive-sprinters-lunge", "step-up-reverse-lunge", "a-march"},
}

# What no exercise can keep. Stems, so that "prevents" and "prevention" are caught too.
PROMISES = re.compile(
    r"\b(prevent|cur(e|es|ed|ing)\b|heal(s|ed|ing)?\b|fix(es|ed)?\b|guarante|protect|eliminat"
    r"|miracle|bulletproof|injury[- ]free|injury[- ]proof|pain[- ]free|never again|no more pain"
    r"|makes? you (faster|stronger))",
    re.IGNORECASE,
)


@cache
def shipped() -> Catalogue:
    return load_catalogue(DATA)


def by_slug(slug: str) -> Exercise:
    return shipped().get(slug)


def texts(exercise: Exercise) -> Iterator[str]:
    """Every text a member may read."""
    yield exercise.name
    yield from exercise.aliases
    yield from exercise.phases
    yield exercise.benefit
    yield exercise.alt_text
    for fault in exercise.faults:
        yield from (fault.fault, fault.fix)
    for rung in exercise.ladder:
        yield rung.name
        yield from (*rung.feel, *rung.stop)
        if rung.tempo and rung.tempo.cue:
            yield rung.tempo.cue
        if rung.level is not Level.STANDARD:
            yield rung.how
    yield from (evidence.note for evidence in exercise.evidence)


def on_the_card(exercise: Exercise, rung: Rung) -> Iterator[str]:
    yield rung.name
    yield from [rung.how] if rung.how else exercise.phases
    yield from rung.feel
    yield from rung.stop
    for fault in exercise.faults[:2]:
        yield from (fault.fault, fault.fix)


each_exercise = pytest.mark.parametrize("slug", [file.stem for file in FILES])


def test_every_shipped_file_loads():
    assert [e.slug for e in shipped()] == [file.stem for file in FILES]


def test_the_28_moves_are_there():
    assert {e.slug for e in shipped()} == FIRST_TEN | set(OUR_DOSES)
    assert len(shipped()) == 28


@pytest.mark.parametrize("slug", OUR_DOSES)
def test_a_move_of_ours_has_its_dose_and_says_whose_it_is(slug):
    move, (sets, reps, hold, per) = by_slug(slug), OUR_DOSES[slug]
    dose = move.dose
    assert move.source is Source.OURS
    assert sources_of(dose) == {Source.OURS}
    assert (dose.sets, dose.sets_max) == sets
    assert (dose.reps_min, dose.reps_max) == reps
    assert (dose.hold_s, dose.hold_max_s) == hold
    assert (dose.distance_m, dose.per) == (None, per)


@pytest.mark.parametrize("block", Block)
def test_each_block_of_the_plan_has_the_moves_that_make_it(block):
    assert {e.slug for e in shipped() if e.block is block} >= BLOCKS[block]


def test_stretches_that_move_are_for_before_a_run_and_held_ones_for_after_it():
    assert moves_of(Category.MOBILITY_DYNAMIC) == BEFORE_A_RUN
    assert moves_of(Category.STRETCH_STATIC) == AFTER_A_RUN


def moves_of(category: Category) -> set[str]:
    return {e.slug for e in shipped() if e.category is category}


@each_exercise
def test_a_held_stretch_alone_is_dosed_in_seconds_of_calm(slug):
    exercise = by_slug(slug)
    is_held = exercise.category is Category.STRETCH_STATIC
    assert is_held is (exercise.dose.reps_min is None and (exercise.dose.hold_s or 0) >= 30)


def test_what_jumps_or_is_advanced_is_known_as_demanding():
    demanding = {e.slug for e in shipped() if e.is_demanding}
    assert demanding == {
        "copenhagen-plank",
        "explosive-sprinters-lunge",
        "single-leg-squat-to-stand",
    }


@pytest.mark.parametrize("slug", SEED_DOSES)
def test_a_move_of_the_article_says_so(slug):
    assert by_slug(slug).source is Source.SEED


def test_the_third_drill_is_ours():
    march = by_slug("a-march")
    assert march.source is Source.OURS
    assert march.dose.source is Source.OURS


@pytest.mark.parametrize("slug", SEED_DOSES)
def test_a_dose_is_counted_for_what_the_article_counts(slug):
    *_, per = SEED_DOSES[slug]
    assert by_slug(slug).dose.per is per


@pytest.mark.parametrize(
    "slug", [slug for slug, (reps, *_) in SEED_DOSES.items() if isinstance(reps, tuple)]
)
def test_repeats_are_those_of_the_article_and_the_sets_are_ours(slug):
    dose = by_slug(slug).dose
    reps, *_ = SEED_DOSES[slug]
    assert (dose.reps_min, dose.reps_max) == reps
    assert dose.source is Source.SEED
    assert dose.sets is None or dose.sets_source is Source.OURS


@pytest.mark.parametrize(
    "slug", [slug for slug, (_, hold, _) in SEED_DOSES.items() if isinstance(hold, tuple)]
)
def test_holds_are_those_of_the_article(slug):
    dose = by_slug(slug).dose
    _, hold, _ = SEED_DOSES[slug]
    assert (dose.hold_s, dose.hold_max_s) == hold
    assert dose.hold_source is Source.SEED


@pytest.mark.parametrize(
    "slug", [slug for slug, (_, hold, _) in SEED_DOSES.items() if hold == "pause"]
)
def test_a_pause_without_a_length_is_in_the_tempo(slug):
    exercise = by_slug(slug)
    assert exercise.tempo.pause
    assert exercise.dose.hold_s is None


@pytest.mark.parametrize(
    "slug", [slug for slug, (_, hold, _) in SEED_DOSES.items() if hold is None]
)
def test_a_hold_the_article_does_not_give_is_ours_or_missing(slug):
    dose = by_slug(slug).dose
    assert dose.hold_s is None or dose.hold_source is Source.OURS


def test_the_three_hollow_holds_are_the_articles_sets():
    dose = by_slug("hollow-body-hold").dose
    assert (dose.sets, dose.sets_max, dose.sets_source) == (3, None, Source.SEED)
    assert dose.reps_min is None


def test_the_deadlifts_open_repeats_are_filled_by_us():
    dose = by_slug("single-leg-deadlift").dose
    assert (dose.sets, dose.sets_max) == (2, 3)
    assert (dose.reps_min, dose.reps_max) == (6, 10)
    assert dose.source is Source.OURS
    assert dose.sets_source is Source.OURS


@each_exercise
def test_every_ladder_has_an_easier_and_a_harder_rung(slug):
    levels = [rung.level for rung in by_slug(slug).ladder]
    assert Level.EASIER in levels
    assert Level.HARDER in levels
    assert levels.count(Level.STANDARD) == 1


@each_exercise
def test_every_other_rung_teaches_itself_and_its_dose_is_ours(slug):
    for rung in by_slug(slug).ladder:
        if rung.level is Level.STANDARD:
            continue
        assert len(rung.how) >= 60, rung.name
        assert rung.dose.sets or not by_slug(slug).dose.sets, rung.name
        assert sources_of(rung.dose) == {Source.OURS}, rung.name


def sources_of(dose: Dose) -> set[Source]:
    return {dose.source, dose.sets_source, dose.hold_source}


@each_exercise
def test_the_rungs_of_a_ladder_have_different_names(slug):
    names = [plain(rung.name) for rung in by_slug(slug).ladder]
    assert len(names) == len(set(names))


@each_exercise
def test_every_card_is_complete(slug):
    exercise = by_slug(slug)
    assert 3 <= len(exercise.phases) <= 6
    assert exercise.feel
    assert exercise.stop
    assert len(exercise.faults) >= 3
    assert exercise.benefit
    assert exercise.alt_text
    assert exercise.aliases


@each_exercise
def test_every_stop_sign_completes_the_same_sentence(slug):
    for sign in {sign for rung in by_slug(slug).ladder for sign in rung.stop}:
        assert sign[0].islower(), f"Stop if: {sign}"
        assert not re.search(r";|\.$", sign), sign


@each_exercise
def test_what_is_joined_into_a_line_brings_no_full_stop_of_its_own(slug):
    exercise = by_slug(slug)
    for place in {place for rung in exercise.ladder for place in rung.feel}:
        assert place[0].islower(), place
        assert not re.search(r";|\.$", place), place
    for fault in exercise.faults:
        assert not re.search(r"[.?]$", fault.fault), fault.fault
        assert not fault.fix.endswith("."), fault.fix


@each_exercise
def test_steps_and_how_tos_are_whole_sentences(slug):
    exercise = by_slug(slug)
    hows = [rung.how for rung in exercise.ladder if rung.level is not Level.STANDARD]
    notes = [evidence.note for evidence in exercise.evidence]
    for text in [*exercise.phases, *hows, *notes, exercise.benefit, exercise.alt_text]:
        assert text[0].isupper(), text
        assert text.endswith("."), text


@each_exercise
def test_every_evidence_note_is_graded_and_without_a_reference_it_is_tradition(slug):
    evidence = by_slug(slug).evidence
    assert evidence
    for note in evidence:
        assert note.grade in Grade
        if note.ref is None:
            assert note.grade is Grade.D, note.note


@each_exercise
def test_no_text_promises_health(slug):
    for text in texts(by_slug(slug)):
        assert not PROMISES.search(text), text


@pytest.mark.parametrize(
    "promise",
    ["Prevents shin splints", "cures knee pain", "Fixes weak hips", "injury-free running"],
)
def test_a_health_promise_would_be_found(promise):
    assert PROMISES.search(promise)


@each_exercise
def test_no_text_quotes_a_percentage(slug):
    for text in texts(by_slug(slug)):
        assert not re.search(r"%|\bper ?cent|\bMVIC\b", text, re.IGNORECASE), text


@each_exercise
def test_every_text_is_trimmed_and_set_in_one_spacing_and_one_apostrophe(slug):
    for text in texts(by_slug(slug)):
        assert text == text.strip()
        assert "  " not in text
        assert "\n" not in text
        assert "'" not in text, f"use ’ in {text}"


@each_exercise
def test_the_texts_on_the_card_fit_a_phone(slug):
    exercise = by_slug(slug)
    feel = [place for rung in exercise.ladder for place in rung.feel]
    stop = [sign for rung in exercise.ladder for sign in rung.stop]
    limits = {100: exercise.phases, 50: feel, 60: stop}
    faults = [text for fault in exercise.faults for text in (fault.fault, fault.fix)]
    for limit, lines in [*limits.items(), (60, faults)]:
        for line in lines:
            assert len(line) <= limit, line
    for rung in exercise.ladder:
        assert sum(map(len, on_the_card(exercise, rung))) <= 1100, rung.name


@each_exercise
def test_every_rung_says_every_stop_sign_of_the_exercise_and_none_twice(slug):
    exercise = by_slug(slug)
    for rung in exercise.ladder:
        assert set(exercise.stop) <= set(rung.stop), rung.name
        assert len(rung.stop) == len(set(rung.stop)) <= 6, rung.name


@each_exercise
def test_what_stands_on_the_equipment_list_is_something_or_nothing(slug):
    for rung in by_slug(slug).ladder:
        assert Equipment.NONE not in rung.equipment or len(rung.equipment) == 1, rung.name
        assert len(rung.equipment) == len(set(rung.equipment)), rung.name


def test_every_band_at_the_ankles_or_feet_in_a_step_warns_of_injured_knee_ligaments():
    names = ("ankles", "round the feet")
    walks = [by_slug("monster-steps"), by_slug("lateral-band-walk")]
    low = [r for e in walks for r in e.ladder if any(name in r.name for name in names)]
    assert len(low) == 4
    assert all("you have an injured knee ligament" in rung.stop for rung in low)


def test_the_library_trains_every_muscle_and_uses_every_piece_of_equipment():
    assert {muscle for e in shipped() for muscle in e.muscles} == set(Muscle)
    used = {item for e in shipped() for rung in e.ladder for item in rung.equipment}
    assert used == set(Equipment) - {Equipment.LONG_BAND}


def test_no_two_exercises_share_a_name_or_alias():
    names = [plain(name) for e in shipped() for name in {e.name, *e.aliases}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("monster walk", "monster-steps"),
        ("single leg rdl", "single-leg-deadlift"),
        ("glute bridge", "banded-glute-bridge"),
        ("hollow hold", "hollow-body-hold"),
        ("A-skip", "a-march"),
        ("sprinters lunge", "explosive-sprinters-lunge"),
        ("pelvic drop", "hip-hike"),
        ("side leg raise", "side-lying-leg-raise"),
        ("pigeon", "figure-four-pigeon"),
        ("90-90", "ninety-ninety-switch"),
        ("band walk", "lateral-band-walk"),
    ],
)
def test_a_move_is_found_by_the_name_people_use(typed, slug):
    assert shipped().get(typed).slug == slug
