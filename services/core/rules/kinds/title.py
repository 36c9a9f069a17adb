"""The title that a certificate gives. A title is not a post: none is ever inferred from it (R-20)."""

from contracts.events.values import CertificateLevel, Day
from contracts.policies.language import Rule, TitleByCertificate
from services.core.calendar import first_day_of_run
from services.core.facts.facts import Facts
from services.core.rules.conditions import best_certificate, none_held
from services.core.rules.verdict import Context, Form, Node, Question, as_need, made


def title_by_certificate(spec: TitleByCertificate, name: str, rule: Rule, context: Context) -> Form:
    """Answer with the title of the highest national certificate in the map, and since when it is held."""

    def level_on(facts: Facts, day: Day) -> tuple[CertificateLevel | None, Day | None]:
        best, until = best_certificate(facts, day, context, spec.titles, national_only=True)
        return best.level if best else None, until

    def form(facts: Facts, question: Question) -> Node:
        best, until = best_certificate(facts, question.as_of, context, spec.titles, national_only=True)
        if best is None:
            sources, reason = none_held(facts, question.as_of, tuple(spec.titles), national_only=True)
            return made(
                name,
                rule,
                "none",
                until,
                sources=sources,
                reason=reason,
                result={"title": None, "deemed": None, "since": None},
                would_change=(as_need("certificate", question.as_of),),
            )
        since = first_day_of_run(lambda day: level_on(facts, day), context.first_day, question.as_of)
        return made(
            name,
            rule,
            "valid",
            until,
            sources=best.sources,
            result={"title": spec.titles[best.level], "deemed": spec.deemed, "since": since},
        )

    return form
