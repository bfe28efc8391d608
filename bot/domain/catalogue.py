"""All exercises, found by name, alias or muscle."""

from collections.abc import Iterable, Iterator

from bot.domain.exercise import Category, Difficulty, Equipment, Exercise, Muscle, Source
from bot.domain.matching import nearest, plain, rank
from bot.errors import UnknownExercise


class Catalogue:
    """All exercises in the order of their slugs, found by slug, name, alias or muscle."""

    def __init__(self, exercises: Iterable[Exercise]) -> None:
        self._by_slug = {e.slug: e for e in sorted(exercises, key=lambda e: e.slug)}
        self._by_name: dict[str, Exercise] = {}
        # A name is the library's before a club's own, which may be there longer.
        for e in sorted(self, key=lambda e: e.source is Source.CLUB):
            for name in (e.slug, e.name, *e.aliases):
                self._by_name.setdefault(plain(name), e)

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self._by_slug.values())

    def __len__(self) -> int:
        return len(self._by_slug)

    def plus(self, more: Iterable[Exercise]) -> "Catalogue":
        """Return the catalogue with these exercises as well; itself if there are none."""
        added = list(more)
        return Catalogue([*self, *added]) if added else self

    def owner(self, name: str) -> Exercise | None:
        """Return the exercise that goes by this name in any spelling, or None."""
        return self._by_name.get(plain(name))

    def get(self, name: str) -> Exercise:
        """Return the exercise with this slug, name or alias in any spelling.

        Raises:
            UnknownExercise: with the three nearest names.
        """
        try:
            return self._by_name[plain(name)]
        except KeyError:
            names = {e.name: e.aliases for e in self}
            raise UnknownExercise(name=name, nearest=nearest(name, names)) from None

    def search(self, typed: str) -> list[Exercise]:
        """Return the exercises that match what was typed, best first; all for nothing typed.

        Names beat aliases and aliases muscles; a typo of one letter still finds a name.
        """
        scored = [
            (score, e)
            for e in self
            if (score := rank(typed, e.name, (e.slug, *e.aliases), e.muscles)) is not None
        ]
        return [e for _, e in sorted(scored, key=lambda pair: pair[0])]

    def filter(
        self,
        category: Category | None = None,
        muscle: Muscle | None = None,
        equipment: Equipment | None = None,
        difficulty: Difficulty | None = None,
    ) -> list[Exercise]:
        """Return the exercises that meet every condition given."""
        return [
            e
            for e in self
            if (category is None or e.category is category)
            and (muscle is None or muscle in e.muscles)
            and (equipment is None or equipment in e.equipment)
            and (difficulty is None or e.difficulty is difficulty)
        ]
