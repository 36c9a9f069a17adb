"""When two texts say the same, however they are written. Pure."""

import re
from unicodedata import category, normalize

DASHES = frozenset("−˗⁃⁓➖─━┄┅┈┉╌╍")
"""What is typed as a dash and is none by its category: a sign of mathematics, a bullet, a drawn line."""
UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
IGNORED = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2065, 0x2065),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)
"""The first and last of those that Unicode has nothing shown for (Default_Ignorable_Code_Point) whose category does not
say so: joiners, fillers, and selectors of how the sign before them looks."""
LIKE = {"Pd": "-", "Ps": "(", "Pe": ")"}

_dashes = re.compile("--+")


class _Levelled(dict[int, str]):
    """What each code point is compared as; every one is looked up once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = "Pd" if character in DASHES else category(character)
        unseen = kind in UNSEEN or any(first <= code <= last for first, last in IGNORED)
        self[code] = "" if unseen else LIKE.get(kind, character)
        return self[code]


_levelled = _Levelled()


def folded(text: str) -> str:
    """Return what all texts share that differ in width, case, white space, dashes and brackets alone.

    It is for comparing, never for showing or storing: texts are kept as they came. White space and what is not seen is
    left out, a run of dashes is one dash, and every opening or closing bracket is the same one.
    """
    seen = normalize("NFKC", normalize("NFKC", text).casefold()).translate(_levelled)
    # Once more, because white space may have kept a letter and its accent apart.
    return _dashes.sub("-", normalize("NFKC", seen))
