"""Three accounts of one day, in part contradicting each other, are sorted by what they are of (ADR-0028)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from random import Random
from typing import Any

from services.core.rules.evaluate import evaluate
from tests.campaign.careers import Event, career
from tests.campaign.life import Life
from tests.campaign.test_laws_of_facts import (
    ORDERED,
    another_id,
    answers_about,
    asked,
    facts_of,
    judged,
    optional_members,
    unrevised,
)
from tests.campaign.test_oracle import differences, drawing, naive

NEIGHBOURS = 20
"""Of so many careers may be what an account says otherwise than another: few say enough of one type themselves."""


def test_accounts_of_one_day_answer_alike_in_any_order(seed: int) -> None:
    """Save where the position decides on purpose."""
    told = [event for event in unrevised(seed) if event["type"] not in ORDERED]
    for before, accounts, after in in_three_accounts(drawing(seed), seed, told):
        given = [judged(answers_about(seed, facts_of([*before, *order, *after]))) for order in permutations(accounts)]
        assert all(answer == given[0] for answer in given), (seed, accounts)


def test_accounts_of_one_day_are_read_as_the_second_reading_does(seed: int) -> None:
    for before, accounts, after in in_three_accounts(drawing(seed), seed, unrevised(seed)):
        events = [*before, *accounts, *after]
        facts, read = facts_of(events), Life(events)
        for rules, ask in asked(seed):
            expected = naive(read, career(seed), rules.jurisdiction, ask)
            assert not differences(expected, evaluate(rules, facts, ask)), (seed, accounts, ask)


def in_three_accounts(
    random: Random, seed: int, told: Sequence[Event]
) -> Iterator[tuple[Sequence[Event], Sequence[Event], Sequence[Event]]]:
    """Yield a career in which three accounts stand for one event, with what comes before and after them."""
    events = unrevised(seed)
    several = [event for event in told if len(optional_members(event["type"])) > 1]
    if several:
        one = random.choice(several)
        others = [event for near in range(seed, seed + NEIGHBOURS) for event in unrevised(near)]
        alike = [event["data"] for event in others if event["type"] == one["type"]]
        again, anew = another_id(one["event_id"]), another_id(another_id(one["event_id"]))
        accounts = [account_of(random, one, alike, event_id) for event_id in (one["event_id"], again, anew)]
        at = events.index(one)
        yield events[:at], accounts, events[at + 1 :]


def account_of(random: Random, one: Event, alike: Sequence[Mapping[str, Any]], event_id: str) -> Event:
    """Return an event as somebody else may tell it, who leaves out or mistakes what need not be said."""
    data = dict(one["data"])
    for member in sorted(optional_members(one["type"]) - {"employment"}):
        saying = [other[member] for other in alike if member in other]
        value = random.choice([None, data.get(member), *saying[:1], *random.sample(saying, min(1, len(saying)))])
        data.pop(member, None)
        if value is not None:
            data[member] = value
    return {**one, "event_id": event_id, "data": data}
