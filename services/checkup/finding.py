"""The result of a check of the installation."""

from typing import Literal

from msgspec import Struct


class Finding(Struct, frozen=True, omit_defaults=True):
    """One check and its result. `fix` is what to run, or to do."""

    check: str
    status: Literal["ok", "warning", "failed"]
    detail: str
    fix: str | None = None
