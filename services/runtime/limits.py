"""How long anything may wait for the database. Nothing waits without a limit. Pure."""

from dataclasses import astuple, dataclass, replace

PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """All in seconds. The server itself enforces `lock_s`, `statement_s` and `idle_in_transaction_s`.

    They are ordered so that a wait ends before the next limit strikes: a lock before the batch that wants it, a batch
    before the transaction that it may have left open.
    """

    acquire_s: float = 5.0
    """For a connection of the pool."""
    lock_s: float = 4.0
    """For one lock, by the server."""
    write_s: float = 5.0
    """For one batch of appends, from the lock to the commit."""
    idle_in_transaction_s: float = 8.0
    """Between two statements of one transaction, by the server."""
    statement_s: float = 30.0
    """For one statement, by the server and by the client."""
    lease_s: float = 15.0
    """How long a lease outlives its last renewal."""

    def times(self, factor: float) -> "Limits":
        """Return all limits multiplied by a factor."""
        return Limits(*(limit * factor for limit in astuple(self)))

    def patient(self) -> "Limits":
        """Return the limits for bulk work, which computes between its statements and reads much at once."""
        return replace(
            self,
            idle_in_transaction_s=PATIENCE * self.idle_in_transaction_s,
            statement_s=PATIENCE * self.statement_s,
        )


LIMITS = Limits()
PATIENT = LIMITS.patient()
