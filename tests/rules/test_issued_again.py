"""A certificate that was withdrawn and obtained again on the same day was issued again: it is held without a break.

Whatever asks when it was obtained asks when the first one was: coverage by a registration (R-34), the years after a
certificate (N-06), the year for the first registration (N-07, R-40), and an exam passed since a text is in force.
"""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from services.core.facts.facts import Certificate
from tests.explaining import asked, needs
from tests.lives import NATION, Life, alternatives, ask, facts_of, id_of, someone, standard, worker

TODAY, AGAIN = "2026-06-01", "2023-06-01"
WUHOU, XIAMEN = "510107", "350203"
LEVEL = "intermediate"
FIRST = someone.certified("2015-10-18", LEVEL)
WITHDRAWN = FIRST.certificate_withdrawn(AGAIN, LEVEL, reason="姓名更正，换发")
ISSUED_AGAIN = WITHDRAWN.certified(AGAIN, LEVEL)
DAY_AFTER = WITHDRAWN.certified("2023-06-02", LEVEL)
NEVER_AND_AGAIN = pytest.mark.parametrize("certificate", [FIRST, ISSUED_AGAIN], ids=["never issued again", "again"])


def last(life: Life) -> Certificate:
    return facts_of(life).certificates[-1]


def holder(certificate: Life) -> Life:
    """Return a full-time community worker of Wuhou with a registration of before the certificate was issued again."""
    at_work = worker(WUHOU).served("2026-05-10").assessed("2026-01-01", "2026-12-31", on="2026-01-20")
    return certificate + at_work.registered("2022-04-01", "2028-03-31")


@NEVER_AND_AGAIN
def test_a_registration_covers_a_certificate_that_was_issued_again_since(certificate: Life) -> None:
    """R-34."""
    answer = ask(holder(certificate), "allowance", TODAY, WUHOU)
    assert (answer.node.status, answer.node.result.tier) == ("eligible", LEVEL)


def test_a_registration_is_not_of_a_certificate_obtained_anew_after_a_break() -> None:
    answer = ask(holder(DAY_AFTER), "allowance", TODAY, WUHOU)
    assert answer.node.result.unresolved == ("registration",)
    other_level = holder(WITHDRAWN.certified("2015-10-18").certified(AGAIN, "senior", basis="exam_and_review"))
    assert ask(other_level, "allowance", TODAY, WUHOU).node.result.tier == "junior"
    local = holder(WITHDRAWN.certified(AGAIN, LEVEL, scope="local", valid_in="510100"))
    assert ask(local, "allowance", TODAY, WUHOU).node.result.unresolved == ("registration",)


@NEVER_AND_AGAIN
def test_years_after_a_certificate_count_from_the_first_one(certificate: Life) -> None:
    """N-06: five years after the intermediate certificate."""
    life = certificate + someone.graduated("2010-07-01").employed("2010-08-01", WUHOU)
    answer = ask(life, "exam.entry", TODAY, NATION, level="senior")
    assert (answer.node.status, answer.node.result.years) == ("eligible", 11)
    assert id_of(1) in {source.event_id for source in answer.node.sources}, "the first one is what the years rest on"


def test_years_count_anew_from_a_certificate_obtained_after_a_break() -> None:
    life = DAY_AFTER + someone.graduated("2010-07-01").employed("2010-08-01", WUHOU)
    assert ask(life, "exam.entry", TODAY, NATION, level="senior").node.result.years == 3


@NEVER_AND_AGAIN
def test_no_registration_is_advised_of_a_certificate_that_is_registered(certificate: Life) -> None:
    life = holder(certificate).certified("2010-10-18")
    assert {"registration", "review"}.isdisjoint(needs(asked(NATION, "registration", TODAY, life)))


@pytest.mark.parametrize(("again", "until"), [("2024-01-15", "2024-10-18"), ("2024-01-16", "2025-01-16")])
def test_the_year_for_the_first_registration_runs_from_the_first_one(again: str, until: str) -> None:
    """N-07: 评价通过后1年内."""
    life = someone.certified("2023-10-18").certificate_withdrawn("2024-01-15").certified(again)
    assert needs(asked(NATION, "registration", "2024-02-01", life))["registration"]["until"] == until


@NEVER_AND_AGAIN
def test_what_was_issued_again_is_no_new_exam_to_be_rewarded(certificate: Life) -> None:
    """FJ-10 is of 2021."""
    life = certificate + someone.employed("2015-01-01", XIAMEN)
    measure = structs.replace(standard(XIAMEN, "2021-03-01", {LEVEL: "2000"}), determination="reward.exam")
    answer = ask(life, "reward.exam", TODAY, XIAMEN, standards=[measure])
    assert (answer.node.status, answer.node.reason) == ("needs_review", "certificate_older_than_the_rule")
    anew = DAY_AFTER + someone.employed("2015-01-01", XIAMEN)
    assert ask(anew, "reward.exam", TODAY, XIAMEN, standards=[measure]).node.status == "eligible"


def test_one_issued_again_twice_is_held_since_the_first() -> None:
    twice = ISSUED_AGAIN.certificate_withdrawn("2025-03-01", LEVEL).certified("2025-03-01", LEVEL)
    assert last(twice).held_since == date(2015, 10, 18)
    assert [source.event_id for source in last(twice).sources] == [id_of(5), id_of(1)]
    gap = DAY_AFTER.certificate_withdrawn("2025-03-01", LEVEL).certified("2025-03-01", LEVEL)
    assert last(gap).held_since == date(2023, 6, 2)


def test_of_several_withdrawn_at_once_the_first_counts() -> None:
    several = FIRST.certified("2020-10-18", LEVEL).certificate_withdrawn(AGAIN, LEVEL).certified(AGAIN, LEVEL)
    assert last(several).held_since == date(2015, 10, 18)


def test_a_second_certificate_beside_the_first_was_obtained_on_its_own_day() -> None:
    assert last(FIRST.certified(AGAIN, LEVEL)).held_since == date(2023, 6, 1)


@pytest.mark.parametrize(("issued", "since"), [(AGAIN, "2015-12-01"), ("2023-06-05", "2023-06-05")])
def test_by_the_day_of_issue_it_is_held_without_a_break_if_it_was_issued_on_that_day(issued: Any, since: str) -> None:
    """R-11's alternative."""
    first = someone.certified("2015-10-18", LEVEL, issued_on="2015-12-01").certificate_withdrawn(AGAIN, LEVEL)
    again = first.certified(AGAIN, LEVEL, issued_on=issued)
    assert last(again).held_since_by_issue == date.fromisoformat(since)
    opens = ("R-11", "needs_review") not in alternatives(ask(holder(again), "allowance", TODAY, WUHOU))
    assert opens == (issued == AGAIN)
