"""When two texts say the same, however they are written. Pure."""

import re
from unicodedata import category, normalize

MINUS = "\N{MINUS SIGN}"  # A sign of mathematics by its category, and typed as a dash.
UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
LIKE = {"Pd": "-", "Ps": "(", "Pe": ")"}

_dashes = re.compile("--+")


class _Levelled(dict[int, str]):
    """What each code point is compared as; every one is looked up once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = "Pd" if character == MINUS else category(character)
        self[code] = "" if kind in UNSEEN else LIKE.get(kind, character)
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
