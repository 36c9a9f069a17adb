"""The reference pages generated from the code: event types, mistakes, and the clauses that packs compute."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import inspect

from contracts.events import values
from contracts.events.catalogue import ALL_TYPES, ORGANIZATION_TYPES, PRACTITIONER_TYPES, RULE_TYPES
from contracts.policies.packs import Shipped
from contracts.policies.shipped import REGISTER, shipped
from contracts.sentences import MISTAKES
from services.core.authoring.clauses import register_clauses, register_indicators
from services.core.calendar import AskedDay
from services.core.rules.book import compose
from tools.clauses import LINES, ClauseDisagreement, citations_by_prefix, clause_rows, disagreements, read_lines

MAX_WORDS_IN_A_CELL = 5
PATTERNS: Mapping[str, str] = {
    values.TEXT_PATTERN: "a text",
    values.AMOUNT_PATTERN: "an amount",
    values.SCORE_PATTERN: "a score",
    values.JURISDICTION_PATTERN: "a jurisdiction",
    values.PRACTITIONER_PATTERN: "an id",
    values.CODE_PATTERN: "a code",
}
VOCABULARIES: Mapping[str, tuple[Any, ...]] = {
    name: get_args(value) for name, value in vars(values).items() if get_origin(value) is Literal
}
EVENTS_HEAD = """# Event types

Written by `make contracts` from `contracts/events/catalogue.py`; do not edit. Each type has a JSON Schema with an
example in `contracts/schemas/events/`.

The envelope: `event_id` (UUID, made by the client), `type`, `occurred_on`, `data`, and optionally `source` with
`system` or `document` or both. Required members of `data` are in bold. A day is ISO, 1900-01-01 to 2199-12-31. An
amount is a decimal string above zero with at most five digits before the point and two after it; a score is one from 0
to 100. A text has 1 to 500 characters. A jurisdiction is a six-digit code of GB/T 2260. A code is one that a
pack declares, of at most 64 lower-case letters and underscores. Unknown members are refused.
"""
MISTAKES_HEAD = """# Mistakes

