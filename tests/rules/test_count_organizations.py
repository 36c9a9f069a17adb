"""Figures that are counted in organizations: posts and people of each, against what the text asks of it."""

from datetime import date
from typing import Any

import msgspec
import pytest

from contracts.document import plain
from contracts.events.revisions import resolve
from services.core.calendar import AskedDay
from services.core.facts.organizations import organizations_of
from services.core.facts.place import place_on
from services.core.questions.count import classify, indicators_of, share
from services.core.questions.count_organizations import OrganizationCount, OrganizationLine, working_on
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from services.demo.lives import Life
from tests.lives import NATION, PINNED, facts_of, recorded_organizations, rules_of, someone

CHENGDU_DISTRICT, CHUXIONG_COUNTY, ZHENGZHOU_DISTRICT, XIAMEN = "510107", "532301", "410103", "350203"


def counted(id_: str, as_of: str, organizations: Life, *people: Life, unreadable: int = 0) -> OrganizationCount:
    [dated] = [one for one in indicators_of(PINNED.values(), date.fromisoformat(as_of)) if one.id == id_]
    day = dated.decided_on
    result = OrganizationCount(dated, organizations_of(resolve(recorded_organizations(organizations)), day), unreadable)
    for number, life in enumerate(people, start=1):
        facts, counts = facts_of(life), True
        if name := dated.indicator.determination:
            node = evaluate(rules_of(place_on(facts, day, NATION)), facts, Question(name, day)).node
            counts = classify(dated.indicator, node.status, plain(node.result)).counted_as == "counted"
        result.add(working_on(f"P-{number}", facts, AskedDay(day), counts))
    return result


def figure(id_: str, as_of: str, organizations: Life, *people: Life) -> dict[str, Any]:
    return counted(id_, as_of, organizations, *people).figure()


def line(id_: str, as_of: str, organizations: Life, *people: Life) -> OrganizationLine:
    [only] = counted(id_, as_of, organizations, *people).lines()
    return only


def organization(kind: str, place: str, id_: str = "O-1", **more: Any) -> Life:
    return someone.organization_recorded("2020-01-01", id_, kind=kind, jurisdiction=place, **more)


def in_post(place: str, kind: str, on: str = "2021-01-01", series: str | None = None, id_: str | None = "O-1") -> Life:
    job = someone.employed("2020-06-01", place, employer_type=kind, role="social_worker", organization=id_)
    return job.promoted(on, 12, series=series)


# CD-16: posts set by each community and village.


@pytest.mark.parametrize(
    ("kind", "posts", "status"),
    [
        ("urban_community", 2, "met"),
        ("urban_community", 1, "not_met"),
        ("village", 1, "met"),
        ("village", 0, "not_met"),
        ("village", None, "needs_review"),
    ],
)
def test_a_community_sets_two_posts_and_a_village_one(kind: str, posts: int | None, status: str) -> None:
    """CD-16: 其中社区至少设置2个,建制村至少设置1个."""
    report = figure("I-08", "2024-06-30", organization(kind, CHENGDU_DISTRICT, approved_posts=posts))
    assert (report["status"], report[status], report["organizations"]) == (status, 1, 1)


def test_a_vacant_post_is_set_and_those_held_are_told_beside_it() -> None:
    told = line(
        "I-08",
        "2024-06-30",
        organization("urban_community", CHENGDU_DISTRICT, approved_posts=2),
        in_post(CHENGDU_DISTRICT, "urban_community"),
        in_post(CHENGDU_DISTRICT, "urban_community", series="other"),
    )
    assert (told.status, told.counted, told.posts_held, told.people) == ("met", 2, 2, ("P-1",))


def test_one_community_short_is_enough_for_the_whole_not_to_be_met() -> None:
    two = organization("urban_community", CHENGDU_DISTRICT, approved_posts=2) + organization(
        "village", CHENGDU_DISTRICT, "O-2", approved_posts=0
    )
    report = figure("I-08", "2024-06-30", two)
    assert (report["status"], report["met"], report["not_met"], report["below"]) == ("not_met", 1, 1, 1)


def test_organizations_of_other_places_and_kinds_are_none_of_the_figure() -> None:
    others = organization("urban_community", ZHENGZHOU_DISTRICT) + organization("enterprise", CHENGDU_DISTRICT, "O-2")
    report = figure("I-08", "2024-06-30", others)
    assert (report["organizations"], report["status"]) == (0, None)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2022-02-28", "not_in_force"), ("2022-03-01", "met"), ("2027-02-28", "met"), ("2027-03-01", "not_in_force")],
)
def test_posts_are_asked_for_while_the_text_is_in_force(as_of: str, status: str) -> None:
    report = figure("I-08", as_of, organization("village", CHENGDU_DISTRICT, approved_posts=1))
    assert report["status"] == status


