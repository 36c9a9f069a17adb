"""The people on whom a change of a pack is tried: plausible careers of its place, and the pack's examples. Pure.

Nothing here depends on the present day: the same packs give the same people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from contracts.events.revisions import Recorded
from contracts.events.values import LAST_DAY, NATION, Day
from contracts.places import lies_in
from contracts.policies.language import LocalStandard, Pack
from contracts.policies.packs import Shipped
from services.core.authoring.examples import example_standards, example_stream
from services.core.questions.whatif import Cohort, Person
from services.core.rules.book import talents_of
from services.core.rules.local_standards import registered_standards
from services.demo.careers import Plan, careers
from services.demo.forms import recorded
from services.demo.places import Place, place_of, standards_of
from services.demo.portraits import portraits

YEARS_OF_COHORT = 8
YEARS_AHEAD = 3
"""How far beyond the last fact answers are compared: a change may affect future days only."""
ADDED_EMPLOYER_TYPES = ("social_work_agency", "public_institution")
TIERS = {"basic": "100"}
REWARDS = {"junior": "1000", "intermediate": "2000", "senior": "3000"}
"""CNY, monthly and once, invented: no document states an amount."""


def cohort_of(
    place: str, before: Mapping[str, Shipped], after: Mapping[str, Shipped], practitioners: int, seed: int
) -> Cohort:
    """Return the people for the pack of one place. Their lives follow the rules before the change."""
    packs = {code: pinned.pack for code, pinned in sorted({**after, **before}.items())}
    both = [side[place].pack for side in (after, before) if place in side]
    places = [place_of(pack) for code, pack in packs.items() if code != NATION]
    here = [other for other in places if lies_in(other.jurisdiction, place)]
    elsewhere = [other for other in places if other not in here]
    until = date(max(edition.last_verified_on.year for pack in packs.values() for edition in pack.editions), 12, 31)
    # Half of them start here: as many as in all other places together.
    plan = Plan(seed, until, YEARS_OF_COHORT, [*here * max(len(elsewhere), 1), *elsewhere])
    people = [*_careers(plan, practitioners), *_examples(both, talents_of(packs.values()))]
    return Cohort(people, _standards(here, both), _last_day(until, both))


def _careers(plan: Plan, practitioners: int) -> Iterator[Person]:
    for career in careers(plan, practitioners):
        yield Person(
            career.practitioner_id,
            tuple(
                Recorded.today(number, event["event_id"], event["type"], event["occurred_on"], event["data"])
                for number, event in enumerate(career.events, start=1)
            ),
        )


def _examples(packs: Sequence[Pack], talents: Iterable[str]) -> Iterator[Person]:
    """Yield the examples of a pack and of its other version, then the portraits, each history once."""
    seen = set()
    for name, place, events in (*_written(packs), *_drawn(packs[0], talents)):
        if (key := (place, repr(events))) not in seen:
            seen.add(key)
            yield Person(name, events, place)


def _written(packs: Sequence[Pack]) -> Iterator[tuple[str, str, tuple[Recorded, ...]]]:
    for pack in packs:
        for example in pack.examples:
            place = example.jurisdiction or pack.jurisdiction
            yield f"example “{example.name}”", place, example_stream(example.given)


def _drawn(pack: Pack, talents: Iterable[str]) -> Iterator[tuple[str, str, tuple[Recorded, ...]]]:
    """Yield the portraits of each year in which a text of the pack begins."""
    platform = place_of(pack).platform
    for year in sorted({edition.in_force.first_day.year for edition in pack.editions}):
        for name, life in portraits(pack.jurisdiction, year, talents, platform):
            yield f"portrait of {year} “{name}”", pack.jurisdiction, recorded(life)


def _standards(places: Sequence[Place], packs: Sequence[Pack]) -> tuple[LocalStandard, ...]:
    """Return the demo's standards, one that adds employer types, one that rewards an examination, and the examples'."""
    bodies = standards_of(places)
    for place in places:
        about = {"jurisdiction": place.districts[0], "effective_from": "2023-01-01"}
        adds = {"determination": "allowance", "tiers": TIERS, "unit": "CNY_per_month"}
        named = {"standard_id": f"adds-{place.jurisdiction}", "adds_employer_types": ADDED_EMPLOYER_TYPES}
        bodies.append({**about, **adds, **named})
        rewards = {"determination": "reward.exam", "tiers": REWARDS, "unit": "CNY_once"}
        bodies.append({**about, **rewards, "standard_id": f"rewards-{place.jurisdiction}"})
    registered = (
        Recorded.today(position, body["standard_id"], "local_standard.registered", body["effective_from"], body)
        for position, body in enumerate(bodies, start=1)
    )
    written = (example.given for pack in packs for example in pack.examples)
    of_examples = {standard.standard_id: standard for given in written for standard in example_standards(given)}
    return (*registered_standards(registered), *of_examples.values())


def _last_day(until: Day, packs: Sequence[Pack]) -> Day:
    """Return the end of the year in which every day that a pack names has passed, and of some more."""
    named = [
        day
        for pack in packs
        for edition in pack.editions
        for day in (edition.in_force.first_day, edition.in_force.last_day)
        if day is not None
    ]
    return min(LAST_DAY, date(max(until.year + YEARS_AHEAD, max(named).year + 1), 12, 31))
