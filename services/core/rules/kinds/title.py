"""The title that a certificate gives. A title is not a post: none is ever inferred from it (R-20)."""

from contracts.events.values import CertificateLevel
from contracts.policies.language import Rule, TitleByCertificate
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.conditions import best_certificate, none_held
from services.core.rules.verdict import Compiled, Context, Node, Question, made


def title_by_certificate(spec: TitleByCertificate, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the title of the highest national certificate in the map, and since when it is held."""

    def level_on(facts: Facts, day: AskedDay) -> CertificateLevel | None:
        best = best_certificate(facts, day, context, spec.titles, national_only=True)
        return best.level if best else None

    def form(facts: Facts, day: AskedDay, question: Question) -> Node:
        best = best_certificate(facts, day, context, spec.titles, national_only=True)
        if best is None:
            sources, reason = none_held(facts, day, tuple(spec.titles), national_only=True)
            return made(
                name,
                rule,
                "none",
                sources=sources,
                reason=reason,
                result={"title": None, "deemed": None, "since": None},
            )
        since = context.since_when(level_on, facts, day, best.level)
        return made(
            name,
            rule,
            "valid",
            sources=best.sources,
            result={"title": spec.titles[best.level], "deemed": spec.deemed, "since": since},
        )

    return Compiled(form, run=level_on)
