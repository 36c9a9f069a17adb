"""Organizations: what is recorded of each, as it stands on a day (E30)."""

from datetime import date
from typing import Any

import pytest

from contracts.events.codec import InvalidEvent, PersonalDataInText
from contracts.events.revisions import resolve
from services.core.facts.organizations import Organization, organizations_of
from services.demo.lives import Life
from services.ledger.domain.organizations import organization_event
from services.ledger.domain.rejections import OutsideJurisdiction
from tests.lives import CHENGDU, recorded, recorded_organizations, someone

BODY: dict[str, Any] = {
    "event_id": "0190b6a0-8b1c-7c55-8f0e-3d2c1b0a9f8e",
    "occurred_on": "2024-01-01",
    "organization": "O-1",
    "name": "桃蹊路社区",
    "kind": "urban_community",
    "jurisdiction": "510108",
}


def on(life: Life, day: str = "2199-12-31") -> dict[str, Organization]:
    return dict(organizations_of(resolve(recorded_organizations(life)), date.fromisoformat(day)))


def test_the_latest_record_counts_from_its_day_on() -> None:
    life = someone.organization_recorded("2023-01-01", beds=100).organization_recorded("2024-01-01", beds=120)
    assert [on(life, day)["O-1"].beds for day in ("2023-12-31", "2024-01-01")] == [100, 120]
    assert on(life, "2022-12-31") == {}


def test_of_two_records_of_one_day_the_one_recorded_last_counts() -> None:
    life = someone.organization_recorded(approved_posts=2).organization_recorded(approved_posts=3)
    assert on(life)["O-1"].approved_posts == 3


def test_a_record_of_an_earlier_day_that_comes_later_changes_no_later_day() -> None:
    life = someone.organization_recorded("2024-01-01", beds=120).organization_recorded("2023-01-01", beds=100)
    assert on(life)["O-1"].beds == 120


def test_a_record_counts_as_a_whole() -> None:
    life = someone.organization_recorded("2023-01-01", beds=100).organization_recorded("2024-01-01", approved_posts=4)
    assert (on(life)["O-1"].beds, on(life)["O-1"].approved_posts) == (None, 4)


def test_organizations_come_in_order_of_their_ids() -> None:
    life = someone.organization_recorded(organization="b").organization_recorded(organization="a")
    assert [*on(life)] == ["a", "b"]


def test_what_is_recorded_of_an_organization_is_about_nobody() -> None:
    assert recorded(someone.organization_recorded()) == ()


def test_a_body_is_an_event_and_its_data_in_one_flat_object() -> None:
    event = organization_event(CHENGDU, {**BODY, "approved_posts": 3, "source": {"system": "portal"}})
    assert (event.type, str(event.event_id), event.occurred_on) == (
        "organization.recorded",
        BODY["event_id"],
        date(2024, 1, 1),
    )
    assert event.raw["approved_posts"] == 3
    assert event.source == b'{"system":"portal"}'


@pytest.mark.parametrize(
    ("change", "error", "pointer"),
    [
        ({"jurisdiction": "410100"}, OutsideJurisdiction, "/jurisdiction"),
        ({"kind": "castle"}, InvalidEvent, "/kind"),
        ({"beds": -1}, InvalidEvent, "/beds"),
        ({"beds": "12"}, InvalidEvent, "/beds"),
        ({"organization": "_x"}, InvalidEvent, "/organization"),
        ({"occurred_on": "2024-02-30"}, InvalidEvent, "/occurred_on"),
        ({"event_id": "x"}, InvalidEvent, "/event_id"),
        ({"nickname": "x"}, InvalidEvent, "/nickname"),
        ({"name": "联系13812345678"}, PersonalDataInText, "/name"),
        ({"type": "organization.recorded"}, InvalidEvent, "/type"),
    ],
)
def test_a_malformed_or_foreign_organization_is_refused(change: dict[str, Any], error: Any, pointer: str) -> None:
    with pytest.raises(error) as refused:
        organization_event(CHENGDU, {**BODY, **change})
    assert refused.value.pointer == pointer
