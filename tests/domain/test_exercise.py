from dataclasses import replace

import pytest

from bot.domain.exercise import Block, Category, Difficulty, Level
from tests.domain.made import made, shipped


@pytest.mark.parametrize(
    ("category", "difficulty", "is_demanding"),
    [
        (Category.STRENGTH, Difficulty.INTERMEDIATE, False),
        (Category.STRENGTH, Difficulty.ADVANCED, True),
        (Category.PLYOMETRICS, Difficulty.BEGINNER, True),
    ],
)
def test_a_jump_or_an_advanced_move_needs_a_gentler_day_after_it(
    category, difficulty, is_demanding
):
    move = replace(made("move"), category=category, difficulty=difficulty)
    assert move.is_demanding is is_demanding


@pytest.mark.parametrize("exercise", list(shipped()), ids=lambda e: e.slug)
def test_the_exercise_itself_stands_in_its_ladder_above_the_easier_rungs(exercise):
    levels = [rung.level for rung in exercise.ladder]
    assert levels == sorted(levels, key=list(Level).index)
    assert exercise.ladder[exercise.standard].name == exercise.name


@pytest.mark.parametrize(
    ("category", "difficulty", "block"),
    [
        (Category.STRENGTH, Difficulty.BEGINNER, Block.FOUNDATION),
        (Category.CORE, Difficulty.INTERMEDIATE, Block.CONTROL),
        (Category.STRENGTH, Difficulty.ADVANCED, Block.STRENGTH),
        (Category.PLYOMETRICS, Difficulty.ADVANCED, Block.POWER),
        (Category.DRILL, Difficulty.BEGINNER, Block.POWER),
    ],
)
def test_kind_and_difficulty_say_the_block_of_a_move_unless_its_file_does(
    category, difficulty, block
):
    move = replace(made("move"), category=category, difficulty=difficulty)
    assert move.block is block
    assert replace(move, stated_block=Block.CONTROL).block is Block.CONTROL
