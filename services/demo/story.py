"""One career written by hand, the same for every seed."""

from collections.abc import Sequence
from typing import Any

from services.demo.lives import Life, someone
from services.demo.places import Place

ROLE = "full_time_community_worker"
PROVIDER = "社会工作协会"


def story(places: Sequence[Place]) -> Life:
    """Return the life of a community worker who passes the examinations beside the work.

    It takes time until her records are right. She registers in 2019 and lets it lapse on 2 December 2022; only on 13
    May 2024 is she registered again. In 2022 she trains 59.5 hours, half an hour short of 60 a year and, with the years
    before, of 90 in the term. On 1 March 2024 a correction says that 20 hours were recorded as 19.5: what was not met
    is met, and always was. On 1 April 2022 she is promoted to an intermediate post with a junior certificate; from 20
    October 2022 it conforms. On 1 March 2024 she moves to a place that requires a registration, if the ledger has one.
    """
    first, second = _places_of(places)
    return _begins(first) + _is_promoted_too_early(first) + _moves_on(second)


def under_a_second_id(places: Sequence[Place], linked_to: str) -> Life:
    """Return what is recorded of her under a second id, which she was given by mistake where she moves to.

    From 2 March 2026 on a link says that both ids are hers, and what stands under this one counts for her too.
    """
    _, second = _places_of(places)
    return (
        someone.enrolled("2025-10-13", jurisdiction=second.jurisdiction)
        .served("2025-11-08", **_task(second))
        .trained("2025-12-05", "6", unit=second.unit, provider=PROVIDER, course="老年社会工作")
        .linked(linked_to, on="2026-03-02")
    )


def _places_of(places: Sequence[Place]) -> tuple[Place, Place]:
    """Return the place where she begins, and the one to which she moves."""
    first = next((place for place in places if place.has_yearly_rule), places[0])
    # Of several, the place whose allowance has the most tiers: it shows the most.
    asking = (place for place in places if place.asks_registration)
    return first, max(asking, key=lambda place: len(place.tiers), default=first)


def _begins(place: Place) -> Life:
    hours = {"unit": place.unit, "provider": PROVIDER}
    return (
        someone.enrolled("2018-07-02", jurisdiction=place.jurisdiction)
        .graduated("2018-07-03", field="sociology")
        .employed("2018-07-16", place.districts[0], role=ROLE)
        .passed("2019-06-15", "comprehensive", score="68")
        .passed("2019-06-15", "practice", score="68")
        .certified("2019-10-18")
        .registered("2019-12-02", "2022-12-01")
        .trained("2020-09-11", "10", course="老年社会工作", **hours)
        .promoted("2021-03-01", **_post(place, "junior", "助理社会工作师"))
        .passed("2021-06-12", "comprehensive", "intermediate", score="68")
        .passed("2021-06-12", "practice", "intermediate", score="68")
        .trained("2021-10-15", "20", course="社区工作方法", **hours)
    )


def _is_promoted_too_early(place: Place) -> Life:
    hours = {"unit": place.unit, "provider": PROVIDER}
    return (
        someone.promoted("2022-04-01", **_post(place, "intermediate", "社会工作师"))
        .trained("2022-05-20", "40", started_on="2022-05-16", course="个案工作实务", **hours)
        .passed("2022-06-18", "law_and_policy", "intermediate", score="68")
        .certified("2022-10-20", "intermediate")
        .trained("2022-11-18", "19.5", course="社会工作伦理", **hours, called="half an hour short")
        .trained("2023-04-14", "32", started_on="2023-04-11", course="小组工作方法", **hours)
        .served("2023-08-05", **_task(place))
        .trained("2023-09-22", "28", started_on="2023-09-19", course="儿童社会工作", **hours)
    )


def _moves_on(place: Place) -> Life:
    hours = {"unit": place.unit, "provider": PROVIDER}
    return (
        someone.corrected("half an hour short", on="2024-03-01", amount="20", because="证明所载为20，登记时误为19.5")
        .employed("2024-03-01", place.districts[0], role=ROLE)
        .promoted("2024-04-01", **_post(place, "intermediate", "社会工作师"))
        .served("2024-04-20", **_task(place))
        .registered("2024-05-13", "2027-05-12", is_first=False)
        .trained("2024-08-30", "36", started_on="2024-08-26", course="督导实务", **hours)
        .assessed("2024-03-01", "2025-12-31", on="2025-01-15", result="优秀")
        .served("2025-03-15", **_task(place))
        .trained("2025-06-20", "30", started_on="2025-06-17", course="社会工作伦理", **hours)
        .assessed("2025-01-01", "2026-12-31", on="2026-01-16", result="优秀")
        .served("2026-02-10", **_task(place))
        .trained("2026-06-12", "30", started_on="2026-06-09", course="个案工作实务", **hours)
    )


def _post(place: Place, band: str, title: str) -> dict[str, Any]:
    post_level = place.bands[band][0]
    return {"post": f"{title}（{post_level}级）", "post_level": post_level, "method": "竞争上岗"}


def _task(place: Place) -> dict[str, Any]:
    return {"platform": place.platform, "hours": "3", "task": "帮困扶弱"}
