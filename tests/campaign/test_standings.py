"""The laws of a stored standing, over random careers: it holds until its day of change, whichever day it is computed
on."""

from datetime import date
from functools import cache
from typing import Any

from contracts.document import plain
from contracts.events.codec import canonical
from contracts.events.revisions import resolve
from services.core.calendar import earliest, next_change
from services.core.facts.fold import fold
from services.core.facts.place import place_on, place_until
from services.core.questions.advice import TextInForce, TimedChange
from services.core.questions.standing import STANDING, Standing, stand, stored
from services.core.questions.whole import whole_answer
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Determination, Node, Question
from tests.campaign.careers import career, questioned_days
from tests.campaign.test_oracle import ONE_DAY, drawing, recorded, rules_of

DAYS_PER_CAREER = 2
MOST_DAYS = 400
LAST_DAY = date(2035, 12, 31)


def said(standing: Standing) -> bytes:
    """Return all that is stored of a standing, its place included."""
    kept: dict[str, Any] = {name: plain(stored(one)) for name, one in standing.determinations.items()}
    return canonical({**kept, "jurisdiction": standing.jurisdiction})


def test_a_standing_stands_on_every_day_before_its_day_of_change_and_changes_on_it(seed: int) -> None:
    """Also: whichever of those days is asked about, the day of change is the same."""
    life = career(seed)
    facts = fold(resolve(recorded(life)))
    rules_in = cache(lambda place: rules_of(life, place))

    def on(day: date) -> Standing:
        rules = rules_in(place_on(facts, day, life.home))
        return stand(rules, facts, day, place_until(facts, day, life.home))

    for as_of in questioned_days(drawing(seed), life, DAYS_PER_CAREER):
        first = on(as_of)
        kept = said(first)
        last = LAST_DAY if first.next_change_on is None else first.next_change_on - ONE_DAY
        between = (as_of + ONE_DAY * n for n in range(1, min((last - as_of).days, MOST_DAYS) + 1))
        for day in {*between, *([last] if last > as_of else [])}:
            later = on(day)
            assert said(later) == kept, (seed, as_of, day)
            if first.settled and later.settled:
                assert later.next_change_on == first.next_change_on, (seed, as_of, day)
        if first.settled and first.next_change_on is not None:
            assert said(on(first.next_change_on)) != kept, (seed, as_of, first.next_change_on)


def test_an_answer_by_itself_is_another_on_the_day_after_its_last_one(seed: int) -> None:
    """And the first of those days, of all answers of a standing, is the day on which the standing changes."""
    life = career(seed)
    facts = fold(resolve(recorded(life)))

    for as_of in questioned_days(drawing(seed), life, DAYS_PER_CAREER):
        rules = rules_of(life, place_on(facts, as_of, life.home))
        lasts = {}
        for name in STANDING:
            found = whole_answer(rules, facts, Question(name, as_of))
            lasts[name] = last = found.until
            if last is not None and last < date.max:
                assert plainly(evaluate(rules, facts, Question(name, last))) == plainly(found), (seed, name, as_of)
                assert plainly(evaluate(rules, facts, Question(name, last + ONE_DAY))) != plainly(found), (seed, name)
        whole = stand(rules, facts, as_of)
        if whole.settled:
            assert next_change(earliest(lasts.values())) == whole.next_change_on, (seed, as_of)


def plainly(determination: Determination) -> bytes:
    return canonical(plain(stored(determination)))


def test_why_an_answer_holds_no_longer_is_among_what_would_change_it(seed: int) -> None:
    """Where status, reason, or what is granted, missing or counted becomes another on the day after the last one."""
    life = career(seed)
    facts = fold(resolve(recorded(life)))

    for as_of in questioned_days(drawing(seed), life, DAYS_PER_CAREER):
        rules = rules_of(life, place_on(facts, as_of, life.home))
        for name in STANDING:
            found = whole_answer(rules, facts, Question(name, as_of))
            if found.until is None or found.until >= date.max or found.node.status == "undefined_in_policy":
                continue
            day = found.until + ONE_DAY
            if standing_of(found.node) != standing_of(evaluate(rules, facts, Question(name, day)).node):
                told = {one.on for one in found.would_change if isinstance(one, TimedChange)}
                texts = [one for one in found.would_change if isinstance(one, TextInForce)]
                begins, ends = {one.from_ for one in texts}, {one.until for one in texts}
                assert day in told | begins or found.until in ends, (seed, name, as_of)


def standing_of(node: Node) -> list[Any]:
    result = node.result
    return [node.status, node.reason, *(getattr(result, field, None) for field in (*result.ANNOUNCED, "counted_hours"))]
