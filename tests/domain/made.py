"""The shipped library, and made-up ones of any size."""

from dataclasses import replace
from functools import cache

from bot.content.catalogue import load_catalogue
from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Block, Category, Difficulty, Exercise, Muscle
from bot.domain.focus import Focus
from bot.settings import SHIPPED_DATA


@cache
def shipped() -> Catalogue:
    return load_catalogue(SHIPPED_DATA)


def made(
    slug: str,
    *,
    demanding: bool = False,
    focus: Focus = Focus.HIP_SIDE,
    block: Block | None = None,
) -> Exercise:
    category = Category.PLYOMETRICS if demanding else Category.STRENGTH
    difficulty = Difficulty.BEGINNER
    if focus is Focus.MOBILITY:
        category = Category.STRETCH_STATIC
        difficulty = Difficulty.ADVANCED if demanding else difficulty
    return replace(
        next(iter(shipped())),
        slug=slug,
        name=slug,
        aliases=(),
        category=category,
        difficulty=difficulty,
        primary_muscles=(MUSCLES[focus],),
        secondary_muscles=(),
        stated_block=block,
    )


MUSCLES = {
    Focus.HIP_SIDE: Muscle.GLUTE_MED,
    Focus.HIP_BACK: Muscle.GLUTE_MAX,
    Focus.TRUNK: Muscle.ABS,
    Focus.MOBILITY: Muscle.HIP_FLEXORS,
}
