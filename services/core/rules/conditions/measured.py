"""`measured`: a local standard names the level of a certificate that another part gives."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from contracts.events.values import Jurisdiction, OrganizationId
from contracts.places import around_both, lies_in, stem
from contracts.policies.language import LocalStandard
from services.core.calendar import AskedDay
from services.core.facts.facts import Certificate, Employment, Facts, Recognition
from services.core.rules.needs import ConditionNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Reason, Status, Verdict


class Measured(Word, frozen=True):
    """A local standard names a level that the part `names` gives; of several levels, the highest that one names.

    The standards are those of the place asked about and of every work under the text, which outside that place counts
    as in the smallest one around both; or, with `where`, of the work that this part gives, if it gives any. If no such
    standard is known, a person must look: the text leaves the matter to local measures. It is open too while there is
    no level that one could name, or where one names only a level on which a person must decide first.
    """

    names: str
    where: str | None = None

    def compile(self, context: Context) -> Check:
        certificate = context.sibling(self.names)
        work = context.sibling(self.where) if self.where is not None else None

        def workplaces(facts: Facts, day: AskedDay) -> Sequence[Workplace]:
            if work is not None and (jobs := work(facts, day).jobs):
                return measured_by(context, jobs)
            return [Workplace(context.place), *measured_by(context, jobs_on(facts, day))]

        def check(facts: Facts, day: AskedDay) -> Verdict:
            part = certificate(facts, day)
            held = part.held
            if not held:
                return Verdict("needs_review", part.reason or "no_certificate")
            standards = standards_at(context.standards, workplaces(facts, day), day)
            for status, reason, several in (("met", None, held), *_left_open(part)):
                for given in several:
                    for standard in standards:
                        if given.level in standard.tiers:
                            return Verdict(status, reason, (*given.sources, standard.evidence), held=(given,))
            return Verdict("needs_review", "no_local_standard_known", held[0].sources)

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield nothing: a standard is not for the person to bring."""
        yield from ()


def _left_open(part: Verdict) -> Iterator[tuple[Status, Reason | None, tuple[Certificate | Recognition, ...]]]:
    """Yield what a part would give on which a person must decide, which it leaves aside where another holds."""
    for child in part.children:
        if child.status == "needs_review":
            yield child.status, child.reason, child.held


class Workplace(Struct, frozen=True):
    """The place of a work, and the organization if recorded."""

    jurisdiction: Jurisdiction
    organization: OrganizationId | None = None


def jobs_on(facts: Facts, day: AskedDay) -> list[Employment]:
    """Return the employments held on `day`."""
    return [job for job in facts.employments if day.within(job.first, job.last)]


def measured_by(context: Context, jobs: Iterable[Employment]) -> Sequence[Workplace]:
    """Return the workplaces whose local standards apply to an answer about the jobs.

    They are those inside the place asked about: a city includes its districts, but a district's measure never applies
    in another district (design §4). A job elsewhere under the text is taken as one in the smallest place around both:
    what a city pays to who works in it is asked about in each of its districts. Without work there, it is the text's
    own place.
    """
    here = [job for job in jobs if lies_in(job.jurisdiction, context.jurisdiction)]
    return [_workplace(job, context.place) for job in here] or [Workplace(context.jurisdiction)]


def _workplace(job: Employment, asked: Jurisdiction) -> Workplace:
    is_inside = lies_in(job.jurisdiction, asked)
    return Workplace(job.jurisdiction if is_inside else around_both(job.jurisdiction, asked), job.organization)


def standards_at(
    standards: Iterable[LocalStandard], workplaces: Sequence[Workplace], day: AskedDay
) -> list[LocalStandard]:
    """Return those of some local standards that are in effect on `day` and cover one of the workplaces.

    One of a unit covers its own people alone (R-27). The most specific place comes first, then the one that took effect
    last, then the one recorded last, whether it is of the place or of a unit (design §5).
    """
    fitting = [
        standard
        for standard in standards
        if any(_covers(standard, workplace) for workplace in workplaces)
        and day.within(standard.effective_from, standard.effective_until)
    ]
    fitting.sort(
        key=lambda s: (len(stem(s.jurisdiction)), s.effective_from, s.evidence.position),
        reverse=True,
    )
    return fitting


def _covers(standard: LocalStandard, workplace: Workplace) -> bool:
    of_unit = standard.organization
    return lies_in(workplace.jurisdiction, standard.jurisdiction) and of_unit in (None, workplace.organization)
