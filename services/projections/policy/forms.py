"""Rules compiled to closures: one form for each kind of answer, with its result.

A form answers as if its text were in force; `evaluate` puts the days of the edition over it.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from msgspec import structs

from contracts.events.values import FIRST_DAY, CertificateLevel, Day
from services.projections.facts.facts import Employment, ExamPass, Facts, Post, SeniorProof, SeniorReview, Sources
from services.projections.facts.windows import (
    ONE_DAY,
    Window,
    add_months,
    anniversary_year,
    calendar_year,
    earliest,
    first_day_of_run,
    last_day_before_next,
    lies_in,
    rolling_years,
    stem,
)
from services.projections.policy.determination import Context, Node, Question, Status
from services.projections.policy.hours import (
    Count,
    Hundredths,
    class_hour_factor,
    count,
    degree_item,
    hour_turns,
    in_hundredths,
    printed,
)
from services.projections.policy.operators import (
    LEVELS,
    Op,
    best_certificate,
    compile_condition,
    fitting_employment,
    last_registered_day,
    registration_on,
    standards_at,
)
from services.projections.policy.pack import (
    Allowance,
    CountedHours,
    Employed,
    Entitlement,
    ExamComplete,
    ExamSubjects,
    HighestCertificate,
    HoursWindow,
    Ladder,
    ProfessionalYears,
    RecognizedQualification,
    RegistrationTerm,
    Rule,
    SeniorRoute,
    SupervisorRankHeld,
)

Form: TypeAlias = Callable[[Facts, Question], Node]

EXAM_LEVELS = ("junior", "intermediate", "senior")
DAYS_OF_A_MONTH = 30
"""Days left over from several spans make a month (professional years)."""


def compile_rule(name: str, rule: Rule, context: Context) -> Form:
    """Return the rule as a function of facts and question."""
    if rule.highest_certificate:
        return highest_certificate(rule.highest_certificate, name, rule, context)
    if rule.registration:
        return registration(rule.registration, name, rule, context)
    if rule.qualification:
        return qualification(rule.qualification, name, rule, context)
    if rule.exam:
        return exam_complete(rule.exam, name, rule, context)
    if rule.senior_route:
        return senior_route(rule.senior_route, name, rule, context)
    if rule.ladder:
        return ladder(rule.ladder, name, rule, context)
    if rule.hours:
        return counted_hours(rule.hours, name, rule, context)
    if rule.allowance:
        return allowance(rule.allowance, name, rule, context)
    if rule.entitlement:
        return entitlement(rule.entitlement, name, rule, context)
    if rule.supervisor_rank:
        return supervisor_rank(rule.supervisor_rank, name, rule, context)
    if rule.professional_years:
        return professional_years(rule.professional_years, name, rule, context)
    raise ValueError("a rule has exactly one form")


def _node(name: str, rule: Rule, status: Status, until: Day | None, **rest: Any) -> Node:
    return Node(name, status, until, rule.clause, rule.text, **rest)


def _need(what: str, as_of: Day) -> Mapping[str, Any]:
    return {"need": what, "from": as_of.isoformat()}


def highest_certificate(spec: HighestCertificate, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the highest certificate held and the first day of holding it without a break."""

    def level_on(facts: Facts, day: Day) -> tuple[CertificateLevel | None, Day | None]:
        best, until = best_certificate(facts, day, context, national_only=spec.national_only)
        return best.level if best else None, until

    def form(facts: Facts, question: Question) -> Node:
        best, until = best_certificate(facts, question.as_of, context, national_only=spec.national_only)
        if best is None:
            return _node(
                name,
                rule,
                "none",
                until,
                reason="no_certificate",
                result={"level": None, "since": None},
                would_change=(_need("certificate", question.as_of),),
            )
        since = first_day_of_run(lambda day: level_on(facts, day), FIRST_DAY, question.as_of)
        return _node(name, rule, "valid", until, sources=best.sources, result={"level": best.level, "since": since})

    return form


