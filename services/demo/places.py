"""The places where demo careers happen: what a ledger's packs say about each, and its districts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid5

from msgspec import Struct, field

from contracts.events.values import NATION, DeterminationId, EmployerType
from contracts.places import lies_in
from contracts.policies.language import Pack, Rule
from contracts.policies.shipped import shipped
from services.core.calendar import ONE_DAY
from services.core.rules.conditions.certificates import CERTIFICATE_LEVELS, HoldsCertificate
from services.core.rules.conditions.registered import Registered
from services.core.rules.conditions.served import Served
from services.core.rules.kinds.kind import Kind
from services.core.rules.kinds.ladder import Ladder
from services.core.rules.kinds.payment import Payment
from services.core.rules.kinds.registry import kind_of_rule
from services.core.rules.kinds.training import Training
from services.core.rules.parts import words_of
from services.core.words.vocabularies import EMPLOYER_TYPES

K = TypeVar("K", bound=Kind)
Event = dict[str, Any]
"""An event, or the body of a standard, as a client would send it."""

DISTRICTS: Mapping[str, Sequence[str]] = {
    "350000": ("350102", "350203", "350503", "350602"),
    "371500": ("371502", "371503", "371521", "371581"),
    "410100": ("410102", "410103", "410104", "410105", "410106", "410108"),
    "510100": ("510104", "510105", "510106", "510107", "510108", "510112", "510114", "510116"),
    "532300": ("532301", "532302", "532322", "532331"),
}
"""Districts of the places that have a document. A place that is missing here is used as a whole."""
COMMON_BANDS: Mapping[str, Sequence[int]] = {"junior": (12, 11), "intermediate": (10, 9, 8), "senior": (7, 6, 5)}
"""Post levels where the place's text has no ladder (N-14)."""
COMMON_YEARLY_HOURS = 30
"""A third of what a registration term requires (N-10), if the place's text requires nothing of a year."""
COMMON_PLATFORM = "社会工作服务平台"
"""Where service is recorded if the place's text names no platform; it follows the place's name."""
STANDARDS_OF_A_PLACE = 3
STANDARD_DAYS = ("2022-07-01", "2024-01-01")
DEMO_AMOUNTS: Mapping[str, int] = {"basic": 100, "junior": 200, "intermediate": 300, "senior": 500}
"""CNY a month, invented for the demo: no document states an amount."""
RAISE = 50
MISTAKE = 2000
"""CNY, by which the standard that was entered by mistake pays more than the first of its district."""
MISTAKEN: Event = {"reason": "金额误登"}
MISTAKEN_FOUND_ON = date(2024, 1, 15)
ADDED_EMPLOYER_TYPE: EmployerType = "social_work_agency"
PAYING_EMPLOYER_TYPE: EmployerType = "urban_community"
ORGANIZATIONS: Mapping[EmployerType, Mapping[str, int]] = {
    "urban_community": {"approved_posts": 2},
    "village": {"approved_posts": 1},
    "public_institution": {"approved_posts": 10},
    "social_organization": {"beds": 150},
    "social_work_agency": {},
    "charity": {},
    "mass_organization": {},
    "government": {},
}
"""By kind, the posts and beds of an organization, invented for the demo."""
FIRST_ON_RECORD = "2000-01-01"
ORGANIZATION_EVENTS = UUID("3d0c8a52-6d0b-5c1e-8f5a-0b6f5e2d9c77")


class Place(Struct, frozen=True):
    """A place as its pack describes it. The levels of a band begin with the lowest, which has the highest number.

    `yearly_hours` are required each year, in `unit`. `tiers` are the certificates with an allowance. Service is
    recorded on `platform`.
    """

    jurisdiction: str
    name: str
    districts: Sequence[str]
    bands: Mapping[str, Sequence[int]] = field(default_factory=lambda: COMMON_BANDS)
    unit: str = "hour"
    yearly_hours: int = COMMON_YEARLY_HOURS
    has_yearly_rule: bool = False
    tiers: Sequence[str] = ()
    asks_registration: bool = False
    platform: str = COMMON_PLATFORM

    @property
    def has_local_test(self) -> bool:
        """Whether the certificate of a local test counts for anything here."""
        return "basic" in self.tiers


def places_within(jurisdiction: str, packs: Iterable[str]) -> tuple[Place, ...]:
    """Return the places of a ledger of this jurisdiction by code, from the shipped packs that it has pinned.

    A ledger whose jurisdiction contains no pack is one place, under the nearest pack around it, or under national rules
    only.
    """
    codes = sorted(set(packs) & set(shipped()) - {NATION})
    inside = [code for code in codes if lies_in(code, jurisdiction)]
    if inside:
        return tuple(place_of(_pack(code)) for code in inside)
    around = [code for code in codes if lies_in(jurisdiction, code)]
    if not around:
        return (Place(jurisdiction, "", (jurisdiction,)),)
    parts = [part for part in DISTRICTS.get(around[-1], ()) if lies_in(part, jurisdiction)]
    return (_place(jurisdiction, _pack(around[-1]), parts or (jurisdiction,)),)


def place_of(pack: Pack) -> Place:
    """Return the place of a pack."""
    code = pack.jurisdiction
    return _place(code, pack, DISTRICTS.get(code, (code,)))