# CX-27: 70 % of the posts of an institution.


@pytest.mark.parametrize(("approved", "status"), [(2, "met"), (3, "needs_review")])
def test_seventy_of_a_hundred_posts_and_below_that_a_person_decides(approved: int, status: str) -> None:
    """CX-27: two social work posts held are 100 % of two and 66 % of three; a vacant one may make up for it."""
    held = in_post(CHUXIONG_COUNTY, "public_institution")
    institution = organization("public_institution", CHUXIONG_COUNTY, approved_posts=approved)
    report = figure("I-05", "2024-06-30", institution, held, held)
    assert (report["status"], report["counted"], report["of"]) == (status, 2, approved)
    assert report["ratio"] == {2: "1.0000", 3: "0.6666"}[approved]


@pytest.mark.parametrize(("held", "status"), [(7, "met"), (6, "needs_review")])
def test_exactly_seventy_percent_is_enough(held: int, status: str) -> None:
    people = [in_post(CHUXIONG_COUNTY, "public_institution")] * held
    told = line("I-05", "2024-06-30", organization("public_institution", CHUXIONG_COUNTY, approved_posts=10), *people)
    assert (told.status, told.required, told.of) == (status, 7, 10)


def test_a_post_of_another_series_is_held_and_none_of_social_work() -> None:
    """R-32: without a series it is taken as a social work post."""
    told = line(
        "I-05",
        "2024-06-30",
        organization("public_institution", CHUXIONG_COUNTY, approved_posts=3),
        in_post(CHUXIONG_COUNTY, "public_institution", series="social_work"),
        in_post(CHUXIONG_COUNTY, "public_institution"),
        in_post(CHUXIONG_COUNTY, "public_institution", series="other"),
    )
    assert (told.counted, told.posts_held, told.people) == (2, 3, ("P-1", "P-2"))


def test_without_approved_posts_on_record_there_is_no_share() -> None:
    told = line("I-05", "2024-06-30", organization("public_institution", CHUXIONG_COUNTY))
    assert (told.status, told.because, told.required) == ("needs_review", "approved_posts_unknown", None)


@pytest.mark.parametrize(
    ("as_of", "held"), [("2020-12-31", 0), ("2021-01-01", 1), ("2023-06-30", 1), ("2023-07-01", 0)]
)
def test_a_post_is_held_from_its_first_day_to_its_last(as_of: str, held: int) -> None:
    """CX-35: the text begins on 2021-07-12, and a figure of an earlier day has its facts all the same."""
    person = in_post(CHUXIONG_COUNTY, "public_institution").promotion_ended("2023-06-30")
    institution = organization("public_institution", CHUXIONG_COUNTY, approved_posts=1)
    assert line("I-05", as_of, institution, person).counted == held


# ZZ-05: a social worker for every hundred beds.


@pytest.mark.parametrize(
    ("beds", "status", "required", "rounded_up"),
    [
        (99, "met", 0, 1),
        (100, "met", 1, 1),
        (199, "met", 1, 2),
        (200, "not_met", 2, 2),
    ],
)
def test_a_remainder_under_a_hundred_beds_is_left_out_and_told(
    beds: int, status: str, required: int, rounded_up: int
) -> None:
    """R-28: required = floor(beds/100), and ceil is shown."""
    home = organization("social_organization", ZHENGZHOU_DISTRICT, beds=beds)
    worker = someone.employed(
        "2020-06-01",
        ZHENGZHOU_DISTRICT,
        employer_type="social_organization",
        role="social_worker",
        organization="O-1",
    )
    told = line("I-15", "2024-06-30", home, worker)
    assert (told.status, told.counted, told.required, told.required_rounded_up) == (status, 1, required, rounded_up)
    report = figure("I-15", "2024-06-30", home, worker)
    assert (report["status"], report["below_rounded_up"]) == (status, int(rounded_up > 1))
    assert report["ratio"] == share(1, beds)


def test_who_is_no_social_worker_counts_for_no_bed() -> None:
    cook = someone.employed(
        "2020-06-01", ZHENGZHOU_DISTRICT, employer_type="enterprise", role="other", organization="O-1"
    )
    assert line("I-15", "2024-06-30", organization("enterprise", ZHENGZHOU_DISTRICT, beds=100), cook).counted == 0


def test_an_organization_without_beds_is_left_out() -> None:
    report = figure("I-15", "2024-06-30", organization("enterprise", ZHENGZHOU_DISTRICT))
    assert (report["organizations"], report["excluded"], report["status"]) == (0, {"beds_unknown": 1}, None)


