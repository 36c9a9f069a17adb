"""How a command fails: in a sentence for people, as an object for programs, and with an exit code for both."""

import os
import re
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup

from services.cli.terms import (
    FAILED,
    INTERRUPTED,
    JSON_FLAG,
    LEASE_HELD,
    NOT_REACHABLE,
    WRONG_ARGUMENTS,
    say_in_red,
    say_what_to_do,
    write_json,
)

REMEDIES = {
    FAILED: "Do what the message says; ledgerctl doctor says more.",
    WRONG_ARGUMENTS: "Correct the arguments: --help has examples.",
    NOT_REACHABLE: "Do what the message says; ledgerctl doctor says more.",
    LEASE_HELD: "Wait, and run it again.",
    INTERRUPTED: "Run it again.",
}
"""By exit code, for a failure whose message says what to do, if anybody can."""

_no_word = re.compile(r"[^a-z0-9]+")


@dataclass(eq=False)
class Failure(Exception):
    """A command that cannot do what it was asked. `what` is a phrase such as "cannot start", `why` a sentence."""

    what: str
    why: object
    exit_code: int
    remedy: str | None = None
    code: str | None = None  # By default `what`, hyphenated.

    def as_document(self) -> dict[str, Any]:
        code = self.code or _no_word.sub("-", self.what.lower())
        remedy = self.remedy or REMEDIES.get(self.exit_code, REMEDIES[FAILED])
        return {"ok": False, "error": {"code": code, "message": str(self.why), "remedy": remedy}}


class Commands(TyperGroup):
    """The commands, and the one place where a foreseen failure of any of them is told."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name. With --json, a failure is an object on standard output, too."""
        as_json = JSON_FLAG in (*ctx._protected_args, *ctx.args)
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            if as_json:
                write_json(Failure("interrupted", "It was interrupted.", INTERRUPTED).as_document())
            raise
        except Exception as error:
            failure = error if isinstance(error, Failure) else foreseen(error)
            if as_json and failure is not None:
                write_json(failure.as_document())
            if failure is None or isinstance(error, typer.TyperException):  # The library tells those, with the usage.
                raise
            say_in_red(failure.what, failure.why)
            if failure.remedy is not None:
                say_what_to_do(failure.remedy)
            raise typer.Exit(failure.exit_code) from error


def foreseen(error: Exception) -> Failure | None:
    """Return the failure that an exception means, or None if nobody foresaw it, or it is no failure."""
    if isinstance(error, typer.TyperException):
        return Failure("wrong arguments", error.format_message(), WRONG_ARGUMENTS)
    if isinstance(error, typer.Exit | typer.Abort | BrokenPipeError):  # The last: its reader has gone.
        return None
    from services.client.attached import NotReachable  # Slow: only a failure needs these.
    from services.client.calling import Refused
    from services.runtime.database import DATABASE_ERRORS, DatabaseError, what_to_do
    from services.runtime.postgres_place import PostgresError
    from services.runtime.settings import SettingsError
    from services.server.supervisor import CannotStart

    match error:
        case Refused():
            return Failure("refused", error, FAILED, error.problem.get("remedy"), code=error.problem["code"])
        case CannotStart():
            return Failure("cannot start", error, NOT_REACHABLE)
        case NotReachable() | PostgresError() | DatabaseError():
            return Failure("cannot go on", error, NOT_REACHABLE)
        case SettingsError():
            return Failure("wrong setting", error, NOT_REACHABLE)
        case OSError() if error.filename:
            return Failure("cannot go on", f"{os.fsdecode(error.filename)}: {error.strerror}", NOT_REACHABLE)
    if isinstance(error, DATABASE_ERRORS):
        return Failure("cannot go on", what_to_do(error), NOT_REACHABLE)
    return None
