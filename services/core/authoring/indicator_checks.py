"""Checks of an indicator: is there an answer from which it can be counted? Pure."""

from collections.abc import Iterator

from contracts.keys import Path
from contracts.policies.language import Edition, Indicator
from services.core.authoring.example_checks import Wrong
from services.core.authoring.part_checks import listed, readings_named, unreadable, wrong_parts
from services.core.authoring.rule_checks import wrong_readings
from services.core.questions.standing import STANDING
from services.core.rules.kinds.registry import ANSWERS, kind_of_rule
from services.core.rules.result import words_of


def wrong_in_indicator(edition: Edition, indicator: Indicator, at: Path) -> Iterator[Wrong]:
    """Yield every mistake in an indicator."""
    name = indicator.determination
    if not indicator.key_terms:
        yield (*at, "key_terms"), "an indicator quotes at least one term of its source"
    yield from unreadable(dict(enumerate(indicator.key_terms)), (*at, "key_terms"))
    yield from wrong_readings(indicator.readings, (*at, "readings"))
    yield from wrong_parts(indicator, at)
    if strange := sorted(readings_named(indicator.interpretation) - set(indicator.readings)):
        yield (*at, "interpretation"), f"names {listed(strange)}, which the indicator does not list"
    if name not in STANDING:
        yield (*at, "determination"), f"{name} has no answer in a standing, from which people are counted"
        return
    if not indicator.counted:
        yield (*at, "counted"), "is empty"
    for key in ("counted", "open"):
        if strange := sorted(set(getattr(indicator, key)) - ANSWERS[name].kind.STATUSES):
            yield (*at, key), f"{name} is never {listed(strange)}"
    if both := sorted(set(indicator.counted) & set(indicator.open)):
        yield (*at, "open"), f"{listed(both)} is counted already"
    yield from _left_out(edition, indicator, at)
    if indicator.deadline and indicator.each_year:
        yield (*at, "deadline"), "must be left out where each_year is given"


def _left_out(edition: Edition, indicator: Indicator, at: Path) -> Iterator[Wrong]:
    """Yield the conditions, fields and values that the indicator names and the determination does not have."""
    name = indicator.determination
    rule = edition.rules.get(name)
    conditions = kind_of_rule(rule).outermost if rule else ()
    if indicator.unless_missing and indicator.unless_missing not in conditions:
        yield (*at, "unless_missing"), f"{indicator.unless_missing} is not a condition of {name} here"
    values = words_of(ANSWERS[name].result, indicator.by) if indicator.by else ()
    if indicator.by and not values:
        yield (*at, "by"), f"{name} has no field {indicator.by} of a few words"
    if strange := sorted(set(indicator.without) - set(values)):
        yield (*at, "without"), f"{listed(strange)} is not a {indicator.by} of {name}"
