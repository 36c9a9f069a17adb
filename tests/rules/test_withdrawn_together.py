"""A withdrawal names a level alone: what it takes together is told (design §3)."""

from tests.lives import CHENGDU, ZHENGZHOU, Life, facts_of, findings_of, id_of, someone

NATIONAL = someone.certified("2021-10-17")
LOCAL = {"scope": "local", "basis": "local_test"}
OF_CHENGDU = someone.certified("2020-05-06", valid_in=CHENGDU, **LOCAL)


def told(life: Life) -> list[str]:
    return [one.event_id for one in findings_of(life) if one.problem == "withdraws_several"]


def test_a_withdrawal_that_takes_a_national_and_a_local_certificate_is_told() -> None:
    """Both count as withdrawn; it names both."""
    life = (NATIONAL + OF_CHENGDU).certificate_withdrawn("2023-05-06")
    assert [str(one.withdrawn_on) for one in facts_of(life).certificates] == ["2023-05-06"] * 2
    (found,) = [one for one in findings_of(life) if one.problem == "withdraws_several"]
    assert found.event_id == id_of(3)
    assert {id_of(1), id_of(2)} <= {*found.detail.replace(",", "").split()}
    assert told(life.corrected(3, occurred_on="2023-06-06")) == [id_of(3)]


def test_a_withdrawal_that_takes_certificates_of_two_places_is_told() -> None:
    of_zhengzhou = someone.certified("2020-06-06", valid_in=ZHENGZHOU, **LOCAL)
    assert told((OF_CHENGDU + of_zhengzhou).certificate_withdrawn("2023-05-06")) == [id_of(3)]


def test_a_withdrawal_that_takes_what_is_of_one_place_is_not_told() -> None:
    assert told(NATIONAL.certificate_withdrawn("2023-05-06")) == []
    assert told(NATIONAL.certified("2022-10-17").certificate_withdrawn("2023-05-06")) == []
    assert told((NATIONAL + OF_CHENGDU).certified("2020-05-06", "basic").certificate_withdrawn(level="basic")) == []


def test_of_what_was_withdrawn_before_or_obtained_since_a_withdrawal_takes_nothing() -> None:
    withdrawn = OF_CHENGDU.certificate_withdrawn("2021-05-06") + NATIONAL
    assert told(withdrawn.certificate_withdrawn("2023-05-06")) == []
    assert told(OF_CHENGDU.certificate_withdrawn("2021-10-17") + NATIONAL) == []
