"""Cuts the fonts of the pictures to what names need: `scripts/fonts.py FOLDER` writes data/fonts.

FOLDER holds, at any depth, the files named in `FONTS`: Inter 4.1 (its web fonts), Noto (Debian:
fonts-noto-core, fonts-noto-extra, fonts-noto-cjk-extra) and Noto Color Emoji in its COLRv1 version.
Needs the packages fonttools and brotli. The bot itself needs only what this script wrote.
"""

import itertools
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parent.parent / "data" / "fonts"
EMOJI = "NotoColorEmoji.ttf"
SPACES = {0x20, 0xA0, 0x200C, 0x200D}
SIGNS = {
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C1),
    *range(0x2100, 0x2300),
    *range(0x25A0, 0x2700),
}
LETTERS = {*range(0x250), *range(0x300, 0x530), *range(0x1E00, 0x2000)} | SIGNS
PHONETIC = {*range(0x250, 0x300), *range(0x1D00, 0x1DC0), *range(0x2070, 0x20A0),
            *range(0x2C60, 0x2C80), *range(0xA720, 0xA800)}  # fmt: skip
FANCY = {
    *range(0x1D400, 0x1D800),
    *range(0x2100, 0x2150),
}  # mathematical letters
SYMBOLS = {*range(0x2190, 0x2200), *range(0x2300, 0x2500), *range(0x25A0, 0x2800),
           *range(0x1F100, 0x1F200)}  # fmt: skip
EAST_ASIAN = (
    ("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)),
    ("euc_jp", range(0xA1, 0xF5), range(0xA1, 0xFF)),  # JIS X 0208
    ("big5", range(0xA1, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]),  # its common half
    ("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),  # the Hangul of KS X 1001
)


def _east_asian() -> Iterator[int]:
    """Yield kana, punctuation, full-width forms and the ideographs and Hangul of four standards."""
    yield from [*range(0x3000, 0x3130), *range(0x31F0, 0x3200), *range(0xFF01, 0xFFE7)]
    for codec, rows, cells in EAST_ASIAN:
        for pair in itertools.product(rows, cells):
            character = bytes(pair).decode(codec, errors="ignore")
            if len(character) == 1 and ord(character) >= 0x2E80:
                yield ord(character)


# The order is that in which a character is looked for; None: all that the font has.
FONTS: dict[str, set[int] | None] = {
    "Inter-Medium.woff2": LETTERS,
    "Inter-Bold.woff2": LETTERS,
    "NotoSans-Medium.ttf": LETTERS | PHONETIC,
    "NotoSansArabic-Medium.ttf": None,
    "NotoSansHebrew-Medium.ttf": None,
    "NotoSansDevanagari-Medium.ttf": None,
    "NotoSansThai-Medium.ttf": None,
    "NotoSansBengali-Medium.ttf": None,
    "NotoSansTamil-Medium.ttf": None,
    "NotoSansTelugu-Medium.ttf": None,
    "NotoSansGujarati-Medium.ttf": None,
    "NotoSansGurmukhi-Medium.ttf": None,
    "NotoSansKannada-Medium.ttf": None,
    "NotoSansMalayalam-Medium.ttf": None,
    "NotoSansGeorgian-Medium.ttf": None,
    "NotoSansArmenian-Medium.ttf": None,
    "NotoSansCJK-Medium.ttc": set(_east_asian()),
    "NotoSansMath-Regular.ttf": FANCY,
    "NotoSansSymbols-Regular.ttf": SYMBOLS,
    "NotoSansSymbols2-Regular.ttf": SYMBOLS,
    "NotoSansJavanese-Regular.ttf": {0xA9C1, 0xA9C2},  # ꧁꧂ around a name
    "NotoSerifTibetan-Regular.ttf": {*range(0x0F3A, 0x0F3E)},
    EMOJI: None,
}


def main(folder: Path) -> None:
    """Write every font, say how big it became, and write down what they cover together."""
    TARGET.mkdir(parents=True, exist_ok=True)
    [emoji] = folder.rglob(EMOJI)
    pictograms = set(TTFont(emoji).getBestCmap())
    for number, (name, wanted) in enumerate(FONTS.items(), start=10):
        [source] = folder.rglob(name)
        font = _cut(source, SYMBOLS - pictograms if wanted is SYMBOLS else wanted)
        target = TARGET / f"{number}-{source.stem}{'.otf' if 'CFF ' in font else '.ttf'}"
        font.save(target)
        print(f"{target.name}: {target.stat().st_size:,} bytes")  # noqa: T201
    (TARGET / "coverage.txt").write_text("".join(_coverage()), encoding="ascii")


def _coverage() -> Iterator[str]:
    """Yield a line of characters for each width, in tenths of an em; those of emoji come last."""
    widths: dict[int, int] = {}
    fonts = [TTFont(path) for path in sorted(TARGET.glob("*tf"))]
    *texts, emoji = fonts
    for font in texts:
        for character, glyph in font.getBestCmap().items():
            advance = font["hmtx"][glyph][0] / font["head"].unitsPerEm
            widths.setdefault(character, round(advance * 10))
    for width in sorted({*widths.values()}):
        same = [character for character, its in widths.items() if its == width]
        yield f"{width} {' '.join(_ranges(same))}\n"
    yield f"emoji {' '.join(_ranges(c for c in emoji.getBestCmap() if c not in widths))}\n"


def _cut(source: Path, wanted: set[int] | None) -> TTFont:
    """Return the font with these characters, or all of its own, and nothing only print needs."""
    font = TTFont(source, fontNumber=0, recalcTimestamp=False)
    font.flavor = None
    options = subset.Options(
        layout_features=["*"] if source.name == EMOJI else FEATURES,
        hinting=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 4, 6, 13, 14, 16, 17],
    )
    options.drop_tables += ["STAT", "vhea", "vmtx", "VORG", "BASE", "MATH"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=font.getBestCmap() if wanted is None else wanted | SPACES)
    cutter.subset(font)
    return font


FEATURES = [
    feature
    for feature in subset.Options._layout_features_default
    if feature not in ("frac", "numr", "dnom", "vert", "vrt2", "valt", "vkrn", "vpal", "ruby")
]


def _ranges(characters: Iterable[int]) -> Iterator[str]:
    """Yield `first` or `first-last` in hexadecimal for each run of characters."""
    for _, group in itertools.groupby(
        enumerate(sorted(characters)), lambda pair: pair[1] - pair[0]
    ):
        run = [character for _, character in group]
        yield f"{run[0]:x}" if len(run) == 1 else f"{run[0]:x}-{run[-1]:x}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
