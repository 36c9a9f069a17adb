"""`talent`: who counts as social work talent: professional quality by one of several routes, and work in the field."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from msgspec import structs

from contracts.policies.language import Rule
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.combine import AnyOf, all_of, names_of
from services.core.rules.conditions.trained import Trained
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed
from services.core.rules.parts import Context, Part, words_of
from services.core.rules.reckoning import HoursResult, Reckoning
from services.core.rules.result import Code, Result
from services.core.rules.verdict import Node, Question, Reason, Verdict, make_node, result_of
from services.core.rules.windows import Counted, rolling_span


class TalentResult(HoursResult, frozen=True):
    """Besides the hours, the first route to professional quality that holds, and whether the work does.

    `engaged` is None also where a person must decide.
    """

    route: Code | None = None
    engaged: bool | None = None

    KEY: ClassVar = "route"

    def facts_alone(self) -> Result:
        return structs.replace(self, route=None, engaged=None)


class Talent(Kind, frozen=True):
    """Whether somebody counts as talent: by `quality`, by being `engaged`, or by both, as `asked`."""

    STATUSES: ClassVar = frozenset({"met", "not_met", "needs_review"})
    RESULTS: ClassVar = (TalentResult,)

    quality: Part
    engaged: Part
    asked: tuple[Literal["quality", "engaged"], ...]

    def __post_init__(self) -> None:
        """Refuse routes and ways without names, and a question about neither."""
        if not isinstance(self.quality.word, AnyOf) or not isinstance(self.engaged.word, AnyOf):
            raise ValueError("quality and engaged are any_of several parts")
        if not self.asked:
            raise ValueError("neither quality nor engaged is asked")

    @property
    def outermost(self) -> tuple[str, ...]:
        return (*names_of(self.quality), *names_of(self.engaged))

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        quality, engaged = context.ask("quality", self.quality), context.ask("engaged", self.engaged)
        windows = (word.window.rolling_years for word in words_of(self.quality) if isinstance(word, Trained))
        span = rolling_span(next(windows, None), context)

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            held, work = quality(facts, day), engaged(facts, day)
            asked = {name: node for name, node in (("quality", held), ("engaged", work)) if name in self.asked}
            hours = _first_reckoning(held.children)
            route = next((node.rule for node in held.children if node.status == "met"), None)
            return make_node(
                name,
                rule,
                all_of(asked.values()),
                children=(*held.children, *work.children),
                reason=_reason(asked.get("quality"), asked.get("engaged")),
                result=TalentResult(
                    route=route,
                    engaged=None if work.status == "needs_review" else work.status == "met",
                    **structs.asdict(hours.result() if hours else HoursResult()),
                ),
                rolling=span,
            )

        return Compiled(answer)

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield the ways of being engaged, if work is asked and missing, and the routes to quality, if none holds."""
        result = result_of(node, TalentResult)
        if "engaged" in self.asked and not result.engaged:
            yield from inquiry.to_meet(self.engaged, node, "engagement")
        if "quality" in self.asked and result.route is None:
            yield from inquiry.to_meet(self.quality, node, "route")


def _first_reckoning(nodes: Iterable[Verdict]) -> Reckoning | None:
    for node in nodes:
        found = node.detail if isinstance(node.detail, Reckoning) else _first_reckoning(node.children)
        if found is not None:
            return found
    return None


def _reason(quality: Node | None, work: Node | None) -> Reason | None:
    """Return why somebody does not count: the work first, then the route under review, or else a general reason."""
    if work is not None and work.status == "not_met":
        return "not_engaged"
    if quality is None or quality.status == "met":
        return None if work is None else work.reason
    return quality.reason if quality.status == "needs_review" else "no_professional_quality"
