"""How typed text is compared with known names: any spelling, forgiving a typo."""

import unicodedata
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
