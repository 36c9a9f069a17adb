"""Trainings, each with what its days count. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from msgspec import UNSET

from contracts.events.catalogue import TrainingCompleted
from contracts.events.facts import Fact
from services.core.facts.amounts import in_hundredths
from services.core.facts.facts import Training, TrainingPart
from services.core.facts.optional import known


def trainings_of(completed: Iterable[tuple[Fact, TrainingCompleted]], voided: Iterable[Fact]) -> tuple[Training, ...]:
    """Return the trainings in the order of recording. A voided report neither repeats another nor is repeated."""
    standing = sorted(completed, key=lambda item: item[0].position)
    gone = [(fact, fact.data) for fact in voided if isinstance(fact.data, TrainingCompleted)]
    first_reports: dict[tuple[Any, ...], str] = {}
    trainings = []
    for fact, data in standing:
        first = first_reports.setdefault(_reported(fact, data), fact.event_id)
        trainings.append(_training(fact, data, repeats=None if first == fact.event_id else first, voided=False))
    trainings.extend(_training(fact, data, repeats=None, voided=True) for fact, data in gone)
    return tuple(sorted(trainings, key=lambda training: training.sources[0].position))


def _reported(fact: Fact, data: TrainingCompleted) -> tuple[Any, ...]:
    """Return what two reports of the same training have in common (R-10)."""
    if data.proof_no is not UNSET:
        return data.provider, data.proof_no
    session_days = () if data.sessions is UNSET else tuple(session.day for session in data.sessions)
    dates = data.started_on, fact.occurred_on, session_days
    return data.provider, data.course, dates, Decimal(data.amount), data.unit, frozenset(data.subjects)


def _training(fact: Fact, data: TrainingCompleted, *, repeats: str | None, voided: bool) -> Training:
    hundredths = in_hundredths(data.amount)
    if data.sessions is UNSET:
        parts: tuple[TrainingPart, ...] = (TrainingPart(fact.occurred_on, hundredths, fact.evidence),)
    else:
        parts = tuple(
            TrainingPart(session.day, in_hundredths(session.amount), fact.evidence) for session in data.sessions
        )
    return Training(
        event_id=fact.event_id,
        on=fact.occurred_on,
        started_on=known(data.started_on),
        hundredths=hundredths,
        unit=data.unit,
        parts=parts,
        in_sessions=data.sessions is not UNSET,
        subjects=data.subjects,
        repeats=repeats,
        voided=voided,
        sources=fact.evidence,
    )
