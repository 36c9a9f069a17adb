"""`training`: continuing education, hours counted in a window and compared with a required figure."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import ClassVar, Literal

from msgspec import structs

from contracts.events.values import CertificateLevel, TrainingUnit
from contracts.policies.language import Rule
from services.core.calendar import ONE_DAY, AskedDay, Window
from services.core.facts.facts import Facts
from services.core.rules.conditions import registered
from services.core.rules.conditions.employed import Employed
from services.core.rules.conditions.registered import last_granted_day, last_held_day
from services.core.rules.hours import decimal_text
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed, HoursNeed
from services.core.rules.parts import Ask, Context, Part, words_of
from services.core.rules.reckoning import Hours, HoursResult, Reckoning, openness, reckoner
from services.core.rules.verdict import Node, Question, Reason, Status, make_node, result_of
from services.core.rules.windows import Counted, WindowSpec, counting_in, rolling_span

CONCERNS = "concerns"
"""The name under which the part stands that says whom a rule is about."""


class Training(Kind, frozen=True):
    """Hours of continuing education: `at_least` one figure, or one by the national certificate held.

    Until the window's last day a shortfall is pending. The rule is about those whom `concerns` is met by; where a
    person must decide on that, enough hours are enough all the same, and only a shortfall is open (R-37, R-38). With
    `degree_counts` a degree of the profession counts as so many hours: each one obtained in the window, or the first
    one ever, as `degrees` says (R-41); unsaid, the first. Someone who joined midway owes all of it, or a share by
    months (R-22).
    """

    STATUSES: ClassVar = frozenset({"met", "pending", "not_met", "needs_review"})
    RESULTS: ClassVar = (HoursResult,)

    window: WindowSpec
    unit: TrainingUnit
    at_least: Hours | Mapping[CertificateLevel, Hours]
    concerns: Part | None = None
    degree_counts: Hours | None = None
    degrees: Literal["each", "first_only"] | None = None
    joined_midway: Literal["full", "by_month"] | None = None

    @property
    def outermost(self) -> tuple[str, ...]:
        return (CONCERNS,) if self.concerns else ()

    @property
    def looks_back(self) -> bool:
        """Whether work on any day of the window can make the rule apply, and not only on the day that decides."""
        return any(isinstance(word, Employed) and word.in_window for word in words_of(self.concerns))

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        reckon = reckoner(self.unit, self.at_least, context, self.degree_counts, each_degree=self.degrees == "each")
        is_open = openness(self.unit, context)
        concerned = context.ask(CONCERNS, self.concerns) if self.concerns else None
        share = _share_of_months(concerned) if concerned and self.joined_midway == "by_month" else None
        rolls, span = self.window.rolls, rolling_span(self.window.rolling_years, context)

        def judged(reckoning: Reckoning, concern: Node | None, day: AskedDay) -> tuple[Status, Reason | None]:
            figure = reckoning.required
            if figure is None or (concern and concern.status == "not_met"):
                return "not_applicable", "rule_does_not_apply"
            if is_open(reckoning.count, figure):
                return "needs_review", "unit_not_convertible"
            if reckoning.count.total >= figure:
                return "met", None
            if concern and concern.status == "needs_review":
                return "needs_review", concern.reason
            if rolls:
                return "not_met", "shortfall_of_last_years"
            return (
                ("not_met", "shortfall") if day.reached(reckoning.window.last) else ("pending", "shortfall_window_open")
            )

        def answer(facts: Facts, day: AskedDay, question: Question, counted: Counted) -> Node:
            if counted.days is None:
                missing: Reason = "no_such_term" if question.term_begun_on else "no_window"
                return make_node(name, rule, "not_applicable", reason=missing, result=HoursResult())
            reckoning = reckon(facts, counted.days)
            if share and reckoning.required is not None:
                owed = reckoning.required * share(facts, reckoning.window)
                reckoning = structs.replace(reckoning, required=owed)
            concern = concerned(facts, counted.deciding_day) if concerned else None
            status, reason = judged(reckoning, concern, day)
            unconverted = reckoning.unconverted(facts) if reason == "unit_not_convertible" else ()
            return make_node(
                name,
                rule,
                status,
                sources=counted.sources + reckoning.sources + unconverted,
                children=(concern,) if concern else (),
                reason=reason,
                result=reckoning.result(),
                decided_on=reckoning.decided_on,
                rolling=span,
                workings=reckoning.workings(facts),
            )

        return Compiled(answer, counting_in(self.window, context))

    def needs(self, inquiry: Inquiry, node: Node) -> Iterator[AnswerNeed]:
        """Yield the missing hours; nothing to whom the rule is not about, nor to whom it may not be any more: nobody is
        advised to come under a duty.

        Of a registration that ends early none are asked: once it has ended, the registrar must be.
        """
        result = result_of(node, HoursResult)
        short, window = result.shortfall_hours, result.window
        if node.status == "not_applicable" or window is None or short in (None, decimal_text(0)):
            return
        if any(child.reason == "left_before_the_deciding_day" for child in node.children):
            return
        if self.window.registration_term and _ended_early(inquiry, window):
            asking = inquiry.lack("review")
            yield from (need for need in registered.needs(asking, to_ask="review") if need.need == "review")
            return
        if self.window.rolls:
            yield HoursNeed(code="hours_rolling", need=self.unit, amount=short, from_=inquiry.as_of)
            return
        # Hours help only as long as the text is in force.
        until = min(window.last, inquiry.text_ends or window.last)
        if inquiry.as_of > until:
            yield HoursNeed(code="hours_late", need=self.unit, amount=short, until=until)
        else:
            code: Literal["hours", "hours_today"] = "hours" if inquiry.as_of < until else "hours_today"
            yield HoursNeed(code=code, need=self.unit, amount=short, until=until)


def _ended_early(inquiry: Inquiry, term: Window) -> bool:
    """Say whether the registration of a term ends before its last day, so that it is not renewed by hours."""
    granted = last_granted_day(inquiry.context)
    of_term = [one for one in inquiry.facts.registrations if one.first == term.first]
    return last_held_day(of_term[-1], granted) < term.last


def _share_of_months(concerned: Ask) -> Callable[[Facts, Window], Fraction]:
    """Return the function that gives the share of a window's months in which the rule concerns somebody, or may (R-22).

    It is all of it for whom it concerns on no day.
    """

    def share(facts: Facts, window: Window) -> Fraction:
        covered: set[int] = set()
        first = window.first
        while first <= window.last:
            day = AskedDay(first)
            status = concerned(facts, day).status
            last = min(day.until or window.last, window.last)
            if status != "not_met":
                covered.update(_months(Window(first, last)))
            first = last + ONE_DAY
        return Fraction(len(covered), len(_months(window))) if covered else Fraction(1)

    return share


def _months(window: Window) -> range:
    return range(window.first.year * 12 + window.first.month, window.last.year * 12 + window.last.month + 1)
