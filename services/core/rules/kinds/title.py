"""The title that a certificate gives. A title is not a post, and no post is ever inferred from it (R-20)."""

from typing import ClassVar, Literal, TypeAlias

from contracts.events.values import CertificateLevel, Day
from contracts.policies.language import Rule, TitleByCertificate
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.conditions import best_certificate, explain_no_certificate
from services.core.rules.result import Result
from services.core.rules.verdict import Compiled, Context, Node, Question, make_node

TitleLevel: TypeAlias = Literal["junior", "intermediate", "senior"]


class TitleHeld(Result, frozen=True):
    """The title, whether the text only deems it held, and the first day of holding it without a break."""

    title: TitleLevel | None = None
    deemed: bool | None = None
    since: Day | None = None

    KEY: ClassVar = "title"
    ANNOUNCED: ClassVar = ("title",)


def title_by_certificate(spec: TitleByCertificate, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer with the title of the highest national certificate that gives one."""

    def level_on(facts: Facts, day: AskedDay) -> CertificateLevel | None:
        best = best_certificate(facts, day, context, spec.titles, national_only=True)
        return best.level if best else None

    def answer(facts: Facts, day: AskedDay, _question: Question) -> Node:
        best = best_certificate(facts, day, context, spec.titles, national_only=True)
        if best is None:
            sources, reason = explain_no_certificate(facts, day, tuple(spec.titles), national_only=True)
            return make_node(
                name,
                rule,
                "none",
                sources=sources,
                reason=reason,
                result=TitleHeld(),
            )
        since = context.start_of_run(level_on, facts, day, best.level)
        return make_node(
            name,
            rule,
            "valid",
            sources=best.sources,
            result=TitleHeld(spec.titles[best.level], spec.deemed, since),
        )

    return Compiled(answer, run=level_on)
