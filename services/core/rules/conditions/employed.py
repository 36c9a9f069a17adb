"""`employed`: has an employment that fits."""

from collections.abc import Iterator

from contracts.events.values import EmployerType, Role
from contracts.places import stem
from services.core.calendar import AskedDay
from services.core.facts.facts import Employment, Facts, Sources
from services.core.rules.conditions.measured import jobs_on, measured_by, standards_at
from services.core.rules.needs import ConditionNeed, EmploymentNeed, PlainNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Decision, Verdict


class Employed(Word, frozen=True):
    """Has an employment that fits inside the place of the text, or with `anywhere` in any place.

    With `in_window`, it is enough to have had it on some day of the window in which the rule counts, up to the day that
    decides. With `widened`, a local standard may add employer types, in which any role but `other` fits (CD-26).
    """

    roles: tuple[Role, ...] | None = None
    employer_types: tuple[EmployerType, ...] | None = None
    direct_service: bool | None = None
    anywhere: bool = False
    widened: bool = False
    in_window: bool = False

    def compile(self, context: Context) -> Check:
        reach = "" if self.anywhere else stem(context.jurisdiction)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            fitting = []
            held = day.meets if self.in_window else day.within
            for job in facts.employments:
                if not job.jurisdiction.startswith(reach) or not held(job.first, job.last):
                    continue
                if self.fits(job):
                    fitting.append((job, job.sources))
                elif self.widened and (added := _widening(context, job, day)):
                    fitting.append((job, job.sources + added))
            if not fitting:
                others = tuple(source for job in jobs_on(facts, day) for source in job.sources)
                return Verdict("not_met", "no_fitting_employment", others)
            fitting.sort(key=lambda entry: entry[0].concurrent)
            return Verdict("met", None, fitting[0][1], jobs=tuple([job for job, _ in fitting]))

        return check

    def for_review_because(self) -> Decision:
        """Return what a person must decide of an employment that is over, or that the text does not name."""
        return "left_before_the_deciding_day" if self.in_window else "employer_not_listed"

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield an employment that fits."""
        if self == Employed(direct_service=True, anywhere=True):
            yield PlainNeed(code="direct_service", **lack.members())
            return
        yield EmploymentNeed(
            code="employment" if self.anywhere else "employment_here",
            **lack.members(),
            roles=self.roles or (),
            employer_types=self.employer_types or (),
            direct_service=self.direct_service is True,
            widened=self.widened,
        )

    def fits(self, job: Employment) -> bool:
        """Say whether role, employer type and direct service fit, regardless of place and time."""
        return (
            (self.roles is None or job.role in self.roles)
            and (self.employer_types is None or job.employer_type in self.employer_types)
            and (self.direct_service is None or job.direct_service == self.direct_service)
        )


def _widening(context: Context, job: Employment, day: AskedDay) -> Sources:
    """Return the first local standard that adds the employer type; any role but `other` then fits."""
    if job.role == "other":
        return ()
    for standard in standards_at(context.standards, measured_by(context, [job]), day):
        if job.employer_type in standard.adds_employer_types:
            return (standard.evidence,)
    return ()
