"""The prototype that a standing is measured against: fourteen determinations as bare closures over one career.

It gives statuses and last days and nothing else: no clauses, readings, corrections, places or words. What it computes,
and at what cost, stays as it was when the bar was set; only layout and names follow this repository.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

FAR = date.max
AS_OF = date(2025, 6, 1)
SEED, PEOPLE = 1, 500
ORDER = {"not_met": 0, "needs_review": 1, "pending": 2, "met": 3}


@dataclass(slots=True)
class Training:
    on: date
    amount: Decimal
    unit: str
    professional: bool
    event_id: str


@dataclass(slots=True)
class Span:
    first: date
    last: date
    role: str
    type: str
    place: str


@dataclass(slots=True)
class Certificate:
    on: date
    level: int


@dataclass(slots=True)
class Facts:
    trainings: list[Training]
    jobs: list[Span]
    certificates: list[Certificate]
    registrations: list[Span]
    services: list[Span]
    assessments: list[Span]
    posts: list[tuple[date, int]]


@dataclass(slots=True)
class Node:
    rule: str
    status: str
    holds_until: date
    inputs: tuple[Any, ...] = ()
    children: tuple["Node", ...] = ()
    result: object = None


Operator = Callable[[Facts, date], Node]
Window = Callable[[Facts, date], tuple[date, date]]


def stand(operators: Sequence[Operator], facts: Facts, as_of: date) -> tuple[list[Node], date]:
    """Return all determinations of a person, and the last day on which they hold."""
    nodes = [operator(facts, as_of) for operator in operators]
    return nodes, min(node.holds_until for node in nodes)


def people() -> list[Facts]:
    """Return the careers that are judged, about forty events each."""
    random = Random(SEED)  # noqa: S311 - careers that can be drawn again, no secrets.
    return [_career(random) for _ in range(PEOPLE)]


def determinations() -> list[Operator]:
    """Return the fourteen determinations of a standing."""
    role = _in_span("role", "jobs", lambda span: span.role == "ft")
    wider_role = _in_span("role", "jobs", lambda span: span.role in ("ft", "cw"))
    registration = _in_span("registration", "registrations", lambda span: True)
    service = _in_span("service", "services", lambda span: True)
    attested = _in_span("role_attested", "assessments", lambda span: True)
    degree = _in_span("deg", "services", lambda span: False)
    certificate, intermediate = _holds_certificate(0), _holds_certificate(1)
    return [
        certificate,
        registration,
        _ladder(),
        _hours("annual", "60", _year, "h"),
        _hours("roll", "120", _rolling_five_years, "h"),
        _hours("plan", "160", _plan, "h"),
        _hours("term", "90", _term, "h"),
        _all_of("allow_cd", role, certificate, registration, service, attested),
        _all_of("allow_zz", wider_role, intermediate),
        _all_of("allow_lc", wider_role, intermediate, registration),
        _any_of("talent", intermediate, _hours("roll", "120", _rolling_five_years, "h"), degree),
        intermediate,
        _all_of("benefit", certificate, role),
        _any_of("title", intermediate, certificate),
    ]


def _holds_certificate(minimum: int) -> Operator:
    def operator(facts: Facts, as_of: date) -> Node:
        best = None
        following = FAR
        for one in facts.certificates:
            if one.on <= as_of:
                if one.level >= minimum and (best is None or one.level > best.level):
                    best = one
            elif one.on < following:
                following = one.on
        until = following - timedelta(1) if following is not FAR else FAR
        return Node("certificate", "met" if best else "not_met", until, (best.on,) if best else ())

    return operator


def _in_span(name: str, attribute: str, predicate: Callable[[Span], bool]) -> Operator:
    def operator(facts: Facts, as_of: date) -> Node:
        following = FAR
        for span in getattr(facts, attribute):
            if span.first <= as_of <= span.last and predicate(span):
                return Node(name, "met", span.last, (span.first,))
            if span.first > as_of and span.first < following and predicate(span):
                following = span.first
        return Node(name, "not_met", following - timedelta(1) if following is not FAR else FAR)

    return operator


def _hours(name: str, required: str, window: Window, unit: str) -> Operator:
    need = Decimal(required)

    def operator(facts: Facts, as_of: date) -> Node:
        first, last = window(facts, as_of)
        total = Decimal(0)
        counted = []
        not_counted = []
        following = last
        for training in facts.trainings:
            if not training.professional:
                not_counted.append((training.event_id, "not_professional_subject"))
            elif training.unit != unit:
                not_counted.append((training.event_id, "unit"))
            elif training.on < first or training.on > last:
                not_counted.append((training.event_id, "outside_window"))
            elif training.on > as_of:
                if training.on <= following:
                    following = training.on - timedelta(1)
            else:
                total += training.amount
                counted.append(training.event_id)
        status = "met" if total >= need else ("pending" if as_of < last else "not_met")
        result = (total, need, max(need - total, Decimal(0)), first, last, not_counted)
        return Node(name, status, following, tuple(counted), (), result)

    return operator


def _year(facts: Facts, as_of: date) -> tuple[date, date]:
    return date(as_of.year, 1, 1), date(as_of.year, 12, 31)


def _rolling_five_years(facts: Facts, as_of: date) -> tuple[date, date]:
    return date(as_of.year - 5, as_of.month, min(as_of.day, 28)) + timedelta(1), as_of


def _plan(facts: Facts, as_of: date) -> tuple[date, date]:
    return date(2021, 1, 1), date(2025, 12, 31)


def _term(facts: Facts, as_of: date) -> tuple[date, date]:
    for span in facts.registrations:
        if span.first <= as_of <= span.last:
            return span.first, span.last
    return as_of, as_of


def _all_of(name: str, *operators: Operator) -> Operator:
    def operator(facts: Facts, as_of: date) -> Node:
        children = tuple(one(facts, as_of) for one in operators)
        worst = min(children, key=lambda node: ORDER[node.status])
        if worst.status == "met":
            until = min(node.holds_until for node in children)
        else:
            until = max(node.holds_until for node in children if node.status == worst.status)
        return Node(name, worst.status, until, (), children)

    return operator


def _any_of(name: str, *operators: Operator) -> Operator:
    def operator(facts: Facts, as_of: date) -> Node:
        children = tuple(one(facts, as_of) for one in operators)
        best = max(children, key=lambda node: ORDER[node.status])
        return Node(name, best.status, min(node.holds_until for node in children), (), children)

    return operator


def _ladder() -> Operator:
    bands = {**dict.fromkeys((5, 6, 7), 3), **dict.fromkeys((8, 9, 10), 2), **dict.fromkeys((11, 12), 1)}

    def operator(facts: Facts, as_of: date) -> Node:
        current = None
        for post in facts.posts:
            if post[0] <= as_of:
                current = post
        if current is None:
            return Node("grade", "none", FAR)
        held = _holds_certificate(bands[current[1]])(facts, as_of)
        status = "conforming" if held.status == "met" else "not_conforming"
        return Node("grade", status, held.holds_until, (current[0],), (held,), current)

    return operator


def _career(random: Random) -> Facts:
    start = date(2019, 1, 1)
    trainings = [
        Training(
            start + timedelta(random.randrange(2500)),
            Decimal(random.randrange(4, 80)) / 2,
            "h",
            random.random() < 0.9,
            f"e{number}",
        )
        for number in range(24)
    ]
    trainings.sort(key=lambda training: training.on)
    return Facts(
        trainings,
        [Span(date(2019, 1, 1), date(2022, 5, 1), "cw", "c", "x"), Span(date(2022, 5, 2), FAR, "ft", "c", "x")],
        [Certificate(date(2020, 1, 1), 1), Certificate(date(2023, 6, 1), 2)],
        [
            Span(date(2020, 3, 1), date(2023, 2, 28), "", "", ""),
            Span(date(2023, 3, 1), date(2026, 2, 28), "", "", ""),
        ],
        [Span(start + timedelta(300 * turn), start + timedelta(300 * turn + 365), "", "", "") for turn in range(8)],
        [Span(date(year, 1, 1), date(year, 12, 31), "", "", "") for year in range(2020, 2026)],
        [(date(2020, 2, 1), 12), (date(2022, 2, 1), 11), (date(2024, 2, 1), 10)],
    )
