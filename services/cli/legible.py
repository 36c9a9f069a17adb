"""Output that every console can show, and paths in any script under any locale."""

import codecs
import os
import sys
from collections.abc import MutableMapping
from types import MappingProxyType

INSTEAD = MappingProxyType(
    {"✓": "ok", "✗": "x", "…": "...", "·": "-", "–": "-", "→": "->", "×": "x", "“": '"', "”": '"', "━": "-", "•": "*"}
)
"""What is written where the console's encoding lacks a mark."""
LEGIBLE = "legible"
"""A handler of encoding errors: a mark becomes ASCII, any other character its number, and nothing fails."""


def speak_legibly() -> None:
    """Let no character that a console lacks end a command: GBK has no ✓, Latin-1 no 社."""
    codecs.register_error(LEGIBLE, _legibly)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and stream.errors != "surrogateescape":  # None: closed by whoever started it.
            stream.reconfigure(errors=LEGIBLE)  # type: ignore[union-attr]  # Both are text files at the start.


def is_unicode(encoding: str | None) -> bool:
    return codecs.lookup(encoding or "ascii").name.startswith("utf")


def use_utf8_for_files(environment: MutableMapping[str, str] = os.environ) -> None:
    """Start this command again in Python's UTF-8 mode if its locale has another encoding, and keep that for the
    console. Otherwise the name of a folder could not be encoded, and a file of ours would be read in another encoding.
    """
    if is_unicode(sys.getfilesystemencoding()) or environment.get("PYTHONUTF8") == "1":
        return
    environment["PYTHONUTF8"] = "1"
    if sys.stdout is not None:
        environment.setdefault("PYTHONIOENCODING", f"{sys.stdout.encoding}:backslashreplace")
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the same command, with the same arguments


def _legibly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(INSTEAD.get(one) or one.encode("ascii", "backslashreplace").decode() for one in lacking), error.end
