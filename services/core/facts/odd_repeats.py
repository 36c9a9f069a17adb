"""What is told again of another day, of what is had once at a time. Pure.

Nothing follows from it: each counts as recorded, and the later recorded is told with the other, because one of the two
days may be mistaken.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import pairwise

from contracts.events import catalogue as c
from contracts.events.facts import Fact
from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.facts.by_type import FactsByType
from services.core.facts.facts import Employment, Facts, OddFact, Post
from services.core.facts.same import Same
from services.core.facts.sameness import said_by

HAD_ONCE: Iterable[type[c.Data]] = (
    c.EducationRecorded,
    c.ExamSubjectPassed,
    c.SeniorExamProofIssued,
    c.SeniorReviewApplied,
    c.CertificateObtained,
    c.RegistrationGranted,
    c.EmploymentStarted,
    c.PromotionGranted,
    c.SupervisorDesignated,
    c.TalentDesignated,
    c.QualificationDeclared,
    c.QualificationRecognized,
)
"""What nobody has twice at a time. All but these may happen again on any day: a training, a service, an honor."""
OF_ENDS = frozenset({"employment.ended", "promotion.ended"})


def told_of_another_day(facts: Facts, by_type: FactsByType, same: Same) -> Iterator[OddFact]:
    """Yield what says all that another says, of another day on which that one was not over.

    What follows the other without its end being told had nothing else to end it. `by_type` has what the facts were made
    of. Each is compared with the one next to it by day alone.
    """
    over, jobs = _over_on(facts), {post.sources[0].event_id: post.employment for post in facts.posts}
    for kind in HAD_ONCE:
        alike: dict[Hashable, list[Fact]] = {}
        for fact, data in by_type.of(kind):
            job = jobs.get(fact.event_id)
            said = {name: value for name, value in said_by(data, same).items() if name != "employment"}
            alike.setdefault((job and job.event_id, frozenset(said.items())), []).append(fact)
        for before, after in (pair for facts_alike in alike.values() for pair in pairwise(facts_alike)):
            day = over.get(before.event_id)
            if before.occurred_on != after.occurred_on and (day is None or after.occurred_on < day):
                first, second = sorted((before, after), key=lambda fact: fact.position)
                detail = f"says of {second.occurred_on} what {first.event_id} says of {first.occurred_on}"
                yield OddFact(second.event_id, "nearly_told_twice", detail)


def _over_on(facts: Facts) -> Mapping[str, Day | None]:
    """Return the first day on which the same can be had anew, by the event id of what is over then."""
    return {
        **{one.sources[0].event_id: one.withdrawn_on for one in facts.certificates},
        **{one.sources[0].event_id: one.ended_on for one in facts.registrations},
        **{one.sources[0].event_id: one.decided_on for one in facts.senior_reviews},
        **{one.sources[0].event_id: one.last and one.last + ONE_DAY for one in facts.supervisions},
        **{one.event_id: _followed_on(one) for one in facts.employments},
        **{one.sources[0].event_id: _followed_on(one) for one in facts.posts},
    }


def _followed_on(one: Employment | Post) -> Day | None:
    """Return the day after the last one; where no end is told of it, the day after that: its successor ended it."""
    if one.last is None:
        return None
    is_ended = any(source.type in OF_ENDS for source in one.sources)
    return one.last + ONE_DAY * (1 if is_ended else 2)
