"""A certificate that is withdrawn and obtained again on one day is held without a break: no status and result changes.

A law over random careers, for the engine and for the second reading, each by its own way.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.events.revisions import resolve
from services.core.facts.fold import fold
from services.core.rules.evaluate import evaluate
from services.core.rules.result import Result
from services.core.rules.verdict import Determination
from tests.campaign.careers import Career, Event, career
from tests.campaign.life import Life
from tests.campaign.test_laws_of_facts import unrevised
from tests.campaign.test_oracle import ONE_DAY, differences, drawing, naive, questions, recorded, rules_of

OBTAINED, WITHDRAWN = "certificate.obtained", "certificate.withdrawn"


def alone(events: Sequence[Event]) -> list[Event]:
    """Return the certificates that are the only one of their level, and that nothing withdraws."""
    told = [event for event in events if event["type"] in (OBTAINED, WITHDRAWN)]
    levels = [event["data"]["level"] for event in told]
    return [event for event in told if event["type"] == OBTAINED and levels.count(event["data"]["level"]) == 1]


def issued_again(certificate: Event, day: date) -> list[Event]:
    data = {name: value for name, value in certificate["data"].items() if name != "issued_on"}
    gone = {"level": data["level"], "reason": "换发", "authority": "人社部门"}
    return [event(1, WITHDRAWN, day, gone), event(2, OBTAINED, day, data)]


def event(number: int, type_: str, day: date, data: dict[str, Any]) -> Event:
    return {"event_id": str(UUID(int=number)), "type": type_, "occurred_on": day.isoformat(), "data": data}


def told(given: Determination) -> tuple[str, Result]:
    return given.node.status, given.node.result


def test_a_certificate_issued_again_answers_as_the_first_one(seed: int) -> None:
    random, life, events = drawing(seed), career(seed), tuple(unrevised(seed))
    once = fold(resolve(recorded(Career(seed, life.home, events, life.standards))))
    for certificate in alone(events):
        day = date.fromisoformat(certificate["occurred_on"]) + random.randint(1, 2000) * ONE_DAY
        again = Career(seed, life.home, (*events, *issued_again(certificate, day)), life.standards)
        facts, read = fold(resolve(recorded(again))), Life(again.events)
        for place, ask in questions(random, again):
            rules = rules_of(life, place)
            before, after = evaluate(rules, once, ask), evaluate(rules, facts, ask)
            assert told(after) == told(before), (seed, place, ask)
            assert not differences(naive(read, again, place, ask), after), (seed, place, ask)
