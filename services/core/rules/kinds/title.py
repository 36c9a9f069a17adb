"""The title that a certificate gives. A title is not a post: none is ever inferred from it (R-20)."""

from typing import ClassVar, Literal, TypeAlias

from contracts.events.values import CertificateLevel, Day
from contracts.policies.language import Rule, TitleByCertificate
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.conditions import best_certificate, none_held
from services.core.rules.result import Result
from services.core.rules.verdict import Compiled, Context, Node, Question, made

TitleLevel: TypeAlias = Literal["junior", "intermediate", "senior"]


class TitleHeld(Result, frozen=True):
    """The title, whether the text only regards it as held, and since when."""

    title: TitleLevel | None = None
    deemed: bool | None = None
    since: Day | None = None

    KEY: ClassVar = "title"
    ANNOUNCED: ClassVar = ("title",)


def title_by_certificate(spec: TitleByCertificate, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the title of the highest national certificate in the map, and since when it is held."""

    def level_on(facts: Facts, day: AskedDay) -> CertificateLevel | None:
        best = best_certificate(facts, day, context, spec.titles, national_only=True)
        return best.level if best else None

    def form(facts: Facts, day: AskedDay, _question: Question) -> Node:
        best = best_certificate(facts, day, context, spec.titles, national_only=True)
        if best is None:
            sources, reason = none_held(facts, day, tuple(spec.titles), national_only=True)
            return made(
                name,
                rule,
                "none",
                sources=sources,
                reason=reason,
                result=TitleHeld(),
            )
        since = context.since_when(level_on, facts, day, best.level)
        return made(
            name,
            rule,
            "valid",
            sources=best.sources,
            result=TitleHeld(spec.titles[best.level], spec.deemed, since),
        )

    return Compiled(form, run=level_on)
