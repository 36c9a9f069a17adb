"""The laws of a timeline over random careers: it has exactly the changes that evaluating day by day, or by position,
finds."""

from collections.abc import Sequence
from datetime import date

import pytest

from contracts.events.revisions import Recorded
from contracts.policies.language import LocalStandard
from services.core.questions.known import AnswerSummary, Knowledge, UndatedQuestion, person_known
from services.core.questions.standing import DETERMINATIONS
from services.core.questions.timeline import Budget, walk_days, walk_knowledge
from services.core.rules.kinds.registry import OF_A_LEVEL
from services.core.rules.rulebook import Rulebook
from tests.campaign.careers import career, questioned_days
from tests.campaign.test_oracle import ONE_DAY, PINNED, drawing, recorded, rules_of
from tests.lives import recorded as recorded_of
from tests.rules.test_sixth_place import CITY, JOB, PACKS

DAYS = 400
LEVELS = ("junior", "intermediate", "senior")
ENOUGH = 10**9


def asked_of(seed: int) -> list[UndatedQuestion]:
    """Every determination, of the person's own place and of another one, with a period and a level now and then."""
    random, home = drawing(seed), career(seed).home
    found = []
    for name in DETERMINATIONS:
        place = random.choice((None, None, home, *PINNED))
        period = random.choice((None, 2022, 2024, 2025)) if name == "continuing_education.annual" else None
        found.append(UndatedQuestion(name, place, period, random.choice(LEVELS) if name in OF_A_LEVEL else None))
    return found


def test_a_timeline_over_days_tells_what_asking_day_by_day_tells(seed: int) -> None:
    life = career(seed)
    known = person_known(recorded(life), Rulebook(life.home, PINNED, rules_of(life, life.home).standards))
    first = questioned_days(drawing(seed), life, 1)[0] - DAYS // 2 * ONE_DAY
    days = [first + ONE_DAY * n for n in range(DAYS)]
    for asked in asked_of(seed):
        said = [known.summary(asked, day) for day in days]
        changed = [(day, now) for day, before, now in zip(days[1:], said, said[1:], strict=False) if now != before]
        told = walk_days(known, asked, first, days[-1], Budget(ENOUGH, ENOUGH))
        assert told.opening == said[0], (seed, asked)
        assert [(change.on, change.summary) for change in told.changes] == changed, (seed, asked)
        assert all(change.causes for change in told.changes), (seed, asked)


def test_a_timeline_over_knowledge_tells_what_asking_position_by_position_tells(seed: int) -> None:
    """The events of the person and the rule events of the ledger come in turns."""
    life = career(seed)
    random = drawing(seed)
    standards = rules_of(life, life.home).standards
    slots = random.sample(range(1, len(life.events) + len(standards) + 1), len(standards))
    free = [n for n in range(1, len(life.events) + len(standards) + 1) if n not in slots]
    own = [
        Recorded(at, number, event.event_id, event.type, event.occurred_on, event.raw)
        for number, (at, event) in enumerate(zip(free, recorded(life), strict=True), start=1)
    ]
    rule_events = [
        Recorded(at, number, str(one.evidence.event_id), "local_standard.registered", "2020-01-01", {})
        for number, (at, one) in enumerate(zip(sorted(slots), standards, strict=True), start=1)
    ]
    as_of = questioned_days(random, life, 1)[0]

    def known(mine: Sequence[Recorded], rules: Sequence[Recorded]) -> Knowledge:
        return person_known(mine, Rulebook(life.home, PINNED, tuple(standards[: len(rules)])))

    def at(asked: UndatedQuestion, position: int) -> AnswerSummary | None:
        mine = [event for event in own if event.position <= position]
        rules: list[LocalStandard] = [
            one for one, event in zip(standards, rule_events, strict=True) if event.position <= position
        ]
        return person_known(mine, Rulebook(life.home, PINNED, tuple(rules))).summary(asked, as_of) if mine else None

    head = len(own) + len(rule_events)
    for asked in asked_of(seed)[:: max(1, len(own) // 20)]:
        said = [at(asked, position) for position in range(head + 1)]
        changed = [(n, said[n]) for n in range(1, head + 1) if said[n] != said[n - 1]]
        told = walk_knowledge(asked, as_of, own, rule_events, known, Budget(ENOUGH, ENOUGH))
        assert told.opening == said[0], (seed, asked)
        assert [(change.position, change.summary) for change in told.changes] == changed, (seed, asked)


def test_pages_of_a_timeline_join_into_the_whole(seed: int) -> None:
    life = career(seed)
    known = person_known(recorded(life), Rulebook(life.home, PINNED, ()))
    first, last = date(2018, 1, 1), date(2030, 12, 31)
    for asked in asked_of(seed)[:6]:
        whole = walk_days(known, asked, first, last, Budget(ENOUGH, ENOUGH))
        joined = []
        at: date | None = first
        while at is not None:
            page = walk_days(known, asked, at, last, Budget(2, ENOUGH))
            assert page.next_from is None or page.next_from > at
            joined += page.changes
            at = page.next_from
        assert tuple(joined) == whole.changes, (seed, asked)


@pytest.mark.parametrize("determination", ["continuing_education.plan_period", "allowance", "grade"])
def test_the_timeline_of_an_invented_place_is_that_of_asking_day_by_day(determination: str) -> None:
    history = (
        JOB.trained("2023-03-01", "40", "hour")
        .trained("2024-02-29", "50", "hour")
        .certified("2024-01-01", "senior")
        .promoted("2024-06-01", 1)
    )
    known = person_known(recorded_of(history), Rulebook(CITY, PACKS, ()))
    first, days = date(2024, 1, 1), 2_100
    question = UndatedQuestion(determination)
    summaries = [known.summary(question, first + ONE_DAY * n) for n in range(days)]
    changed = [(first + ONE_DAY * n, summaries[n]) for n in range(1, days) if summaries[n] != summaries[n - 1]]
    page = walk_days(known, question, first, first + ONE_DAY * (days - 1), Budget(days))
    assert [(change.on, change.summary) for change in page.changes] == changed
    assert changed
