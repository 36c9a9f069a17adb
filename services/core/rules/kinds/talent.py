"""Who counts as social work talent: professional quality by one of several routes, and work in the field."""

from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias, get_args

from msgspec import structs

from contracts.events.values import Day
from contracts.policies.language import HoursRoute, Rule, TalentRoutes
from services.core.calendar import AskedDay, Window
from services.core.facts.facts import Facts
from services.core.rules.conditions import compile_condition
from services.core.rules.kinds.training_hours import HoursResult, counted_hours
from services.core.rules.result import Figure, Result
from services.core.rules.verdict import Compiled, Context, Evaluator, LeftOut, Node, Question, Reason, Status, make_node

Route: TypeAlias = Literal["certificate", "degree", "hours"]

ROUTES: Sequence[Route] = get_args(Route)


class TalentResult(Result, frozen=True):
    """The first route to professional quality that holds, whether the work does, and the hours as in `HoursResult`."""

    route: Route | None = None
    engaged: bool | None = None
    counted_hours: Figure | None = None
    required_hours: Figure | None = None
    shortfall_hours: Figure | None = None
    window: Window | None = None
    met_on: Day | None = None
    not_counted: tuple[LeftOut, ...] = ()

    KEY: ClassVar = "route"
    ANNOUNCED: ClassVar = ("required_hours",)

    def facts_alone(self) -> Result:
        return structs.replace(self, route=None, engaged=None)


def talent(spec: TalentRoutes, name: str, rule: Rule, context: Context) -> Compiled:
    """Answer whether professional quality holds, and the work too where the text requires it (LC-03, CX-01)."""
    held = [
        compile_condition(route, condition, rule.clause, context)
        for route, condition in (("certificate", spec.certificate), ("degree", spec.degree))
        if condition
    ]
    hours = _hours_route(spec.hours, rule, context)
    engaged = [compile_condition(key, condition, rule.clause, context) for key, condition in spec.engaged.items()]

    def answer(facts: Facts, day: AskedDay, question: Question) -> Node:
        routes = [condition(facts, day) for condition in held]
        hours_node = hours(facts, day, question) if hours else None
        if hours_node:
            routes.append(hours_node)
        work = [condition(facts, day) for condition in engaged]
        works = any(node.status == "met" for node in work)
        quality = _quality(routes, open_test=spec.open_test)
        lacks_work = spec.engagement_required and not works
        status = "not_met" if lacks_work else quality
        return make_node(
            name,
            rule,
            status,
            children=(*routes, *work),
            reason="not_engaged" if lacks_work else _reason(quality, routes),
            result=TalentResult(
                route=_route(routes),
                engaged=works,
                **structs.asdict(hours_node.result if hours_node else HoursResult()),
            ),
            rolling_years=hours_node.rolling_years if hours_node else None,
        )

    return Compiled(answer)


def _hours_route(route: HoursRoute | None, rule: Rule, context: Context) -> Evaluator | None:
    if route is None:
        return None
    rule_of_route = structs.replace(rule, clause=route.clause, text=route.text, interpretation=route.interpretation)
    return counted_hours(route.hours, "hours", rule_of_route, context).answer


def _route(routes: Sequence[Node]) -> Route | None:
    met = next((node.rule for node in routes if node.status == "met"), None)
    return next((route for route in ROUTES if route == met), None)


def _quality(routes: Sequence[Node], *, open_test: bool) -> Status:
    statuses = {node.status for node in routes}
    if "met" in statuses:
        return "met"
    return "needs_review" if open_test or "needs_review" in statuses else "not_met"


def _reason(quality: Status, routes: Sequence[Node]) -> Reason | None:
    """Return why quality does not hold: the reason of the first route under review, or else a general one."""
    if quality == "met":
        return None
    unresolved = next((node.reason for node in routes if node.status == "needs_review"), None)
    return unresolved or ("quality_has_no_test" if quality == "needs_review" else "no_professional_quality")
