"""What is sent again is a double, whatever becomes of the first since (ADR-0028, design §7.8)."""

import pytest

from tests.lives import ZHENGZHOU, Life, ask, facts_of, findings_of, id_of, someone, worker

DISTRICT = "510107"
ENTITLED = worker(DISTRICT).served("2026-05-10").assessed("2026-01-01", "2026-12-31", on="2026-01-20")
CERTIFIED = ENTITLED.registered("2024-12-01", "2027-11-30").certified("2024-10-18", called="certificate")
RAISED = CERTIFIED.corrected("certificate", level="intermediate", called="correction")
SENT_AGAIN = RAISED.certified("2024-10-18", "intermediate", called="double")
SINCE = {
    "corrected again": someone.corrected("certificate", level="junior", because="复核后更正"),
    "its correction voided": someone.voided("correction"),
    "its correction corrected": someone.corrected("correction", set={"data": {"level": "junior"}}),
    "moved to another day": someone.corrected("certificate", level="junior", occurred_on="2024-10-19"),
}


def doubles(life: Life) -> list[str]:
    return [finding.event_id for finding in findings_of(life) if finding.problem == "told_twice"]


@pytest.mark.parametrize("since", SINCE.values(), ids=SINCE)
def test_what_was_sent_again_stays_a_double_whatever_is_corrected_since(since: Life) -> None:
    """Also where what the first said at the time was undone by a void or by a correction of the correction."""
    life = SENT_AGAIN + since
    assert [one.level for one in facts_of(life).certificates] == ["junior"]
    assert doubles(life) == [id_of("double")]
    for told in (life, RAISED + since):
        assert ask(told, "allowance", "2026-06-01", DISTRICT).node.result.tier == "junior"


def test_what_the_first_says_only_later_makes_no_double_once_it_is_undone() -> None:
    """The other was recorded when the first said something else, so it says something of its own."""
    life = CERTIFIED.certified("2024-10-18", "intermediate").corrected("certificate", level="intermediate")
    assert len(facts_of(life).certificates) == 1
    undone = life.corrected("certificate", level="junior", because="复核后更正")
    assert {one.level for one in facts_of(undone).certificates} == {"junior", "intermediate"}


def test_a_training_sent_again_stays_a_double_when_its_correction_is_voided() -> None:
    trained = someone.employed("2021-01-01", ZHENGZHOU).trained("2023-05-10", "30", called="training")
    life = trained.corrected("training", amount="35", called="correction").trained("2023-05-10", "35")
    for told, hours in ((life, "35"), (life.voided("correction"), "30")):
        answer = ask(told, "continuing_education.annual", "2023-12-31", ZHENGZHOU).node
        assert (answer.status, answer.result.counted_hours) == ("not_met", hours)


def test_a_registration_sent_again_with_less_holds_no_longer_than_the_first() -> None:
    """It said all of that less between two corrections of its last day."""
    registered = someone.certified("2021-10-17").registered("2022-04-01", "2025-03-31", called="term", level="junior")
    life = registered.corrected("term", valid_until="2028-03-31").registered("2022-04-01", "2028-03-31")
    ended = life.corrected("term", valid_until="2025-03-30")
    assert ask(life, "registration", "2026-06-01", DISTRICT).node.status == "valid"
    assert ask(ended, "registration", "2026-06-01", DISTRICT).node.status == "lapsed"


@pytest.mark.parametrize("revisions", [1, 20, 200])
def test_a_fact_corrected_often_is_no_other_fact(revisions: int) -> None:
    life = someone.certified("2021-10-17", called="first")
    for number in range(revisions):
        life = life.corrected("first", issued_on=f"2022-01-{number % 28 + 1:02}", because=f"更正{number}")
        if number % 2:
            life = life.voided(len(life))
    assert len(facts_of(life.certified("2021-10-17")).certificates) == 1
