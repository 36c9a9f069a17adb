"""The day of change of a stored row, whatever the packs, and how often the rows of the demo are renewed in a year."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st
from msgspec import to_builtins

from contracts.events.values import NATION, DeterminationId
from services.core.answers.rolling import spans_of, with_windows
from services.core.facts.facts import Facts
from services.core.facts.place import place_on, place_until
from services.core.questions.standing import STANDING, lasting_part, stand, stored
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question, judgement
from services.demo.careers import careers
from tests.campaign.packs import DAYS_ASKED, FIRST_DAYS, careers_for, packs_around, person
from tests.campaign.test_demo_careers import UNTIL, facts_of, plan
from tests.lives import rules_of

ONE_DAY = timedelta(days=1)
DETERMINATIONS: tuple[DeterminationId, ...] = get_args(DeterminationId)
EXACT_OF_100 = 98
DEMO_PEOPLE = 60
RENEWED_PER_CHANGE = 1.1


def test_the_day_of_change_of_a_row_is_never_late_and_nearly_always_exact(
    pairs: Callable[..., None], tell: Callable[[str], None]
) -> None:
    """Until then a row serves what is evaluated anew, with its windows moved to the day, and on that day it does not.

    Counted over rows that have such a day.
    """
    rows = {"exact": 0, "early": 0, "never": 0}

    def check(data: st.DataObject) -> None:
        determination = data.draw(st.sampled_from(DETERMINATIONS), "of whose texts there are most")
        home, facts = person(data.draw(careers_for(determination), "career"))
        around = data.draw(packs_around(home, determination), "packs")
        # A row is never judged by an alternative reading.
        rules, as_of = compose(home, around.packs, around.standards), data.draw(FIRST_DAYS, "as of")
        row = stand(rules, facts, as_of)
        kept = {name: to_builtins(stored(answer)) for name, answer in row.determinations.items()}

        def serves_what_is_evaluated_on(day: date) -> bool:
            fresh = {name: to_builtins(judgement(evaluate(rules, facts, Question(name, day)))) for name in STANDING}
            return with_windows(kept, spans_of(row), day) == fresh

        end = row.next_change_on or as_of + DAYS_ASKED * ONE_DAY
        for day in (as_of + n * ONE_DAY for n in range(min((end - as_of).days, DAYS_ASKED))):
            assert serves_what_is_evaluated_on(day), (day, row.next_change_on)
        if row.next_change_on is None:
            rows["never"] += 1
        else:
            rows["early" if serves_what_is_evaluated_on(row.next_change_on) else "exact"] += 1

    pairs(check, 4)
    dated = rows["exact"] + rows["early"]
    tell(f"{dated} rows with a day of change, {rows['early']} of them early, and {rows['never']} without one")
    assert rows["early"] * 100 <= (100 - EXACT_OF_100) * dated


def _standing(rules: Rules, facts: Facts, day: date) -> dict[str, Any]:
    return {name: lasting_part(evaluate(rules, facts, Question(name, day))) for name in STANDING}


def test_in_a_year_of_the_demo_rows_are_renewed_hardly_more_often_than_their_answers_change(
    tell: Callable[[str], None],
) -> None:
    """A row is renewed when its day has come: each night, of everybody, those whose answers may differ."""
    counted: Counter[str] = Counter()
    rules = cache(lambda place: rules_of(place))
    for one in careers(plan(), DEMO_PEOPLE):
        facts = facts_of(one.events)
        due: date | None = UNTIL
        said: dict[str, Any] = {}
        for night in (UNTIL + n * ONE_DAY for n in range(366)):
            here = rules(place_on(facts, night, NATION))
            before, said = said, _standing(here, facts, night)
            if night > UNTIL:
                counted["changed"] += said != before
            if due is not None and due <= night:
                counted["renewed"] += night > UNTIL
                due = stand(here, facts, night, place_until(facts, night, NATION)).next_change_on
    tell(f"{DEMO_PEOPLE} rows in a year: {counted['changed']} changes of answers, {counted['renewed']} renewals")
    assert 0 < counted["changed"] <= counted["renewed"] <= RENEWED_PER_CHANGE * counted["changed"]
