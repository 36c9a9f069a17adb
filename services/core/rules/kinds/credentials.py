"""What a person holds: certificate, registration, recognized qualification, supervisor rank."""

from contracts.events.values import CertificateLevel, Day
from contracts.policies.language import (
    HighestCertificate,
    RecognizedQualification,
    RegistrationTerm,
    Rule,
    SupervisorRankHeld,
)
from services.core.calendar import (
    ONE_DAY,
    first_day_of_run,
    last_day_before_next,
)
from services.core.facts.facts import Facts, Sources
from services.core.rules.conditions import (
    LEVELS,
    best_certificate,
    best_recognition,
    last_registered_day,
    none_held,
    registration_on,
)
from services.core.rules.verdict import Context, Form, Node, Question, as_need, made


def highest_certificate(spec: HighestCertificate, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the highest certificate held and the first day of holding it without a break."""

    def level_on(facts: Facts, day: Day) -> tuple[CertificateLevel | None, Day | None]:
        best, until = best_certificate(facts, day, context, spec.levels, national_only=spec.national_only)
        return best.level if best else None, until

    def form(facts: Facts, question: Question) -> Node:
        best, until = best_certificate(facts, question.as_of, context, spec.levels, national_only=spec.national_only)
        if best is None:
            sources, reason = none_held(facts, question.as_of, spec.levels, national_only=spec.national_only)
            return made(
                name,
                rule,
                "none",
                until,
                sources=sources,
                reason=reason,
                result={"level": None, "since": None},
                would_change=(as_need("certificate", question.as_of),),
            )
        since = first_day_of_run(lambda day: level_on(facts, day), context.first_day, question.as_of)
        return made(name, rule, "valid", until, sources=best.sources, result={"level": best.level, "since": since})

    return form


def registration(spec: RegistrationTerm, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the registration in force, else the latest one that has lapsed."""

    def form(facts: Facts, question: Question) -> Node:
        current, begun, until = registration_on(facts, question.as_of, context, spec.months)
        shown = current or begun
        if shown is None:
            return made(
                name,
                rule,
                "none",
                until,
                reason="no_registration",
                result={"valid_from": None, "valid_until": None},
                would_change=(as_need("registration", question.as_of),),
            )
        last = last_registered_day(shown, question.as_of, context, spec.months)
        return made(
            name,
            rule,
            "valid" if current else "lapsed",
            until,
            sources=shown.sources,
            reason=None if current else "registration_lapsed",
            result={"valid_from": shown.first, "valid_until": last},
            would_change=() if current else (as_need("registration", question.as_of),),
        )

    return form


def qualification(_spec: RecognizedQualification, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the highest level recognized for a scope that holds the place asked about."""

    def level_on(facts: Facts, day: Day) -> tuple[CertificateLevel | None, Day | None]:
        best, until = best_recognition(facts, day, context)
        return best.level if best else None, until

    def form(facts: Facts, question: Question) -> Node:
        best, until = best_recognition(facts, question.as_of, context)
        if best is None:
            return made(name, rule, "none", until, reason="not_recognized_here", result={"level": None, "since": None})
        since = first_day_of_run(lambda day: level_on(facts, day), context.first_day, question.as_of)
        return made(name, rule, "valid", until, sources=best.sources, result={"level": best.level, "since": since})

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
            return made(
                name, rule, "none", until, reason="no_supervisor_designation", result={"rank": None, "since": None}
            )
        since = first_day_of_run(
            lambda day: (rank_on(facts, day)[0], rank_on(facts, day)[2]), context.first_day, question.as_of
        )
        return made(name, rule, "valid", until, sources=sources, result={"rank": rank, "since": since})

    return form
