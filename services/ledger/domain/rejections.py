"""The refusals of the ledger, with their facts. `services.runtime.http.problems` words them; the class name is the
code.

`pointer` is a JSON pointer into the body of the request.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.mistakes import Mistakes, Phrase, phrase
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
        self.how: Phrase = phrase("recorded-here", position=self.position) if own else phrase("recorded-elsewhere")


@dataclass(eq=False)
class VersionMismatch(Rejection):
    """The stream is not at the version on which the client decided."""

    practitioner_id: str
    current: int


@dataclass(eq=False)
class WeakTag(Rejection):
    """The client names the version on which it decided by a weak tag, which never matches (RFC 9110, 13.1.1)."""

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
    mistakes: Mistakes


@dataclass(eq=False)
class LinkedAlready(Rejection):
    """The stream is linked to an id already. A link is undone by a void."""

    pointer: str
    practitioner_id: str
    same_as: str


@dataclass(eq=False)
class LinkInACircle(Rejection):
    """The id linked to is the stream's own, or is itself linked to it."""

    pointer: str
    practitioner_id: str
    same_as: str


@dataclass(eq=False)
class LinkToNobody(Rejection):
    """The ledger has no events of the id linked to."""

    pointer: str
    same_as: str


@dataclass(eq=False)
class TooManyLinked(Rejection):
    """The person would have more ids than can be read together."""

    pointer: str
    ids: int
    most: int


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
class UnknownLocalStandard(Rejection):
    """No local standard of this id is registered, or it has no end that could be voided."""

    standard_id: str


@dataclass(eq=False)
class LocalStandardEndsOtherwise(Rejection):
    """The standard was ended on another day."""

    pointer: str
    standard_id: str
    last_day: str
    position: int


@dataclass(eq=False)
class LocalStandardVoided(Rejection):
    """The standard, or its end, was voided, for another reason or where it should be ended."""

    pointer: str
    standard_id: str
    position: int


@dataclass(eq=False)
class EndBeforeBeginning(Rejection):
    """The last day of a standard lies before its first."""

    pointer: str
    standard_id: str
    effective_from: date


@dataclass(eq=False)
class UnknownOrganization(Rejection):
    """No organization of this id is recorded by that day."""

    organization: str


@dataclass(eq=False)
class OutsideJurisdiction(Rejection):
    """A local standard or an organization of a place outside the authority of the ledger."""

    pointer: str
    jurisdiction: str
    ledger_jurisdiction: str
