"""The refusals of the ledger, with their facts. `services.runtime.http.problems` words them; the class name is the
code.

`pointer` is a JSON pointer into the body of the request.
"""

from dataclasses import dataclass
from uuid import UUID

from services.runtime.refusals import Refusal


class Rejection(Refusal):
    """A command that the ledger does not accept."""


@dataclass(eq=False)
class ClocksApart(Refusal):
    """The clock of this process is not that of the database, so its instants of recording cannot be trusted."""

    seconds: float
    """By how much this process is ahead; negative if it is behind."""


@dataclass(eq=False)
class DuplicateEventId(Rejection):
    """An id occurs twice in one request."""

    pointer: str
    event_id: UUID


@dataclass(eq=False)
class EventIdTaken(Rejection):
    """The id is recorded already, with another practitioner, type, day, source or data.

    The position of another practitioner's event is not revealed: `position` is None.
    """

    pointer: str
    event_id: UUID
    position: int | None

    def __post_init__(self) -> None:
        own = self.position is not None
        self.how = f"at position {self.position} with other content" if own else "for another practitioner"


@dataclass(eq=False)
class VersionMismatch(Rejection):
    """The stream is not at the version on which the client decided."""

    practitioner_id: str
    current: int


@dataclass(eq=False)
class EventTooLarge(Rejection):
    """The leaf of the event would not fit."""

    pointer: str
    size_bytes: int
    limit_bytes: int


@dataclass(eq=False)
class TargetOfAnotherPractitioner(Rejection):
    """A correction or void names an event of another stream. Whose it is is not revealed."""

    pointer: str
    target: UUID


@dataclass(eq=False)
class VoidOfAVoid(Rejection):
    """A void cannot be undone."""

    pointer: str
    target: UUID


@dataclass(eq=False)
class TargetWouldBeInvalid(Rejection):
    """The target, patched, would break the shape of its type. `pointer` names the patch."""

    pointer: str
    target: UUID
    detail: str


@dataclass(eq=False)
class LedgerDiffers(Rejection):
    """The name is taken by a ledger of another jurisdiction or title."""

    ledger: str
    jurisdiction: str
    title: str


@dataclass(eq=False)
class LocalStandardTaken(Rejection):
    """The id is registered already, with other content."""

    pointer: str
    standard_id: str
    position: int


@dataclass(eq=False)
class OutsideJurisdiction(Rejection):
    """A local standard for a place outside the authority of the ledger."""

    pointer: str
    jurisdiction: str
    ledger_jurisdiction: str
