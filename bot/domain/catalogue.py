"""All exercises, found by name, alias or muscle."""

from collections.abc import Iterable, Iterator

from bot.domain.exercise import Category, Difficulty, Equipment, Exercise, Muscle
from bot.domain.matching import begins_nearly, plain, similarity
from bot.errors import UnknownExercise


class Catalogue:
    """All exercises in the order of their slugs, found by slug, name, alias or muscle."""

    def __init__(self, exercises: Iterable[Exercise]) -> None:
        self._by_slug = {e.slug: e for e in sorted(exercises, key=lambda e: e.slug)}
        self._by_name = {plain(name): e for e in self for name in (e.slug, e.name, *e.aliases)}

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self._by_slug.values())

    def __len__(self) -> int:
        return len(self._by_slug)

    def get(self, name: str) -> Exercise:
        """Return the exercise with this slug, name or alias in any spelling.

        Raises:
            UnknownExercise: with the three nearest names.
        """
        try:
            return self._by_name[plain(name)]
        except KeyError:
            raise UnknownExercise(name=name, nearest=self._nearest(name)) from None

    def search(self, typed: str) -> list[Exercise]:
        """Return the exercises that match what was typed, best first; all for nothing typed.

        Names beat aliases and aliases muscles; a typo of one letter still finds a name.
        """
        wanted = plain(typed)
        scored = [(score, e) for e in self if (score := _match(wanted, e)) is not None]
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

    def _nearest(self, name: str) -> tuple[str, ...]:
        wanted = plain(name)
        ranked = sorted(
            self,
            key=lambda e: max(similarity(wanted, plain(n)) for n in (e.name, *e.aliases)),
            reverse=True,
        )
        return tuple(e.name for e in ranked[:3])


def _match(wanted: str, exercise: Exercise) -> int | None:
    """Return how well the exercise matches, 0 best, or None."""
    name = plain(exercise.name)
    aliases = [plain(alias) for alias in exercise.aliases]
    muscles = [plain(muscle) for muscle in exercise.muscles]
    if name.startswith(wanted):
        return 0
    if any(alias.startswith(wanted) for alias in aliases):
        return 1
    if any(wanted in known for known in (name, plain(exercise.slug), *aliases)):
        return 2
    if any(wanted in muscle for muscle in muscles):
        return 3
    if any(begins_nearly(wanted, known) for known in (name, *aliases, *muscles)):
        return 4
    return None