def registration(spec: RegistrationTerm, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the registration in force, else the latest one that has lapsed."""

    def form(facts: Facts, question: Question) -> Node:
        current, begun, until = registration_on(facts, question.as_of, context, spec.months)
        shown = current or begun
        if shown is None:
            return _node(
                name,
                rule,
                "none",
                until,
                reason="no_registration",
                result={"valid_from": None, "valid_until": None},
                would_change=(_need("registration", question.as_of),),
            )
        last = last_registered_day(shown, context, spec.months)
        return _node(
            name,
            rule,
            "valid" if current else "lapsed",
            until,
            sources=shown.sources,
            reason=None if current else "registration_lapsed",
            result={"valid_from": shown.first, "valid_until": last},
            would_change=() if current else (_need("registration", question.as_of),),
        )

    return form


def qualification(_spec: RecognizedQualification, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the highest level recognized for a scope that holds the place asked about."""

    def best_on(facts: Facts, day: Day) -> tuple[CertificateLevel | None, Sources, Day | None]:
        inside = [found for found in facts.recognitions if lies_in(context.jurisdiction, found.scope)]
        held = [found for found in inside if found.on <= day]
        best = max(held, key=lambda found: LEVELS.index(found.level), default=None)
        until = last_day_before_next(day, (found.on for found in inside))
        return (best.level, best.sources, until) if best else (None, (), until)

    def form(facts: Facts, question: Question) -> Node:
        level, sources, until = best_on(facts, question.as_of)
        if level is None:
            return _node(name, rule, "none", until, reason="not_recognized_here", result={"level": None, "since": None})
        since = first_day_of_run(
            lambda day: (best_on(facts, day)[0], best_on(facts, day)[2]), FIRST_DAY, question.as_of
        )
        return _node(name, rule, "valid", until, sources=sources, result={"level": level, "since": since})

    return form


def exam_complete(spec: ExamComplete, name: str, rule: Rule, _context: Context) -> Form:
    """Answer whether all subjects of a level were passed within its consecutive exam years, rolling (N-03)."""

    def form(facts: Facts, question: Question) -> Node:
        if question.level is None:
            raise ValueError("exam.complete needs a level")
        needed = spec.levels[question.level]
        of_level = [found for found in facts.exam_passes if found.level == question.level]
        counted = [found for found in of_level if found.counts and found.on <= question.as_of]
        until = last_day_before_next(question.as_of, (found.on for found in of_level))
        first_year, passed = _best_exam_window(counted, needed)
        missing = [subject for subject in needed.subjects if subject not in {found.subject for found in passed}]
        window = None
        if first_year is not None:
            window = Window(calendar_year(first_year).first, calendar_year(first_year + needed.years - 1).last)
        return _node(
            name,
            rule,
            "not_met" if missing else "met",
            until,
            sources=tuple(source for found in passed for source in found.sources),
            reason="subjects_missing" if missing else None,
            result={"window": _window(window), "subjects": [s for s in needed.subjects if s not in missing]},
            would_change=tuple(_need(f"exam_subject:{subject}", question.as_of) for subject in missing),
        )

    return form


def _best_exam_window(passes: list[ExamPass], needed: ExamSubjects) -> tuple[int | None, list[ExamPass]]:
    """Return the window with the most subjects, by its first year, and a pass for each; the earliest complete wins."""
    best: tuple[int | None, list[ExamPass]] = (None, [])
    for first_year in sorted({found.year for found in passes}):
        inside = [found for found in passes if first_year <= found.year < first_year + needed.years]
        by_subject = {found.subject: found for found in reversed(inside) if found.subject in needed.subjects}
        complete = len(best[1]) == len(needed.subjects)
        if by_subject and len(by_subject) >= len(best[1]) and not complete:
            best = first_year, list(by_subject.values())
    return best


def senior_route(_spec: SeniorRoute, name: str, rule: Rule, _context: Context) -> Form:
    """Answer whether the review was passed inside a proof's validity (N-05); the best proof decides."""

    def form(facts: Facts, question: Question) -> Node:
        day = question.as_of
        proofs = [proof for proof in facts.senior_proofs if proof.first <= day]
        reviews = [review for review in facts.senior_reviews if review.passed and review.decided_on <= day]
        turns = [turn for proof in facts.senior_proofs for turn in (proof.first, proof.last)]
        turns += [review.decided_on for review in facts.senior_reviews]
        outcomes = [_proof_outcome(proof, reviews, day) for proof in proofs]
        status, sources = max(outcomes, key=lambda outcome: ROUTE_ORDER.index(outcome[0]), default=("not_met", ()))
        return _node(
            name,
            rule,
            status,
            last_day_before_next(day, turns),
            sources=sources,
            reason=ROUTE_REASONS.get(status) if proofs else "no_proof",
            would_change=(_need("senior_review", day),) if status == "pending" else (),
        )

    return form


ROUTE_ORDER: tuple[Status, ...] = ("not_met", "pending", "needs_review", "met")
ROUTE_REASONS: Mapping[Status, str] = {
    "not_met": "proof_expired",
    "pending": "review_not_yet_passed",
    "needs_review": "decided_after_the_proof_expired",
}


def _proof_outcome(proof: SeniorProof, reviews: list[SeniorReview], day: Day) -> tuple[Status, Sources]:
    inside = [review for review in reviews if proof.first <= review.applied_on <= proof.last]
    for review in inside:
        if review.decided_on <= proof.last:
            return "met", proof.sources + review.sources
    if inside:
        return "needs_review", proof.sources + inside[0].sources
    return ("pending" if day < proof.last else "not_met"), proof.sources


def ladder(spec: Ladder, name: str, rule: Rule, context: Context) -> Form:
    """Answer whether the post held needs no more than the certificates held (R-19); a higher certificate is enough."""
    bands = {level: band.band for band in spec.bands for level in band.post_levels}
    reach = stem(context.jurisdiction)

    def enough(post: Post, level: CertificateLevel | None) -> bool:
        band = bands.get(post.level)
        return band is not None and level is not None and LEVELS.index(level) >= LEVELS.index(band)

    def certificate(facts: Facts, day: Day) -> tuple[CertificateLevel | None, Sources, Day | None]:
        best, until = best_certificate(facts, day, context, national_only=True)
        return (best.level, best.sources, until) if best else (None, (), until)

    def standing_posts(facts: Facts) -> list[Post]:
        """Posts inside the place, without those that an employer should have refused if R-19 is read so."""
        posts = facts.posts
        if context.assumes("map_by_number"):
            posts = tuple(_carried_over(post, facts.employments) for post in posts)
        inside = [post for post in posts if post.employment and post.employment.jurisdiction.startswith(reach)]
        if context.assumes("reject_the_event"):
            accepted = [
                post for post in inside if post.level not in bands or enough(post, certificate(facts, post.first)[0])
            ]
            return [_reopened(post, accepted) for post in accepted]
        return inside

    def state(facts: Facts, posts: list[Post], day: Day) -> tuple[tuple[Status, int | None], Day | None]:
        post = _post_on(posts, day)
        level, _, until = certificate(facts, day)
        until = earliest((until, last_day_before_next(day, _post_turns(posts))))
        if post is None:
            return ("none", None), until
        return ("conforming" if enough(post, level) else "not_conforming", post.level), until

    def form(facts: Facts, question: Question) -> Node:
        day = question.as_of
        posts = standing_posts(facts)
        (status, _), until = state(facts, posts, day)
        post = _post_on(posts, day)
        if post is None:
            return _node(name, rule, "none", until, reason="no_post_here", result=dict(NO_GRADE))
        level, certificate_sources, _ = certificate(facts, day)
        same_job = [
            other
            for other in posts
            if other.first <= day and other.employment == post.employment and enough(other, level)
        ]
        lacks = status == "not_conforming" and post.level in bands
        missing = [f"certificate:{bands[post.level]}"] if lacks else []
        since = None
        if status == "conforming":
            since = first_day_of_run(lambda at: state(facts, posts, at), context.first_day, day)
        for_reference = (
            spec.binding_employer_types is not None
            and post.employment is not None
            and post.employment.employer_type not in spec.binding_employer_types
        )
        return _node(
            name,
            rule,
            "not_applicable" if for_reference and context.assumes("ignore") else status,
            until,
            sources=post.sources + (post.employment.sources if post.employment else ()) + certificate_sources,
            reason=None if status == "conforming" else "certificate_missing" if missing else "level_outside_ladder",
            result={
                "recorded_post_level": post.level,
                "conforming_post_level": same_job[-1].level if same_job else None,
                "post": post.title,
                "band": bands.get(post.level),
                "conforming_since": since,
                "missing": missing,
                "reference_only": for_reference,
            },
            would_change=tuple(_need(what, day) for what in missing),
        )

    return form


NO_GRADE: Mapping[str, Any] = {
    "recorded_post_level": None,
    "conforming_post_level": None,
    "post": None,
    "band": None,
    "conforming_since": None,
    "missing": [],
    "reference_only": False,
}


def _post_on(posts: list[Post], day: Day) -> Post | None:
    held = [post for post in posts if post.first <= day and (post.last is None or day <= post.last)]
    return held[-1] if held else None


def _post_turns(posts: list[Post]) -> list[Day | None]:
    return [turn for post in posts for turn in (post.first, post.last and post.last + ONE_DAY)]


def _reopened(post: Post, accepted: list[Post]) -> Post:
    """Return the post as it lasts when later appointments that were refused do not end it."""
    later = [other.first for other in accepted if other.first > post.first and other.employment == post.employment]
    ends = [min(later) - ONE_DAY] if later else []
    if post.employment and post.employment.last is not None:
        ends.append(post.employment.last)
    return structs.replace(post, last=min(ends, default=None))


def _carried_over(post: Post, employments: tuple[Employment, ...]) -> Post:
    """Return the post as held on by number in the next employment (R-20's alternative)."""
    job = post.employment
    if job is None or job.last is None or post.last != job.last:
        return post
    following = next((later for later in employments if not later.concurrent and later.first > job.first), None)
    if following is None:
        return post
    lasts = [last for last in (post.own_last, following.last) if last is not None]
    return structs.replace(post, employment=following, last=min(lasts, default=None))


def counted_hours(spec: CountedHours, name: str, rule: Rule, context: Context) -> Form:
    """Answer whether the hours in the window reach the figure; before its last day a shortfall is pending."""
    applies = compile_condition("applies_to", spec.applies_to, rule.clause, context) if spec.applies_to else None
    converts = "R-07" in rule.readings and not (context.assumes("one_to_one") or context.assumes("forty_five_minutes"))
    fixed = in_hundredths(spec.required) if spec.required else None

    def required_on(facts: Facts, day: Day) -> tuple[int | None, Sources, Day | None]:
        if spec.required_by_level is None:
            return fixed, (), None
        best, until = best_certificate(facts, day, context, national_only=True)
        figure = spec.required_by_level.get(best.level) if best else None
        return (in_hundredths(figure) if figure else None), (best.sources if best else ()), until

    def counted(facts: Facts, window: Window, day: Day) -> Count:
        found = count(facts.trainings, window, day, spec.unit, context)
        if spec.first_degree_hours:
            degree = degree_item(facts.educations, window, day, in_hundredths(spec.first_degree_hours))
            if degree:
                return structs.replace(found, items=(*found.items, degree))
        return found

    def status_of(found: Count, required: Hundredths, *, open_window: bool) -> Status:
        def reached(total: Hundredths) -> Status:
            return "met" if total >= required else "pending" if open_window else "not_met"

        status = reached(found.total)
        if converts and any(
            reached(found.total + found.other_unit * factor) != status
            for factor in (Fraction(1), class_hour_factor(spec.unit))
        ):
            return "needs_review"
        return "needs_review" if found.in_days and status != "met" else status

    def form(facts: Facts, question: Question) -> Node:
        window, sources, window_until = _window_of(spec.window, facts, question, context)
        if window is None:
            return _node(name, rule, "not_applicable", window_until, reason="no_window", result=dict(NO_HOURS))
        deciding_day = min(question.as_of, window.last)
        found = counted(facts, window, deciding_day)
        required, required_sources, required_until = required_on(facts, deciding_day)
        applying = applies(facts, deciding_day) if applies else None
        untils = [window_until]
        if question.as_of < window.last:
            degrees = [education.on for education in facts.educations]
            turns = [turn for turn in (*hour_turns(facts.trainings), *degrees) if turn <= window.last]
            untils.append(last_day_before_next(question.as_of, (*turns, *_split_days(facts, context), window.last)))
            untils += [required_until, applying.until if applying else None]
        figure: Hundredths | None = required
        if required is not None and context.assumes("pro_rata_by_month"):
            figure = required * _share_of_months(spec, facts, window, context)
        if figure is None or (applying and applying.status != "met"):
            status: Status = "not_applicable"
        else:
            status = status_of(found, figure, open_window=question.as_of < window.last)
        shortfall = max(required - int(found.total), 0) if required is not None else None
        return _node(
            name,
            rule,
            status,
            earliest(untils),
            sources=sources + required_sources + tuple(source for item in found.items for source in item.sources),
            children=(applying,) if applying else (),
            reason=_hours_reason(status, found),
            result={
                "counted_hours": printed(found.total),
                "required_hours": printed(required) if required is not None else None,
                "shortfall_hours": printed(shortfall) if shortfall is not None else None,
                "window": _window(window),
                "met_on": found.met_on(required) if required is not None else None,
                "not_counted": [{"event_id": id_, "reason": reason} for id_, reason in found.not_counted],
            },
            would_change=(
                ({"need": spec.unit, "amount": printed(shortfall or 0), "until": window.last.isoformat()},)
                if status in ("pending", "needs_review") and shortfall
                else ()
            ),
            decided_on=deciding_day,
        )

    return form


NO_HOURS: Mapping[str, Any] = {
    "counted_hours": None,
    "required_hours": None,
    "shortfall_hours": None,
    "window": None,
    "met_on": None,
    "not_counted": [],
}


def _hours_reason(status: Status, found: Count) -> str | None:
    if status == "needs_review":
        return "unit_not_convertible"
    return {"pending": "shortfall_window_open", "not_met": "shortfall", "not_applicable": "rule_does_not_apply"}.get(
        status
    )


def _split_days(facts: Facts, context: Context) -> list[Day]:
    """Return further turns where a training is split over its days; each of them may change what counts."""
    if not context.assumes("pro_rata_by_day"):
        return []
    return [training.started_on for training in facts.trainings if training.started_on is not None]


def _share_of_months(spec: CountedHours, facts: Facts, window: Window, context: Context) -> Fraction:
    """Return the share of the window's months with work where the rule applies (R-22's alternative)."""
    reach = stem(context.jurisdiction)
    months = set(_months(window))
    covered: set[int] = set()
    for job in facts.employments:
        last = min(job.last or window.last, window.last)
        if job.jurisdiction.startswith(reach) and job.first <= last:
            covered |= months & set(_months(Window(max(job.first, window.first), last)))
    return Fraction(len(covered), len(months)) if spec.applies_to and covered else Fraction(1)


def _months(window: Window) -> range:
    return range(window.first.year * 12 + window.first.month, window.last.year * 12 + window.last.month + 1)


def _window_of(
    spec: HoursWindow, facts: Facts, question: Question, context: Context
) -> tuple[Window | None, Sources, Day | None]:
    """Return the window, the events that give it, and the last day on which the question has this window."""
    day = question.as_of
    if spec.calendar_year:
        year = question.period or day.year
        until = None if question.period else calendar_year(day.year).last
        return _year_window(year, facts, day, context), (), until
    if spec.rolling_years is not None:
        window = rolling_years(spec.rolling_years, day, closed=context.assumes("closed_both_ends"))
        if context.assumes("whole_calendar_years"):
            window = Window(calendar_year(day.year - spec.rolling_years).first, calendar_year(day.year - 1).last)
        leaving = [
            add_months(turn, 12 * spec.rolling_years) + ONE_DAY * shift
            for turn in (*hour_turns(facts.trainings), *(education.on for education in facts.educations))
            for shift in (-1, 0, 1)
        ]
        return window, (), last_day_before_next(day, (*hour_turns(facts.trainings), *leaving))
    if spec.registration_term:
        _, begun, _ = registration_on(facts, day, context)
        until = last_day_before_next(day, (term.first for term in facts.registrations))
        if begun is None:
            return None, (), until
        return Window(begun.first, last_registered_day(begun, context)), begun.sources, until
    if spec.from_day and spec.until_day:
        return Window(spec.from_day, spec.until_day), (), None
    raise ValueError("a window has exactly one kind")


def _year_window(year: int, facts: Facts, day: Day, context: Context) -> Window:
    """Return the year meant (R-06): the calendar year, or under an alternative one counted from a first day."""
    starts: list[Day] = []
    if context.assumes("registration_year"):
        starts = [term.first for term in facts.registrations if term.first <= day]
    elif context.assumes("employment_year"):
        reach = stem(context.jurisdiction)
        starts = [job.first for job in facts.employments if job.first <= day and job.jurisdiction.startswith(reach)]
    return anniversary_year(starts[-1], year) if starts else calendar_year(year)


def allowance(spec: Allowance, name: str, rule: Rule, context: Context) -> Form:
    """Answer whether all conditions hold, with the tier, and the amount where a local standard names it (CD-26)."""
    ops: dict[str, Op] = {
        key: compile_condition(key, condition, rule.clause, context) for key, condition in spec.conditions.items()
    }
    certificate = spec.conditions["certificate"].certificate
    role = spec.conditions["role"].employed
    if certificate is None or role is None:
        raise ValueError("an allowance asks for a certificate and a role")

    def answers(facts: Facts, day: Day) -> tuple[Status, list[Node]]:
        nodes = [op(facts, day) for op in ops.values()]
        if any(node.status == "not_met" for node in nodes):
            return "not_eligible", nodes
        return ("needs_review" if any(node.status == "needs_review" for node in nodes) else "eligible"), nodes

    def state(facts: Facts, day: Day) -> tuple[bool, Day | None]:
        status, nodes = answers(facts, day)
        return status == "eligible", earliest(node.until for node in nodes)

    def form(facts: Facts, question: Question) -> Node:
        day = question.as_of
        status, nodes = answers(facts, day)
        until = earliest(node.until for node in nodes)
        missing = [node.rule for node in nodes if node.status == "not_met"]
        unresolved = [node.rule for node in nodes if node.status == "needs_review"]
        tier = amount = since = None
        standards: tuple[str, ...] = ()
        sources: Sources = ()
        if status != "not_eligible":
            best, _ = best_certificate(facts, day, context, certificate.levels, national_only=certificate.national_only)
            tier = best.level if best else None
        if status == "eligible":
            since = first_day_of_run(lambda at: state(facts, at), context.first_day, day)
            if context.assumes("first_of_next_month") and day < add_months(since.replace(day=1), 1):
                status, tier, since = "not_eligible", None, None
        if status == "eligible":
            amount, standards, sources = _amount(role, tier, facts, day, context)
            until = earliest((until, last_day_before_next(day, (s.effective_from for s in context.standards))))
        decisive = [node for node in nodes if node.status == "not_met"] or [
            node for node in nodes if node.status == "needs_review"
        ]
        return _node(
            name,
            rule,
            status,
            until,
            sources=sources,
            children=tuple(nodes),
            reason=decisive[0].reason if decisive else None,
            result={
                "tier": tier,
                "amount": amount,
                "standard": standards[0] if standards else None,
                "missing": missing,
                "unresolved": unresolved,
                "eligible_since": since,
            },
            would_change=tuple(_need(what, day) for what in (*missing, *unresolved)),
            standards=standards,
        )

    return form


def _amount(
    role: Employed, tier: str | None, facts: Facts, day: Day, context: Context
) -> tuple[str | None, tuple[str, ...], Sources]:
    """Return the amount of the best local standard that names the tier, its id and its event."""
    job = fitting_employment(role, context, facts, day)
    if job is not None and tier is not None:
        for standard in standards_at(context, job.jurisdiction, day):
            if tier in standard.tiers:
                return standard.tiers[tier], (standard.standard_id,), (standard.evidence,)
    return None, (), ()


def entitlement(spec: Entitlement, name: str, rule: Rule, context: Context) -> Form:
    """Answer whether any one ground holds."""
    ops: dict[str, Op] = {
        key: compile_condition(key, condition, rule.clause, context) for key, condition in spec.any_of.items()
    }

    def form(facts: Facts, question: Question) -> Node:
        nodes = [op(facts, question.as_of) for op in ops.values()]
        met = next((node for node in nodes if node.status == "met"), None)
        open_ = any(node.status == "needs_review" for node in nodes)
        missing = [] if met or open_ else list(ops)
        return _node(
            name,
            rule,
            "eligible" if met else "needs_review" if open_ else "not_eligible",
            earliest(node.until for node in nodes),
            children=tuple(nodes),
            reason=None if met else nodes[0].reason,
            result={"basis": met.rule if met else None, "missing": missing},
            would_change=tuple(_need(what, question.as_of) for what in missing),
        )

    return form


def supervisor_rank(_spec: SupervisorRankHeld, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the highest rank designated."""

    def rank_on(facts: Facts, day: Day) -> tuple[str | None, Sources, Day | None]:
        held = [s for s in facts.supervisions if s.first <= day and (s.last is None or day <= s.last)]
        best = max(held, key=lambda found: LEVELS.index(found.rank), default=None)
        turns = [turn for s in facts.supervisions for turn in (s.first, s.last and s.last + ONE_DAY)]
        until = last_day_before_next(day, turns)
        return (best.rank, best.sources, until) if best else (None, (), until)

    def form(facts: Facts, question: Question) -> Node:
        rank, sources, until = rank_on(facts, question.as_of)
        if rank is None:
            return _node(
                name, rule, "none", until, reason="no_supervisor_designation", result={"rank": None, "since": None}
            )
        since = first_day_of_run(
            lambda day: (rank_on(facts, day)[0], rank_on(facts, day)[2]), context.first_day, question.as_of
        )
        return _node(name, rule, "valid", until, sources=sources, result={"rank": rank, "since": since})

    return form


def professional_years(_spec: ProfessionalYears, name: str, rule: Rule, _context: Context) -> Form:
    """Answer with whole years and months of direct service up to and including the day."""

    def months_on(facts: Facts, day: Day) -> int:
        return sum_of_months(_merged(facts, day))

    def form(facts: Facts, question: Question) -> Node:
        day = question.as_of
        months = months_on(facts, day)
        jobs = [job for job in facts.employments if job.direct_service]
        until = last_day_before_next(day, (job.first for job in jobs))
        if any(job.holds_on(day) and (job.last is None or job.last > day) for job in jobs):
            # While service goes on, the next whole month falls within the next 31 days.
            following = next((n for n in range(1, 32) if months_on(facts, day + n * ONE_DAY) > months), 31)
            until = earliest((until, day + (following - 1) * ONE_DAY))
        served = [job for job in jobs if job.first <= day]
        return _node(
            name,
            rule,
            "valid" if served else "none",
            until,
            sources=tuple(source for job in served for source in job.sources),
            reason=None if served else "no_direct_service",
            result={"years": months // 12 if served else None, "months": months % 12 if served else None},
        )

    return form


def _merged(facts: Facts, day: Day) -> list[Window]:
    """Return the spans of direct service up to `day`, overlaps counted once."""
    spans = sorted(Window(job.first, min(job.last or day, day)) for job in facts.employments if job.direct_service)
    merged: list[Window] = []
    for span in spans:
        if span.last < span.first:
            continue
        if merged and span.first <= merged[-1].last + ONE_DAY:
            merged[-1] = Window(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return merged


def sum_of_months(spans: list[Window]) -> int:
    """Return whole months in the spans, days left over from each adding up to months of 30 days."""
    months = days = 0
    for span in spans:
        end = span.last + ONE_DAY
        whole = (end.year - span.first.year) * 12 + end.month - span.first.month
        if add_months(span.first, whole) > end:
            whole -= 1
        months += whole
        days += (end - add_months(span.first, whole)).days
    return months + days // DAYS_OF_A_MONTH


def _window(window: Window | None) -> Mapping[str, Any] | None:
    return None if window is None else {"from": window.first, "until": window.last}
