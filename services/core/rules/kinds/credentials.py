"""What a person holds: certificate, registration, recognized qualification, supervisor rank."""

from typing import ClassVar

from contracts.events.values import CertificateLevel, Day, SupervisorRank
from contracts.policies.language import (
    HighestCertificate,
    RecognizedQualification,
    RegistrationTerm,
    Rule,
    SupervisorRankHeld,
)
from services.core.calendar import AskedDay
from services.core.facts.facts import Certificate, Facts, Supervision
from services.core.rules.conditions import (
    CERTIFICATE_LEVELS,
    best_certificate,
    best_recognition,
    explain_no_certificate,
    last_registered_day,
    registration_on,
)
from services.core.rules.result import Result
from services.core.rules.verdict import Compiled, Context, Node, Question, make_node


class LevelHeld(Result, frozen=True):
    """The level of a certificate or recognized qualification, and the first day of holding it without a break."""

    level: CertificateLevel | None = None
    since: Day | None = None

    KEY: ClassVar = "level"
    ANNOUNCED: ClassVar = ("level",)


class RegistrationHeld(Result, frozen=True):
    """The registration in force, or the last one: the first and last days on which it is valid."""

    valid_from: Day | None = None
    valid_until: Day | None = None

    KEY: ClassVar = "valid_until"


class RankHeld(Result, frozen=True):
    """The rank of a supervisor, and the first day of holding it without a break."""

    rank: SupervisorRank | None = None
    since: Day | None = None

    KEY: ClassVar = "rank"
    ANNOUNCED: ClassVar = ("rank",)


def highest_certificate(spec: HighestCertificate, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the level of the highest certificate held."""

    def best_on(facts: Facts, day: AskedDay) -> Certificate | None:
        return best_certificate(facts, day, context, spec.levels, national_only=spec.national_only)

    def level_on(facts: Facts, day: AskedDay) -> CertificateLevel | None:
        best = best_on(facts, day)
        return best.level if best else None

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        best = best_on(facts, day)
        if best is None:
            sources, reason = explain_no_certificate(facts, day, spec.levels, national_only=spec.national_only)
            return make_node(
                name,
                rule,
                "none",
                sources=sources,
                reason=reason,
                result=LevelHeld(),
            )
        since = context.start_of_run(level_on, facts, day, best.level)
        return make_node(name, rule, "valid", sources=best.sources, result=LevelHeld(best.level, since))

    return Compiled(answer, run=level_on)


def registration(spec: RegistrationTerm, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the registration in force, or else the latest one that has lapsed."""

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        current, begun = registration_on(facts, day, context, spec.months)
        shown = current or begun
        if shown is None:
            return make_node(
                name,
                rule,
                "none",
                reason="no_registration",
                result=RegistrationHeld(),
            )
        last = last_registered_day(shown, day, context, spec.months)
        return make_node(
            name,
            rule,
            "valid" if current else "lapsed",
            sources=shown.sources,
            reason=None if current else "registration_lapsed",
            result=RegistrationHeld(shown.first, last),
        )

    return Compiled(answer)


def qualification(_spec: RecognizedQualification, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the highest qualification recognized in the place asked about."""

    def level_on(facts: Facts, day: AskedDay) -> CertificateLevel | None:
        best = best_recognition(facts, day, context)
        return best.level if best else None

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        best = best_recognition(facts, day, context)
        if best is None:
            return make_node(name, rule, "none", reason="not_recognized_here", result=LevelHeld())
        since = context.start_of_run(level_on, facts, day, best.level)
        return make_node(name, rule, "valid", sources=best.sources, result=LevelHeld(best.level, since))

    return Compiled(answer, run=level_on)


def supervisor_rank(_spec: SupervisorRankHeld, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the highest designated rank."""

    def highest_on(facts: Facts, day: AskedDay) -> Supervision | None:
        # A rank that the vocabulary no longer has cannot be compared with the others.
        held = [
            supervision
            for supervision in facts.supervisions
            if day.within(supervision.first, supervision.last) and supervision.rank in CERTIFICATE_LEVELS
        ]
        return max(held, key=lambda supervision: CERTIFICATE_LEVELS.index(supervision.rank), default=None)

    def rank_on(facts: Facts, day: AskedDay) -> SupervisorRank | None:
        held = highest_on(facts, day)
        return held.rank if held else None

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        held = highest_on(facts, day)
        if held is None:
            return make_node(name, rule, "none", reason="no_supervisor_designation", result=RankHeld())
        since = context.start_of_run(rank_on, facts, day, held.rank)
        return make_node(name, rule, "valid", sources=held.sources, result=RankHeld(held.rank, since))

    return Compiled(answer, run=rank_on)
