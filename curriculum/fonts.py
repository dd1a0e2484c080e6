"""The fonts that Setuju prints with, and which characters they have."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "static" / "fonts"

# One family a file: WeasyPrint merges the faces of one family and prints wrong glyphs.
FACES = {
    "NotoSans-Regular.otf": ("Noto Sans", 400),
    "NotoSans-Bold.otf": ("Noto Sans", 700),
    "NotoSansTamil-Regular.otf": ("Noto Sans Tamil", 400),
    "NotoSansTamil-Bold.otf": ("Noto Sans Tamil", 700),
    "NotoSansSC-gb2312-400.otf": ("Noto Sans SC", 400),
    "NotoSansSC-gb2312-700.otf": ("Noto Sans SC", 700),
}
# Never drawn: they shape or break the text around them.
INVISIBLE = frozenset("\n\u200b\u200c\u200d\u2060\ufeff")


@cache
def coverage() -> frozenset[str]:
    """Every character that both weights of at least one shipped family have."""
    families: dict[str, set[str]] = {}
    for file, (family, _weight) in FACES.items():
        with TTFont(FOLDER / file, lazy=True) as font:
            characters = {chr(code) for code in font.getBestCmap()}
        families[family] = families[family] & characters if family in families else characters
    return frozenset().union(*families.values()) | INVISIBLE


def missing(text: str) -> list[str]:
    """The characters of a text that would print as an empty box, in order, each once."""
    covered = coverage()
    return [] if covered.issuperset(text) else [each for each in dict.fromkeys(text) if each not in covered]