@pytest.mark.parametrize("named", [None, "O-9"])
def test_while_it_is_not_known_where_somebody_works_nothing_is_missed(named: str | None) -> None:
    worker = someone.employed(
        "2020-06-01", ZHENGZHOU_DISTRICT, employer_type="charity", role="social_worker", organization=named
    )
    home = organization("charity", ZHENGZHOU_DISTRICT, beds=100)
    report = figure("I-15", "2024-06-30", home, worker)
    why = "organization_unsaid" if named is None else "organization_unknown"
    assert (report["status"], report["people_left_out"]) == ("needs_review", {why: 1})
    assert figure("I-15", "2024-06-30", home)["status"] == "not_met"


def test_while_somebody_cannot_be_read_nothing_is_missed() -> None:
    home = organization("charity", ZHENGZHOU_DISTRICT, beds=100)
    report = counted("I-15", "2024-06-30", home, unreadable=1).figure()
    assert (report["status"], report["unreadable"]) == ("needs_review", 1)


def test_who_works_in_two_organizations_counts_in_each_and_once() -> None:
    two = organization("charity", ZHENGZHOU_DISTRICT, beds=100) + organization(
        "charity", ZHENGZHOU_DISTRICT, "O-2", beds=100
    )
    job = {"employer_type": "charity", "role": "social_worker"}
    person = (
        someone.employed("2020-06-01", ZHENGZHOU_DISTRICT, organization="O-1", **job)
        .employed("2020-07-01", ZHENGZHOU_DISTRICT, organization="O-2", concurrent=True, **job)
        .employed("2020-08-01", ZHENGZHOU_DISTRICT, organization="O-2", concurrent=True, **job)
    )
    assert [told.counted for told in counted("I-15", "2024-06-30", two, person).lines()] == [1, 1]


# FJ-02: five talents for the average urban community.

TWO_COMMUNITIES = organization("urban_community", XIAMEN) + organization("urban_community", XIAMEN, "O-2")


def holder(id_: str, on: str = "2020-10-18") -> Life:
    return someone.employed("2020-06-01", XIAMEN, organization=id_).certified(on)


@pytest.mark.parametrize(
    ("first", "second", "as_of", "mean", "below", "status"),
    [
        (8, 2, "2025-12-31", "5.0000", 1, "met"),
        (8, 1, "2025-12-31", "4.5000", 1, "needs_review"),
        (8, 1, "2025-12-30", "4.5000", 1, "pending"),
        (5, 5, "2025-12-30", "5.0000", 0, "met"),
    ],
)
def test_the_mean_is_taken_over_the_communities_and_those_below_are_told(
    first: int, second: int, as_of: str, mean: str, below: int, status: str
) -> None:
    """R-30; who else is talent is not known, so too few is for a person to judge."""
    people = [holder("O-1")] * first + [holder("O-2")] * second
    report = figure("I-22", as_of, TWO_COMMUNITIES, *people)
    assert (report["ratio"], report["below"], report["status"]) == (mean, below, status)


def test_the_deadline_decides_who_is_counted() -> None:
    late = holder("O-1", "2026-01-01")
    assert figure("I-22", "2026-06-30", TWO_COMMUNITIES, late)["counted"] == 0


# ZZ-02: 240 organizations.


@pytest.mark.parametrize(("number", "status"), [(240, "met"), (239, "needs_review")])
def test_the_organizations_of_the_place_are_counted_together(number: int, status: str) -> None:
    """Nothing says that all are on record, so too few is for a person to judge."""
    agencies = sum(
        (organization("social_work_agency", ZHENGZHOU_DISTRICT, f"A-{one}") for one in range(number)), someone
    )
    report = figure("I-13", "2025-12-31", agencies)
    assert (report["counted"], report["organizations"], report["status"]) == (number, number, status)
    assert figure("I-13", "2025-12-30", agencies)["status"] == ("met" if status == "met" else "pending")


@pytest.mark.parametrize("id_", ["I-05", "I-08", "I-13", "I-15", "I-22"])
@pytest.mark.parametrize("as_of", ["2024-06-30", "2026-06-01"])
def test_of_an_empty_register_nothing_is_said(id_: str, as_of: str) -> None:
    report = figure(id_, as_of, someone)
    assert (report["counted"], report["status"]) == (0, None)


def test_an_organization_recorded_later_is_not_missed_before() -> None:
    later = someone.organization_recorded("2026-03-01", "A-2", kind="social_work_agency", jurisdiction="410103")
    assert figure("I-13", "2026-06-01", later)["status"] is None
    both = organization("social_work_agency", ZHENGZHOU_DISTRICT, "A-1") + later
    report = figure("I-13", "2026-06-01", both)
    assert (report["counted"], report["status"]) == (1, "needs_review")


