"""Plausible careers under the packs. Pure: the same plan gives the same bytes, ids included."""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b
from random import Random

from msgspec import Struct

from services.demo.life import Life
from services.demo.places import Place
from services.demo.story import story, under_a_second_id
from services.demo.telling import Career, CareerBuilder, day_of
from services.runtime.showcase import SHOWCASE

SECOND_ID = "showcase-second-id"
"""Another id under which a few of her records stand, linked to the first (ADR 0027)."""
ENTRY_SHARE = 0.6
"""The share of a demo's years in which people enter, so that even the last of them have a history."""
YEAR_DAYS = 365


class Plan(Struct, frozen=True):
    """What determines a demo. It holds the events learned by the day `until`; lives begin up to `years` years earlier.

    A later day of the same year gives the same events and more after them.
    """

    seed: int
    until: date
    years: int
    places: Sequence[Place]

    @property
    def origin(self) -> str:
        """Distinguishes the careers of this plan from those of others: the seed, the first and the last year."""
        return f"s{self.seed}-{self.until.year - self.years}-{self.until.year}"


def career(plan: Plan, number: int) -> Career:
    """Return the career of practitioner `number`, counted from 1; the first is the showcase."""
    if number == 1:
        telling = CareerBuilder(SHOWCASE, number, SHOWCASE)
        telling.tell_life(story(plan.places))
    else:
        telling = CareerBuilder(f"{plan.origin}-{number:06d}", number, plan.origin)
        first_day = day_of(plan.until.year - plan.years)
        latest_entry = first_day + int(plan.years * YEAR_DAYS * ENTRY_SHARE)
        Life(telling, _random(telling.practitioner_id), plan.places).tell(first_day, latest_entry, plan.until.year)
    return telling.career(plan.until.toordinal())


def careers(plan: Plan, practitioners: int) -> Iterator[Career]:
    """Yield the careers of a demo, the showcase first. People without events by `until` are left out."""
    for number in range(1, practitioners + 1):
        if (told := career(plan, number)).events:
            yield told


def second_id(plan: Plan) -> Career:
    """Return what stands under the second id of the showcase by the day `until`. A ledger must know the first by then.

    It is no career of its own, so `careers` leaves it out.
    """
    telling = CareerBuilder(SECOND_ID, 1, SECOND_ID)
    telling.tell_life(under_a_second_id(plan.places, SHOWCASE))
    return telling.career(plan.until.toordinal())


def _random(text: str) -> Random:
    digest = blake2b(text.encode(), digest_size=8).digest()
    return Random(int.from_bytes(digest))  # noqa: S311 - careers that can be drawn again, no secrets.
