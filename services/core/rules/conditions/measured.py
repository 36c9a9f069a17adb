"""`measured`: a local standard names the level of a certificate that another part gives."""

from collections.abc import Iterable, Iterator, Sequence

from contracts.places import lies_in, stem
from contracts.policies.language import LocalStandard
from services.core.calendar import AskedDay
from services.core.facts.facts import Employment, Facts
from services.core.rules.needs import ConditionNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Verdict


class Measured(Word, frozen=True):
    """A local standard names a level that the part `names` gives; of several levels held, any will do.

    If no such standard is known, a person must look: the text leaves the matter to local measures.
    """

    names: str

    def compile(self, context: Context) -> Check:
        certificate = context.sibling(self.names)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            part = certificate(facts, day)
            held = part.held
            if part.status == "not_met" or not held:
                return Verdict("not_met", part.reason or "no_certificate")
            places = [context.place, *measured_by(context, jobs_on(facts, day))]
            for standard in standards_at(context, places, day):
                for given in held:
                    if given.level in standard.tiers:
                        return Verdict("met", None, (*given.sources, standard.evidence), held=(given,))
            return Verdict("needs_review", "no_local_standard_known", held[0].sources)

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield nothing: a standard is not for the person to bring."""
        yield from ()


def jobs_on(facts: Facts, day: AskedDay) -> list[Employment]:
    """Return the employments held on `day`."""
    return [job for job in facts.employments if day.within(job.first, job.last)]


def measured_by(context: Context, jobs: Iterable[Employment]) -> Sequence[str]:
    """Return the places whose local standards apply to an answer about the jobs.

    They are the places of work inside the place asked about: a city includes its districts, but a district's measure
    never applies in another district (design §4). Without work there, it is the text's own place.
    """
    inside = [job.jurisdiction for job in jobs if lies_in(job.jurisdiction, context.place)]
    return inside or [context.jurisdiction]


def standards_at(context: Context, places: Sequence[str], day: AskedDay) -> list[LocalStandard]:
    """Return the local standards in effect on `day` that cover one of the places.

    The most specific comes first, then the one that took effect last, then the one recorded last.
    """
    fitting = [
        standard
        for standard in context.standards
        if any(lies_in(place, standard.jurisdiction) for place in places)
        and day.within(standard.effective_from, standard.effective_until)
    ]
    fitting.sort(
        key=lambda s: (len(stem(s.jurisdiction)), s.effective_from, s.evidence.position),
        reverse=True,
    )
    return fitting