def test_whose_work_shows_that_an_agency_is_missing_is_told() -> None:
    job = {"employer_type": "social_work_agency", "role": "other"}
    people = [
        someone.employed("2020-06-01", ZHENGZHOU_DISTRICT, organization=id_, **job) for id_ in ("A-1", "A-9", None)
    ]
    report = figure("I-13", "2026-06-01", organization("social_work_agency", ZHENGZHOU_DISTRICT, "A-1"), *people)
    assert report["people_left_out"] == {"organization_unknown": 1, "organization_unsaid": 1}
    assert report["status"] == "needs_review"


# How far the record of organizations goes.

COMMUNITY = "urban_community"


def test_while_a_community_may_be_missing_those_on_record_do_not_say_that_each_has_its_posts() -> None:
    """CD-16: nobody knows how many posts C-77 sets; that one on record is short is known all the same."""
    elsewhere = in_post(CHENGDU_DISTRICT, COMMUNITY, id_="C-77")
    for posts, alone, beside in ((2, "met", "needs_review"), (1, "not_met", "not_met")):
        community = organization(COMMUNITY, CHENGDU_DISTRICT, approved_posts=posts)
        assert figure("I-08", "2024-06-30", community)["status"] == alone
        report = figure("I-08", "2024-06-30", community, elsewhere)
        assert (report["status"], report[alone]) == (beside, 1)
        assert report["people_left_out"] == {"organization_unknown": 1}


@pytest.mark.parametrize("holders", [5, 4])
@pytest.mark.parametrize("as_of", ["2025-12-30", "2025-12-31"])
def test_the_mean_over_a_part_of_the_communities_says_nothing_of_all(holders: int, as_of: str) -> None:
    """FJ-02, R-30: with three communities more, of one holder each, five become a mean of two."""
    one = organization(COMMUNITY, XIAMEN)
    others = [holder(id_) for id_ in ("C-2", "C-3", "C-4")]
    partial = figure("I-22", as_of, one, *[holder("O-1")] * holders, *others)
    assert (partial["status"], partial["people_left_out"]) == (None, {"organization_unknown": 3})
    whole = sum((organization(COMMUNITY, XIAMEN, id_) for id_ in ("C-2", "C-3", "C-4")), one)
    report = figure("I-22", as_of, whole, *[holder("O-1")] * 5, *others)
    assert (report["ratio"], report["people_left_out"]) == ("2.0000", {})


def test_whoever_works_in_a_community_not_on_record_shows_that_it_is_missing() -> None:
    """The clerk of C-77 holds no certificate: the mean counts C-77 all the same. Of an unnamed one it says nothing."""
    one, five = organization(COMMUNITY, XIAMEN), [holder("O-1")] * 5
    clerk = {"employer_type": COMMUNITY, "role": "other"}
    for id_, status, left_out in (("C-77", None, {"organization_unknown": 1}), (None, "met", {})):
        report = figure(
            "I-22", "2025-12-31", one, *five, someone.employed("2020-06-01", XIAMEN, organization=id_, **clerk)
        )
        assert (report["status"], report["people_left_out"]) == (status, left_out)


def test_who_works_for_another_kind_or_elsewhere_shows_no_gap() -> None:
    others = in_post(CHENGDU_DISTRICT, "enterprise", id_="E-1"), in_post(XIAMEN, COMMUNITY, id_="C-77")
    report = figure("I-08", "2024-06-30", organization(COMMUNITY, CHENGDU_DISTRICT, approved_posts=2), *others)
    assert (report["status"], report["people_left_out"]) == ("met", {})


@pytest.mark.parametrize(("role", "status"), [("social_worker", "needs_review"), ("other", "met")])
def test_only_a_social_worker_shows_that_a_home_may_be_missing(role: str, status: str) -> None:
    """ZZ-05 speaks of homes alone, and an enterprise is one by its beds."""
    home = organization("enterprise", ZHENGZHOU_DISTRICT, beds=99)
    job = {"employer_type": "enterprise", "role": role, "organization": "E-9"}
    assert figure("I-15", "2024-06-30", home, someone.employed("2020-06-01", "410103", **job))["status"] == status


@pytest.mark.parametrize(
    ("id_", "as_of", "status"), [("I-08", "2024-06-30", "needs_review"), ("I-22", "2026-01-01", None)]
)
def test_while_somebody_cannot_be_read_nothing_is_complete(id_: str, as_of: str, status: str | None) -> None:
    place = {"I-08": CHENGDU_DISTRICT, "I-22": XIAMEN}[id_]
    one = organization(COMMUNITY, place, approved_posts=2)
    assert counted(id_, as_of, one, *[holder("O-1")] * 5).figure()["status"] == "met"
    assert counted(id_, as_of, one, *[holder("O-1")] * 5, unreadable=1).figure()["status"] == status


def test_every_figure_of_organizations_can_be_written_as_json() -> None:
    report = figure("I-05", "2024-06-30", organization("public_institution", CHUXIONG_COUNTY, approved_posts=1))
    assert msgspec.json.decode(msgspec.json.encode(report)) == report
