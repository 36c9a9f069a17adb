"""What a check of the installation has to say."""

from typing import Literal

from msgspec import Struct


class Finding(Struct, frozen=True, omit_defaults=True):
    """One question and what was found. `fix` is what to run, or to do."""

    check: str
    status: Literal["ok", "warning", "failed"]
    detail: str
    fix: str | None = None
