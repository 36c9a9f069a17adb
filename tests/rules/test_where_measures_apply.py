"""Whose local measures apply to work outside the place asked about (CD-26, R-27, ADR-0015)."""

import pytest
from msgspec import structs

from contracts.places import around_both
from tests.lives import Life, ask, someone, standard

CHENGDU, WUHOU, QINGYANG = "510100", "510107", "510105"
FUZHOU, GULOU, TAIJIANG, XIAMEN = "350100", "350102", "350103", "350200"
PAYS = {"junior": "150"}


def works(place: str, organization: str | None = None) -> Life:
    """Return somebody who is entitled in Chengdu and in Fujian, wherever there they work."""
    return (
        someone.employed("2021-01-01", place, role="full_time_community_worker", organization=organization)
        .certified("2021-10-17")
        .registered("2022-04-01", "2028-03-31")
        .served("2026-05-10", platform="成都社工管理服务平台")
        .assessed("2026-01-01", "2026-12-31", on="2026-01-20")
    )


def paid(life: Life, place: str, measure_of: str, organization: str | None = None) -> str | None:
    measure = standard(measure_of, "2024-01-01", PAYS)
    if organization is not None:
        measure = structs.replace(measure, organization=organization)
    answer = ask(life, "allowance", "2026-06-01", place, standards=[measure]).node
    assert answer.status == "eligible"
    amount: str | None = answer.result.amount
    return amount


@pytest.mark.parametrize(
    ("job", "asked", "measure_of", "amount"),
    [
        (CHENGDU, WUHOU, CHENGDU, "150"),
        (WUHOU, QINGYANG, CHENGDU, "150"),
        (WUHOU, QINGYANG, WUHOU, None),
        (WUHOU, QINGYANG, QINGYANG, None),
        (CHENGDU, WUHOU, WUHOU, None),
        (FUZHOU, GULOU, FUZHOU, "150"),
        (TAIJIANG, GULOU, FUZHOU, "150"),
        (TAIJIANG, XIAMEN, FUZHOU, None),
    ],
)
def test_the_measure_of_a_city_pays_who_works_in_it_whichever_of_its_districts_is_asked(
    job: str, asked: str, measure_of: str, amount: str | None
) -> None:
    """Also where the text is that of the province; and no district answers with the measure of another one."""
    assert paid(works(job), asked, measure_of) == amount


@pytest.mark.parametrize(("job", "asked"), [(CHENGDU, WUHOU), (WUHOU, QINGYANG)])
@pytest.mark.parametrize(("organization", "amount"), [("O-1", "150"), ("O-2", None), (None, None)])
def test_the_measure_of_a_unit_pays_its_people_though_a_district_is_asked_in_which_none_of_them_works(
    job: str, asked: str, organization: str | None, amount: str | None
) -> None:
    """R-27."""
    assert paid(works(job, organization), asked, CHENGDU, "O-1") == amount


def test_the_smallest_place_around_two_is_one_of_them_where_the_other_lies_in_it() -> None:
    assert around_both(WUHOU, CHENGDU) == around_both(CHENGDU, WUHOU) == CHENGDU
    assert around_both(WUHOU, QINGYANG) == CHENGDU
    assert around_both(TAIJIANG, XIAMEN) == "350000"
    assert around_both(WUHOU, XIAMEN) == "100000"
