"""Pack documents to packs, checked; packs of a place composed with what lies around it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

import msgspec

from contracts.events.values import FIRST_DAY, LAST_DAY
from services.projections.facts.windows import parents
from services.projections.policy.evaluate import PinnedPack, Rules
from services.projections.policy.forms import FORMS
from services.projections.policy.operators import OPERATORS
from services.projections.policy.pack import Condition, LocalStandard, Pack, Rule
from services.projections.policy.readings import ALTERNATIVES, KNOWN_READINGS


class InvalidPackError(ValueError):
    """A pack says something that no evaluation could mean."""


def load_pack(document: bytes) -> Pack:
    """Return the pack of a canonical document. Raises InvalidPackError naming the place and the key."""
    try:
        pack = msgspec.json.decode(document, type=Pack)
    except msgspec.ValidationError as error:
        raise InvalidPackError(str(error)) from error
    _check_editions(pack)
    for edition in pack.editions:
        for name, rule in edition.determinations.items():
            _check_rule(rule, f"{pack.jurisdiction} {edition.edition} {name}")
    return pack


def compose(jurisdiction: str, pinned: Mapping[str, PinnedPack], standards: Iterable[LocalStandard]) -> Rules:
    """Return the rules of a place: a district inherits its city, a city its province, everything the nation."""
    chain = tuple(pinned[code] for code in parents(jurisdiction) if code in pinned)
    return Rules(jurisdiction, chain, tuple(standards))


def _check_editions(pack: Pack) -> None:
    if not pack.editions:
        raise InvalidPackError(f"{pack.jurisdiction}: a pack has at least one edition")
    for newer, older in pairwise(pack.editions):
        if not (older.in_force.last_day or LAST_DAY) < newer.in_force.first_day:
            raise InvalidPackError(f"{pack.jurisdiction}: editions {newer.edition} and {older.edition} overlap")
    for edition in pack.editions:
        if (edition.in_force.last_day or LAST_DAY) < (edition.in_force.first_day or FIRST_DAY):
            raise InvalidPackError(f"{pack.jurisdiction} {edition.edition}: ends before it begins")
        for other in edition.in_force.alternatives:
            if other.reading not in edition.readings or other.choice not in ALTERNATIVES.get(other.reading, ()):
                raise InvalidPackError(f"{pack.jurisdiction} {edition.edition}: {other.reading} is no reading of it")


def _check_rule(rule: Rule, where: str) -> None:
    if sum(getattr(rule, form) is not None for form in FORMS) != 1:
        raise InvalidPackError(f"{where}: a rule has exactly one of {', '.join(FORMS)}")
    if unknown := [reading for reading in rule.readings if reading not in KNOWN_READINGS]:
        raise InvalidPackError(f"{where}: {', '.join(unknown)} is not in the readings register")
    if rule.ladder:
        counted = Counter(level for band in rule.ladder.bands for level in band.post_levels)
        if twice := [level for level, times in counted.items() if times > 1]:
            raise InvalidPackError(f"{where}: post levels {twice} stand in two bands")
    for name, condition in _conditions(rule):
        if sum(getattr(condition, operator) is not None for operator in OPERATORS) != 1:
            raise InvalidPackError(f"{where} {name}: a condition has exactly one of {', '.join(OPERATORS)}")


def _conditions(rule: Rule) -> Iterable[tuple[str, Condition]]:
    if rule.allowance:
        yield from rule.allowance.conditions.items()
    if rule.entitlement:
        yield from rule.entitlement.any_of.items()
    if rule.hours and rule.hours.applies_to:
        yield "applies_to", rule.hours.applies_to