Written by `make contracts` from `contracts/sentences.py`; do not edit. Each entry in `errors` of a
[problem](http.md#problems) has one of these codes, or that of the problem itself. A code never changes; what is said
may be reworded, and new codes may come. A fact stands in braces; what stands in square brackets is said where the fact
in it is known.

| Code | English | Chinese |
|---|---|---|
"""
CLAUSES_HEAD = """# Clauses

Written by `make contracts` from the [rule register](../policies/rules.md), `docs/policies/clauses.yaml` and
`contracts/policies/`; do not edit. For each clause of the five documents it says where the clause is met: the event
type and field that record it (R), the determination that a pack computes by it (C), the facts of the ledger that
decide what is reported (P), or that it is institutional (I). If an authority outside the ledger decides, the ledger
records only the facts behind the decision.

For a reported figure, a line names the indicator that counts it, `GET /v1/ledgers/{ledger}/indicators/{id}`, the facts
of the ledger that decide it, and the counts that are missing, because a ledger of people does not hold them. If a text
has no test of who is talent, holders of a certificate are counted.
"""
COMPUTED_HEAD = """
## What the packs compute

The readings are in section 1.3 of the register. A last day is inclusive. What is not in the table is not computed: the
answer is `undefined_in_policy`, or `not_in_force` outside the days of the text. A city's rules also apply in its
districts.
"""
REPORTED_HEAD = """
## What the packs report

People are counted on the deadline, or on the day asked about if that is earlier. Those whose answer is open are listed
separately. Without a target the text names no number of people.
"""


def event_reference() -> str:
    """Return the page of event types."""
    words = [(f"`{name}`", _quoted(words)) for name, words in VOCABULARIES.items()]
    return "\n".join(
        (
            EVENTS_HEAD,
            "## In a practitioner's stream\n",
            *_table(("Type", "Says", "Data"), map(_event_row, PRACTITIONER_TYPES)),
            "\n## In the stream of rules\n",
            *_table(("Type", "Says", "Data"), map(_event_row, RULE_TYPES)),
            "\n## In the stream of organizations\n",
            *_table(("Type", "Says", "Data"), map(_event_row, ORGANIZATION_TYPES)),
            "\n## Closed vocabularies\n",
            *_table(("Name", "Words"), words),
            "",
        )
    )


def mistake_reference() -> str:
    """Return the page that lists the code of every mistake with what is said of it."""
    lines = (f"| `{code}` | {en} | {zh} |\n" for code, (zh, en) in sorted(MISTAKES.items()))
    return MISTAKES_HEAD + "".join(lines)


def clause_reference(lines_file: Path = LINES) -> str:
    """Return the page of the clauses. Raises ClauseDisagreement if the lines of the file are not true."""
    documents = [pack.current for pack in shipped().values()]
    text = REGISTER.read_text()
    clauses, indicators, lines = register_clauses(text), register_indicators(text), read_lines(lines_file)
    packs = citations_by_prefix(documents)
    if wrong := disagreements(clauses, indicators, lines, packs):
        raise ClauseDisagreement("\n".join(wrong))
    by_place = groupby(clause_rows(clauses, indicators, lines, packs), key=lambda row: row[0])
    head = ("Clause", "Where in the text", "Kind", "Where it is met")
    places = [(f"\n## {place}\n", *_table(head, [row for _, row in rows])) for place, rows in by_place]
    rows = (row for pinned in shipped().values() for row in _clause_rows(pinned))
    computed = ("Place", "Determination", "Clause", "First day", "Last day", "Readings")
    reported = ("Place", "Indicator", "Clause", "Counts", "Open", "Share of", "Target", "Deadline", "Readings")
    figures = (
        row for document in documents for edition in document["editions"] for row in _indicator_rows(document, edition)
    )
    lines_of_places = (line for place in places for line in place)
    return "\n".join(
        (
            CLAUSES_HEAD.rstrip("\n"),
            *lines_of_places,
            COMPUTED_HEAD,
            *_table(computed, rows),
            REPORTED_HEAD,
            *_table(reported, figures),
            "",
        )
    )


def _clause_rows(pinned: Shipped) -> Iterable[tuple[str, ...]]:
    pack, rules = pinned.pack, compose(pinned.jurisdiction, shipped(), ())
    for edition in pack.editions:
        for determination, rule in edition.rules.items():
            own, *_ = rules.provisions(determination)
            provision = next(provision for provision in own if provision.edition is edition)
            readings = provision.on(AskedDay(edition.in_force.last_day or values.LAST_DAY)).ground.readings
            yield (
                f"{pack.name.en} ({pack.jurisdiction})",
                f"`{determination}`",
                rule.clause,
                str(edition.in_force.first_day),
                str(edition.in_force.last_day or "–"),
                ", ".join(readings) or "–",
            )


def _indicator_rows(document: Mapping[str, Any], edition: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    for id_, indicator in edition.get("indicators", {}).items():
        lacking = f", but who lacks {indicator['unless_missing']}" if "unless_missing" in indicator else ""
        without = f"; also without {', '.join(indicator['without'])}" if "without" in indicator else ""
        yield (
            f"{document['name']['en']} ({document['jurisdiction']})",
            f"{id_}: {indicator['name']['en']}",
            indicator["clause"],
            f"{_counted(indicator)}{without}",
            _quoted(indicator.get("open", ())) or "–",
            f"everybody judged{lacking}" if indicator.get("share") else "–",
            f"{_target(indicator)}{' (a lower bound)' if indicator.get('lower_bound') else ''}",
            "each year" if indicator.get("each_year") else indicator.get("deadline", "–"),
            ", ".join(indicator.get("readings", ())) or "–",
        )


def _counted(indicator: Mapping[str, Any]) -> str:
    """Return what an indicator counts: answers, or what there is in organizations."""
    having = "".join(f", {name} {_quoted(values)}" for name, values in indicator.get("having", {}).items())
    answers = f"`{indicator['determination']}` {_quoted(indicator['counted'])}" if "determination" in indicator else ""
    asked = indicator.get("organizations")
    if asked is None:
        return f"{answers}{having}"
    who = " ".join(part for part in (f"`{asked['counts']}`", _quoted(asked.get("roles", ())), answers) if part)
    return f"{who} in organizations"


def _target(indicator: Mapping[str, Any]) -> str:
    asked = indicator.get("organizations")
    if asked is None:
        return f"{indicator['target']:,}" if "target" in indicator else "–"
    per = f" for every hundred {asked['per_hundred']}" if "per_hundred" in asked else ""
    numbers = ", ".join(f"{number} (`{kind}`)" for kind, number in asked["at_least"].items())
    return f"{asked['reckoned'].replace('_', ' ')}: {numbers}{per}"


def _event_row(name: str) -> tuple[str, str, str]:
    says = " ".join((ALL_TYPES[name].__doc__ or "").split())
    return f"`{name}`", says, "; ".join(_members(ALL_TYPES[name]))


def _members(shape: type[msgspec.Struct]) -> Iterable[str]:
    for field in msgspec.structs.fields(shape):
        name = f"**`{field.encode_name}`**" if field.required else f"`{field.encode_name}`"
        yield f"{name} {_kind(inspect.type_info(field.type))}"


def _kind(of: inspect.Type) -> str:
    match of:
        case inspect.UnionType(types=types):
            return " or ".join(map(_kind, types))
        case inspect.LiteralType(values=words):
            return _words(words)
        case inspect.Metadata(type=inner):
            return _kind(inner)
        case inspect.StrType(pattern=pattern):
            return PATTERNS.get(pattern or "", "a digest" if (pattern or "").startswith("^sha256:") else "a string")
        case inspect.IntType(ge=low, le=high):
            return f"{low} to {high}"
        case inspect.BoolType():
            return "true or false"
        case inspect.DateType():
            return "a day"
        case inspect.UUIDType():
            return "an event id"
        case inspect.VarTupleType(item_type=item):
            return f"a list: {_kind(item)}"
        case inspect.DictType(key_type=inspect.LiteralType(values=words), value_type=value):
            return f"an object: {_words(words)} to {_kind(value)}"
        case inspect.DictType():
            return "a merge patch (RFC 7396)"
        case inspect.StructType(cls=shape):
            return f"({', '.join(_members(shape))})"
    raise ValueError(of)


def _words(words: Sequence[Any]) -> str:
    """Return the words in the order of their declaration, as msgspec sorts them."""
    name, declared = next(
        (named for named in VOCABULARIES.items() if set(named[1]) == set(words)), (None, tuple(words))
    )
    if name and len(words) > MAX_WORDS_IN_A_CELL:
        return f"[{name}](#closed-vocabularies)"
    return _quoted(declared)


def _quoted(words: Iterable[Any]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
