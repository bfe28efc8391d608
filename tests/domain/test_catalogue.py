from dataclasses import replace
from itertools import product

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Category, Difficulty, Equipment, Muscle
from bot.errors import UnknownExercise
from tests.domain.made import made, shipped

each_exercise = pytest.mark.parametrize("exercise", list(shipped()), ids=lambda e: e.slug)

SPELLINGS = [
    str,
    str.upper,
    str.title,
    lambda name: f"  {name.replace(' ', '   ')} ",
    lambda name: name.replace("-", " "),
    lambda name: name.replace(" ", "_"),
    lambda name: name.replace("e", "é"),
]


@each_exercise
def test_an_exercise_is_found_by_every_name_in_any_spelling(exercise):
    for name in (exercise.slug, exercise.name, *exercise.aliases):
        for spelled in SPELLINGS:
            assert shipped().get(spelled(name)) is exercise


@each_exercise
def test_a_search_for_a_name_or_its_beginning_shows_that_exercise_first(exercise):
    assert shipped().search(exercise.name)[0] is exercise
    assert shipped().search(exercise.name.upper()[:8])[0].name[:8] == exercise.name[:8]


def typos(name):
    """One letter missing, swapped with its neighbour, added or replaced."""
    for i, letter in enumerate(name):
        other = "x" if letter != "x" else "q"
        yield name[:i] + name[i + 1 :]
        yield name[:i] + other + name[i:]
        yield name[:i] + other + name[i + 1 :]
        yield name[:i] + name[i : i + 2][::-1] + name[i + 2 :]
    yield name + "e"


@each_exercise
def test_a_typo_of_one_letter_still_finds_the_name(exercise):
    alone = Catalogue([exercise])  # whether one matches does not depend on the others
    assert [typo for typo in typos(exercise.name) if alone.search(typo) != [exercise]] == []


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("mnoster step", "monster-steps"),
        ("holow", "hollow-body-hold"),
        ("brigde", "banded-glute-bridge"),
    ],
)
def test_a_typo_in_part_of_a_name_finds_it_too(typed, slug):
    assert shipped().search(typed)[0].slug == slug


@pytest.mark.parametrize("muscle", list(Muscle))
def test_a_muscle_finds_every_exercise_that_trains_it(muscle):
    trained = [e.slug for e in shipped() if muscle in e.muscles]
    for typed in (muscle.value, muscle.value.replace("_", " ").upper()):
        found = [e.slug for e in shipped().search(typed)]
        assert set(trained) <= set(found)


def test_names_come_before_aliases_and_aliases_before_muscles():
    by_name = replace(made("c"), name="Calves up", primary_muscles=(), secondary_muscles=())
    by_alias = replace(made("b"), aliases=("calves day",), primary_muscles=(), secondary_muscles=())
    by_muscle = replace(made("a"), primary_muscles=(Muscle.CALVES,), secondary_muscles=())
    found = Catalogue([by_muscle, by_alias, by_name]).search("calves")
    assert [e.slug for e in found] == ["c", "b", "a"]


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_shows_all_exercises(typed):
    assert shipped().search(typed) == list(shipped())


@pytest.mark.parametrize("typed", ["zzzz", "qq", "🏃"])
def test_what_is_nowhere_near_finds_nothing(typed):
    assert shipped().search(typed) == []


@pytest.mark.parametrize(
    ("typed", "expected"), [("monster stops", "Monster steps"), ("holow rok", "Hollow body hold")]
)
def test_an_unknown_name_is_answered_with_the_three_nearest(typed, expected):
    with pytest.raises(UnknownExercise) as error:
        shipped().get(typed)
    nearest = error.value.values["nearest"]
    assert nearest[0] == expected
    assert len(set(nearest)) == 3
    assert error.value.values["name"] == typed


def test_the_order_is_that_of_the_slugs():
    slugs = [e.slug for e in Catalogue([made("b"), made("c"), made("a")])]
    assert slugs == ["a", "b", "c"]


def test_a_filter_keeps_what_meets_every_condition():
    for category, muscle, equipment, difficulty in product(
        [None, Category.STRENGTH, Category.CORE],
        [None, Muscle.GLUTE_MAX, Muscle.ABS],
        [None, Equipment.NONE, Equipment.MINI_BAND],
        [None, Difficulty.BEGINNER, Difficulty.ADVANCED],
    ):
        expected = {
            e.slug
            for e in shipped()
            if category in (None, e.category)
            and muscle in (None, *e.primary_muscles, *e.secondary_muscles)
            and equipment in (None, *e.equipment)
            and difficulty in (None, e.difficulty)
        }
        found = shipped().filter(category, muscle, equipment, difficulty)
        assert {e.slug for e in found} == expected


def test_a_filter_without_conditions_keeps_all():
    assert shipped().filter() == list(shipped())
