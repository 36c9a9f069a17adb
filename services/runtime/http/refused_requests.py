"""What the server cannot take as a request of HTTP. It hands the reason on in the scope, in place of a request."""

from dataclasses import dataclass

from contracts.mistakes import Phrase
from services.runtime.refusals import Refusal

REFUSAL = "ledger.refusal"
"""The key of the reason in the scope of ASGI."""


@dataclass(eq=False)
class MalformedRequest(Refusal):
    """What came is not a request, or is one whose end cannot be known for certain."""

    detail: Phrase


@dataclass(eq=False)
class HeadTooLarge(Refusal):
    """The request line and the headers, or the trailers, are longer than the limit."""

    limit_bytes: int


@dataclass(eq=False)
class HeadTooSlow(Refusal):
    """The request line and the headers were not whole in time."""

    timeout_s: float


class TooManyConnections(Refusal):
    """Every connection that the process may hold is busy with a request."""
