"""Checks of an indicator: is there an answer from which it can be counted? Pure."""

from collections.abc import Iterator

from contracts.events.values import DeterminationId
from contracts.keys import Path
from contracts.policies.language import Edition, Indicator, OfOrganizations
from services.core.authoring.example_checks import Wrong
from services.core.authoring.part_checks import listed, readings_named, unreadable, wrong_parts
from services.core.authoring.rule_checks import wrong_readings
from services.core.questions.standing import STANDING
from services.core.rules.kinds.registry import ANSWERS, kind_of_rule
from services.core.rules.result import words_of

OF_PEOPLE_ALONE = ("unless_missing", "provided", "share", "by", "without", "target")
"""Members of an indicator that say nothing of organizations."""


def wrong_in_indicator(edition: Edition, indicator: Indicator, at: Path) -> Iterator[Wrong]:
    """Yield every mistake in an indicator."""
    if not indicator.key_terms:
        yield (*at, "key_terms"), "an indicator quotes at least one term of its source"
    yield from unreadable(dict(enumerate(indicator.key_terms)), (*at, "key_terms"))
    yield from wrong_readings(indicator.readings, (*at, "readings"))
    yield from wrong_parts(indicator, at)
    if strange := sorted(readings_named(indicator.interpretation) - set(indicator.readings)):
        yield (*at, "interpretation"), f"names {listed(strange)}, which the indicator does not list"
    if indicator.organizations is not None:
        yield from _in_organizations(indicator, indicator.organizations, at)
    if indicator.determination is not None:
        yield from _of_answers(edition, indicator, indicator.determination, at)
    elif indicator.organizations is None:
        yield (*at, "determination"), "is missing: people are counted by an answer"
    if indicator.deadline and indicator.each_year:
        yield (*at, "deadline"), "must be left out where each_year is given"


def _of_answers(edition: Edition, indicator: Indicator, name: DeterminationId, at: Path) -> Iterator[Wrong]:
    """Yield what the determination does not answer."""
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
    yield from _left_out(edition, indicator, name, at)


def _in_organizations(indicator: Indicator, asked: OfOrganizations, at: Path) -> Iterator[Wrong]:
    """Yield what an indicator of organizations has no use for, and what contradicts itself in it."""
    by_an_answer = ("open", "counted", "having") if indicator.determination is None else ()
    if idle := [name for name in (*OF_PEOPLE_ALONE, *by_an_answer) if getattr(indicator, name)]:
        yield (*at, "organizations"), f"leaves nothing for {listed(idle)} to say"
    inside = (*at, "organizations")
    if not asked.at_least:
        yield (*inside, "at_least"), "is empty"
    if asked.counts != "people" and (asked.roles or indicator.determination):
        yield (*inside, "counts"), "must be people where roles or a determination say who"
    if asked.rounded and not asked.per_hundred:
        yield (*inside, "rounded"), "leaves no remainder without per_hundred"
    if asked.per_hundred and (asked.reckoned == "together" or asked.counts == "organizations"):
        yield (*inside, "per_hundred"), "is asked of each organization, about its people or posts"


def _left_out(edition: Edition, indicator: Indicator, name: DeterminationId, at: Path) -> Iterator[Wrong]:
    """Yield the conditions, fields and values that the indicator names and the determination does not have."""
    rule = edition.rules.get(name)
    conditions = kind_of_rule(rule).outermost if rule else ()
    if indicator.unless_missing and indicator.unless_missing not in conditions:
        yield (*at, "unless_missing"), f"{indicator.unless_missing} is not a condition of {name} here"
    for other, condition in indicator.provided.items():
        of_other = kind_of_rule(edition.rules[other]).outermost if other in edition.rules else ()
        if other not in STANDING or condition not in of_other:
            yield (*at, "provided", other), f"{condition} is not a condition of {other} here"
    values = words_of(ANSWERS[name].result, indicator.by) if indicator.by else ()
    if indicator.by and not values:
        yield (*at, "by"), f"{name} has no field {indicator.by} of a few words"
    if strange := sorted(set(indicator.without) - set(values)):
        yield (*at, "without"), f"{listed(strange)} is not a {indicator.by} of {name}"
    for field, wanted in indicator.having.items():
        if field not in ANSWERS[name].result.__struct_fields__:
            yield (*at, "having", field), f"{name} has no field {field}"
        elif strange := sorted(set(wanted) - {*words_of(ANSWERS[name].result, field), *conditions}):
            yield (*at, "having", field), f"{listed(strange)} is not a {field} of {name}"
