"""Trainings, each with what its days count. Pure."""

from collections.abc import Iterable

from msgspec import UNSET

from contracts.events.catalogue import TrainingCompleted
from contracts.events.facts import Fact
from services.core.facts.amounts import in_hundredths
from services.core.facts.facts import Training, TrainingPart
from services.core.facts.optional import known
from services.core.facts.sameness import Sameness


def trainings_of(
    completed: Iterable[tuple[Fact, TrainingCompleted]], voided: Iterable[Fact], sameness: Sameness
) -> tuple[Training, ...]:
    """Return the trainings in the order of recording. A voided report neither repeats another nor is repeated."""
    trainings = [
        _training(
            fact,
            data,
            repeats=sameness.repeats.get(fact.event_id),
            resembles=sameness.resembles.get(fact.event_id),
            voided=False,
        )
        for fact, data in completed
    ]
    gone = ((fact, fact.data) for fact in voided if isinstance(fact.data, TrainingCompleted))
    trainings.extend(_training(fact, data, repeats=None, resembles=None, voided=True) for fact, data in gone)
    return tuple(sorted(trainings, key=lambda training: training.sources[0].position))


def _training(
    fact: Fact, data: TrainingCompleted, *, repeats: str | None, resembles: str | None, voided: bool
) -> Training:
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
        resembles=resembles,
        voided=voided,
        sources=fact.evidence,
    )
