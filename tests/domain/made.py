"""The shipped library, and made-up ones of any size."""

from dataclasses import replace
from functools import cache

from bot.content.catalogue import load_catalogue
from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Category, Difficulty, Exercise
from bot.settings import SHIPPED_DATA


@cache
def shipped() -> Catalogue:
    return load_catalogue(SHIPPED_DATA)


def made(slug: str, *, demanding: bool = False) -> Exercise:
    category = Category.PLYOMETRICS if demanding else Category.STRENGTH
    return replace(
        next(iter(shipped())),
        slug=slug,
        name=slug,
        aliases=(),
        category=category,
        difficulty=Difficulty.BEGINNER,
    )


def library(demanding: int, gentle: int) -> list[Exercise]:
    return [
        *(made(f"hard-{i}", demanding=True) for i in range(demanding)),
        *(made(f"easy-{i}") for i in range(gentle)),
    ]