def standards_of(places: Iterable[Place]) -> list[Event]:
    """Return the bodies of the demo's local standards: some districts of each place that has an allowance.

    The last of these adds those who work for agencies from the later day on, and one of its communities pays more.
    """
    bodies = []
    for place in places:
        districts = place.districts[:STANDARDS_OF_A_PLACE] if place.tiers else ()
        for ordinal, district in enumerate(districts):
            measures = [
                _standard(place, district, day, day[:4], RAISE * (ordinal + turn))
                for turn, day in enumerate(STANDARD_DAYS)
            ]
            if ordinal == STANDARDS_OF_A_PLACE - 1:
                measures[-1]["adds_employer_types"] = [ADDED_EMPLOYER_TYPE]
                unit = organization_id(district, PAYING_EMPLOYER_TYPE)
                raised = _standard(place, district, STANDARD_DAYS[-1], "unit", RAISE * (ordinal + 2))
                measures.append({**raised, "organization": unit})
            bodies += measures
    return bodies


def _standard(place: Place, district: str, day: str, name: str, raised_by: int) -> Event:
    return {
        "standard_id": f"demo-{district}-{name}",
        "jurisdiction": district,
        "determination": "allowance",
        "effective_from": day,
        "tiers": {tier: str(DEMO_AMOUNTS[tier] + raised_by) for tier in place.tiers},
        "unit": "CNY_per_month",
    }


def mistaken_of(places: Iterable[Place]) -> list[Event]:
    """Return the bodies of the demo's local standards that were entered by mistake: they are registered and voided."""
    first = next((place for place in places if place.tiers), None)
    return [_standard(first, first.districts[0], STANDARD_DAYS[-1], "mistaken", MISTAKE)] if first else []


def ends_of(places: Iterable[Place]) -> Mapping[str, Event]:
    """Return the ends of the demo's local standards, by the id of the standard: each lasts until its successor."""
    last_day = date.fromisoformat(STANDARD_DAYS[1]) - ONE_DAY
    replaced = (one["standard_id"] for one in standards_of(places) if one["effective_from"] == STANDARD_DAYS[0])
    return {standard_id: {"last_day": last_day.isoformat()} for standard_id in replaced}


def organizations_of(places: Iterable[Place]) -> list[Event]:
    """Return the bodies of the demo's organizations: one of each kind in each district."""
    bodies = []
    for district in dict.fromkeys(district for place in places for district in place.districts):
        for kind, counted in ORGANIZATIONS.items():
            organization = organization_id(district, kind)
            about = {"organization": organization, "name": organization_name(district, kind), "kind": kind}
            event = {"event_id": str(uuid5(ORGANIZATION_EVENTS, organization)), "occurred_on": FIRST_ON_RECORD}
            bodies.append({**event, **about, "jurisdiction": district, **counted})
    return bodies


def organization_id(district: str, kind: str) -> str:
    """Return the id of the demo's organization of a kind in a district."""
    return f"demo-{district}-{kind}"


def organization_name(district: str, kind: EmployerType) -> str:
    """Return the name of the demo's organization of a kind in a district."""
    return f"{district}{EMPLOYER_TYPES[kind][0]}"


def _pack(code: str) -> Pack:
    return shipped()[code].pack


def _place(code: str, pack: Pack, districts: Sequence[str]) -> Place:
    unit, yearly_hours = _yearly_hours(_latest(pack, "continuing_education.annual"))
    allowance = _kind(_latest(pack, "allowance"), Payment)
    words = tuple(words_of(allowance)) if allowance else ()
    named = (platform for word in words if isinstance(word, Served) for platform in word.platforms or ())
    asked = [word.levels or CERTIFICATE_LEVELS for word in words if isinstance(word, HoldsCertificate)]
    return Place(
        jurisdiction=code,
        name=pack.name.zh,
        districts=tuple(districts),
        bands=_bands(_latest(pack, "grade")),
        unit=unit,
        yearly_hours=yearly_hours or COMMON_YEARLY_HOURS,
        has_yearly_rule=yearly_hours is not None,
        tiers=tuple(level for level in CERTIFICATE_LEVELS if any(level in levels for levels in asked)),
        asks_registration=any(isinstance(word, Registered) for word in words),
        platform=next(named, f"{pack.name.zh}{COMMON_PLATFORM}"),
    )


def _latest(pack: Pack, determination: DeterminationId) -> Rule | None:
    """Return the rule of the latest text that has one: an amendment may be a text with a single rule."""
    rules = (edition.rules.get(determination) for edition in pack.editions)
    return next((rule for rule in rules if rule is not None), None)


def _kind(rule: Rule | None, kind: type[K]) -> K | None:
    found = kind_of_rule(rule) if rule else None
    return found if isinstance(found, kind) else None


def _yearly_hours(rule: Rule | None) -> tuple[str, int | None]:
    training = _kind(rule, Training)
    if training is None or not isinstance(training.at_least, str):
        return "hour", None
    return training.unit, int(training.at_least)


def _bands(rule: Rule | None) -> Mapping[str, Sequence[int]]:
    ladder = _kind(rule, Ladder)
    if ladder is None:
        return COMMON_BANDS
    return {band: sorted(levels, reverse=True) for band, levels in ladder.bands.items()}
