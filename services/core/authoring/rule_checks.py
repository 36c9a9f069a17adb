"""Checks of a rule: does it answer its question, and is what is told about it told of its parts? Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Literal, TypeAlias

from contracts.events.values import END, NATION
from contracts.keys import Path
from contracts.policies.language import Edition, Pack, Rule
from contracts.policies.readings import KNOWN_READINGS
from services.core.authoring.example_checks import Wrong
from services.core.authoring.part_checks import listed, repeats, unreadable, wrong_parts
from services.core.authoring.variants import parts_in
from services.core.rules.combine import names_of, parts_of
from services.core.rules.conditions.certificates import HoldsCertificate, Recognized
from services.core.rules.conditions.employed import Employed
from services.core.rules.conditions.measured import Measured
from services.core.rules.conditions.registered import Registered
from services.core.rules.conditions.trained import Trained
from services.core.rules.kinds.entitlement import Entitlement
from services.core.rules.kinds.exam_entry import ExamEntry
from services.core.rules.kinds.kind import Kind
from services.core.rules.kinds.ladder import Ladder
from services.core.rules.kinds.payment import Payment
from services.core.rules.kinds.registry import ANSWERS
from services.core.rules.kinds.training import Training
from services.core.rules.kinds.undefined import Undefined
from services.core.rules.parts import Named, words_of

Given: TypeAlias = Literal["certificate", "work"]
"""What a part may give to one after it."""
OF_THE_RULE = "rule"
"""The name under which the sentence of a rule stands."""
AT_LEAST = "R-03"
"""The reading behind every figure that hours must reach. It has no alternative, so it stands in no choice."""

_name = re.compile(f"[a-z][a-z_]*(:[a-z_]+)?{END}")


def wrong_in_rule(pack: Pack, edition: Edition, name: str, kinds: Sequence[Kind], at: Path) -> Iterator[Wrong]:
    """Yield every mistake in a rule. `kinds` is its kind under its readings, and then under each alternative."""
    if name not in ANSWERS:
        yield at, f"{name} is not a determination"
        return
    rule = edition.rules[name]  # type: ignore[index]  # The id is one of the closed vocabulary.
    yield from _answers(pack, name, rule, kinds[0], at)
    if rule.document is not None:
        yield from unreadable({"document": rule.document}, at)
    if twice := repeats(rule.further_clauses):
        yield (*at, "further_clauses"), f"{listed(twice)} is listed twice"
    yield from wrong_readings(rule.readings, (*at, "readings"))
    if AT_LEAST not in rule.readings and any(
        isinstance(part, Training | Trained) for part, _ in parts_in(kinds[0], ())
    ):
        yield (*at, "readings"), f"hours are read by {AT_LEAST}, which the rule does not list"
    yield from _told(rule, kinds, (*at, "told"))
    yield from wrong_parts(rule.told, (*at, "told"))


def _answers(pack: Pack, name: str, rule: Rule, kind: Kind, at: Path) -> Iterator[Wrong]:
    answers, where = ANSWERS[name], (*at, rule.kind)
    if isinstance(kind, Undefined):
        if pack.jurisdiction == NATION:
            yield where, "a national rule is never undefined"
        if kind.tells and answers.kind is not Ladder:
            yield (*where, "tells"), f"{name} tells no post"
    elif not isinstance(kind, answers.kind):
        yield where, f"the kind {rule.kind} does not answer {name}"
    elif kind.gives is not answers.result:
        yield where, f"what is held, and with which titles, does not answer {name}"


def wrong_readings(readings: Sequence[str], at: Path) -> Iterator[Wrong]:
    """Yield the readings that the register does not have, and those listed twice."""
    if unknown := [reading for reading in readings if reading not in KNOWN_READINGS]:
        yield at, f"{listed(unknown)} is not in the readings register"
    if twice := repeats(readings):
        yield at, f"{listed(twice)} is listed twice"


def wrong_names(kind: Kind, at: Path) -> Iterator[Wrong]:
    """Yield names that are no words or are given twice, and mentions of parts that cannot do what is asked of them."""
    earlier: set[str] = set()
    named = [(part, where) for part, where in parts_in(kind, at) if isinstance(part, Named)]
    for part, where in named:
        yield from _no_name(part.name, where)
        if part.name in earlier:
            yield where, f"two parts of the rule are named {part.name}"
        earlier.add(part.name)
    if isinstance(kind, ExamEntry):
        yield from _ways(kind, at)
    yield from _mentioned(kind, named, at)
    yield from _past_work(kind, at)


def _no_name(name: str, at: Path) -> Iterator[Wrong]:
    if name == OF_THE_RULE or not _name.match(name):
        yield at, f"{name!r} is not a name: one word in small letters, or two with a colon between them"


def _ways(entry: ExamEntry, at: Path) -> Iterator[Wrong]:
    """Yield the names of ways that are none, or that two ways to one level have; those of two levels may be alike."""
    for level, ways in entry.levels.items():
        names = [name for way in ways for name in way]
        for index, name in enumerate(names):
            where = (*at, "levels", level, index, name)
            yield from _no_name(name, where)
            if name in names[:index]:
                yield where, f"two ways to the exam are named {name}"


def _past_work(kind: Kind, at: Path) -> Iterator[Wrong]:
    """Yield the employments asked for on any day of a window, where the rule has none with a last day."""
    if isinstance(kind, Training) and not kind.window.rolls:
        return
    for part, where in parts_in(kind, at):
        if isinstance(part, Employed) and part.in_window:
            yield (*where, "in_window"), "the rule has no window with a last day"


def _mentioned(kind: Kind, named: Sequence[tuple[Named, Path]], at: Path) -> Iterator[Wrong]:
    """Yield mentions of parts that are out of sight, or that can give no certificate or work."""
    for part, where in parts_in(kind, at):
        for key, name, gives in _mentions(part):
            before = [other for other, there in named if other.name == name and _comes_before(there, where)]
            if not before:
                yield (*where, key), f"no part before this one is named {name!r}"
            elif not _gives(before[-1], gives):
                yield (*where, key), f"the part {name!r} can give no {gives}"
        if isinstance(part, Payment | Entitlement) and part.tier is not None:
            tier = next(other for other in parts_of(part.requires) if other.name == part.tier)
            if not _gives(tier, "certificate"):
                yield (*where, "tier"), f"the part {part.tier!r} can give no certificate"


def _mentions(part: Any) -> Iterator[tuple[str, str, Given]]:
    """Yield the keys under which a word names a part before it, the name, and what that part is to give."""
    if isinstance(part, Measured):
        yield "names", part.names, "certificate"
    if isinstance(part, Measured) and part.where is not None:
        yield "where", part.where, "work"
    if isinstance(part, Registered) and part.covers is not None:
        yield "covers", part.covers, "certificate"


def _comes_before(named: Path, at: Path) -> bool:
    """Say whether a part is in sight: it stands in an `all_of`, before the part that leads to `at`."""
    *around, index, _ = named
    if around[-1] != "all_of" or len(at) <= len(around):
        return False
    here = at[len(around)]
    return at[: len(around)] == tuple(around) and isinstance(here, int) and isinstance(index, int) and index < here


def _gives(named: Named, what: Given) -> bool:
    if what == "work":
        return any(isinstance(word, Employed) for word in words_of(named))
    certificates = HoldsCertificate | Recognized | Measured
    return any(
        isinstance(word, certificates) or (isinstance(word, Registered) and word.covers is not None)
        for word in words_of(named)
    )


def _told(rule: Rule, kinds: Sequence[Kind], at: Path) -> Iterator[Wrong]:
    """Yield the parts about which nothing is told, and what is told of no part."""
    needed = dict.fromkeys((OF_THE_RULE, *chain.from_iterable(map(_outermost, kinds))))
    for name in needed:
        if name not in rule.told:
            yield at, f"has no sentence for {name}"
    known = {*needed}
    known |= {part.name for kind in kinds for part, _ in parts_in(kind, ()) if isinstance(part, Named)}
    for name in rule.told:
        if name not in known:
            yield (*at, name), "is the name of no part of the rule"
    if OF_THE_RULE in rule.told and not rule.told[OF_THE_RULE].key_terms:
        yield (*at, OF_THE_RULE, "key_terms"), "a rule quotes at least one term of its source"


def _outermost(kind: Kind) -> tuple[str, ...]:
    """Return the names of the parts of an answer, and of those that its outermost combinator combines."""
    combined = names_of(kind.concerns) if isinstance(kind, Training) and kind.concerns else ()
    return (*kind.outermost, *combined)
