"""How typed text is compared with known names: any spelling, forgiving a typo."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

# A wrong, missing, extra or swapped letter leaves a word of four or more at least this much alike.
_TYPO = 0.75


# What people leave out or type another way: "sprinters lunge" is the sprinter's.
_SAME = str.maketrans({"-": " ", "_": " ", "'": None, "’": None})


def plain(text: str) -> str:
    """Return `text` as names are compared: no case, accents, hyphens or apostrophes."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.translate(_SAME).split())


def similarity(a: str, b: str) -> float:
    """Return how alike two plain texts are, from 0 to 1."""
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def begins_nearly(wanted: str, known: str) -> bool:
    """Whether `known`, from one of its words on, begins as `wanted` does but for a typo."""
    words = known.split()
    tails = (" ".join(words[i:])[: len(wanted)] for i in range(len(words)))
    return len(wanted) > 3 and any(similarity(wanted, tail) >= _TYPO for tail in tails)


def rank(typed: str, name: str, others: Iterable[str], tags: Iterable[str] = ()) -> int | None:
    """Return how well an entry matches what was typed, 0 best, or None if it does not.

    Its name beats its other names, and these its tags; a typo of one letter still finds each.
    """
    wanted, first = plain(typed), plain(name)
    further, last = [plain(other) for other in others], [plain(tag) for tag in tags]
    if first.startswith(wanted):
        return 0
    if any(other.startswith(wanted) for other in further):
        return 1
    if any(wanted in known for known in (first, *further)):
        return 2
    if any(wanted in tag for tag in last):
        return 3
    if any(begins_nearly(wanted, known) for known in (first, *further, *last)):
        return 4
    return None


def nearest(typed: str, names: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return the three names that are most like what was typed, or have another name that is."""
    wanted = plain(typed)
    alike = {
        name: max(similarity(wanted, plain(known)) for known in (name, *others))
        for name, others in names.items()
    }
    return tuple(sorted(alike, key=alike.__getitem__, reverse=True)[:3])
