"""`served`: has records of service."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, Meta

from contracts.events.values import Day
from contracts.folding import folded
from services.core.calendar import AskedDay, leaving_day_after
from services.core.facts.facts import Facts, Service
from services.core.rules.needs import ConditionNeed, ServiceRecordNeed, ServiceRecordsNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.terms import Calendar, Months
from services.core.rules.verdict import Verdict

MAX_FOLDED_PLATFORMS = 16_384
"""Names of platforms whose folded form is remembered: a ledger has few, written in a few ways."""
Records = Annotated[int, Meta(ge=1, le=100)]
"""A number of service records."""


class Served(Word, frozen=True):
    """Has a service record, or `at_least` several, within the last `within_months`; the same day that long ago is out.

    With `verified`, only verified records count; with `platforms`, only those on one of them, however it is written.
    """

    FOR_REVIEW: ClassVar = "service_records_in_question"
    within_months: Months | None = None
    at_least: Records | None = None
    verified: bool = False
    platforms: tuple[str, ...] | None = None

    def compile(self, context: Context) -> Check:
        gone, number, fits = day_record_stops_counting(self, context), self.at_least or 1, _fitting(self)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            records = [record for record in facts.services if fits(record)]
            days = [record.day for record in records]
            latest = day.latest_if_enough(number, days, gone)
            if latest is not None:
                return Verdict("met", None, records[latest].sources)
            some = day.latest_if_enough(1, days, gone) if number > 1 else None
            if some is None:
                return Verdict("not_met", "no_recent_service_record")
            return Verdict("not_met", "too_few_service_records", records[some].sources)

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a record, or so many; how many count on the day, or when the last was recorded."""
        months = UNSET if self.within_months is None else self.within_months
        asks = {"verified": self.verified, "platforms": self.platforms or (), "within_months": months}
        members: dict[str, Any] = {**asks, **lack.members()}
        fits = _fitting(self)
        days = [record.day for record in lack.facts.services if fits(record)]
        on = AskedDay(lack.as_of)
        before = [day for day in days if on.reached(day)]
        if self.at_least not in (None, 1):
            gone = day_record_stops_counting(self, lack.context)
            counted = [day for day in before if not (gone and on.reached(gone(day)))]
            yield ServiceRecordsNeed(
                code="service_records_ever" if months is UNSET else "service_records",
                at_least=self.at_least or 1,
                counted=len(counted),
                **members,
            )
        elif months is UNSET:
            yield ServiceRecordNeed(code="service_record_ever", **members)
        elif before:
            yield ServiceRecordNeed(code="service_record_old", last_recorded_on=before[-1], **members)
        else:
            yield ServiceRecordNeed(code="service_record", **members)


def day_record_stops_counting(spec: Served, context: Context) -> Callable[[Day], Day] | None:
    """Return a function from the day of a record to the first day on which it no longer counts; None if it always
    does."""
    if spec.within_months is None:
        return None
    return leaving_day_after(spec.within_months, round_up=context.term(Calendar).round_up)


def _fitting(spec: Served) -> Callable[[Service], bool]:
    """Return the function that says whether a record is one that counts, whatever its day."""
    named = None if spec.platforms is None else frozenset(map(folded, spec.platforms))

    def fits(record: Service) -> bool:
        if spec.verified and not record.verified:
            return False
        return named is None or _folded(record.platform) in named

    return fits


_folded = lru_cache(MAX_FOLDED_PLATFORMS)(folded)
