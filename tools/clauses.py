"""Where each clause of the register is met: the lines of docs/policies/clauses.yaml, checked against the code."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct

from contracts.events.catalogue import ALL_TYPES
from contracts.events.values import NATION, DeterminationId
from contracts.policies.shipped import REGISTER, read_yaml
from services.core.authoring.clauses import Clause

LINES = REGISTER.parent / "clauses.yaml"
ENVELOPE_FIELDS = frozenset({"occurred_on"})
RECORDED, COMPUTED, REPORTED, INSTITUTIONAL = "R", "C", "P", "I"


class ClauseDisagreement(Exception):
    """The register, the lines, the packs and the events disagree. The message has a line for each disagreement."""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """Where one clause is met."""

    computed: tuple[str, ...] = ()
    under: Mapping[str, str] = {}
    edition: str | None = None
    recorded: tuple[str, ...] = ()
    decided_elsewhere: str | None = None
    reported: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    needs: str | None = None
    institutional: bool = False


class Citations(Struct, frozen=True):
    """The citations of an edition: its own clause, those of each determination's rule, and that of each indicator.

    `counts` has the determination that each indicator counts, if it counts answers.
    """

    jurisdiction: str
    name: str
    edition: str
    clause: str
    cited: Mapping[str, frozenset[str]]
    undefined: frozenset[str]
    reported: Mapping[str, str]
    counts: Mapping[str, str]


def read_lines(path: Path = LINES) -> dict[str, Line]:
    """Return the lines by clause. Raises msgspec.ValidationError, yaml.YAMLError."""
    return msgspec.convert(read_yaml(path), type=dict[str, Line])


def citations_by_prefix(documents: Iterable[Mapping[str, Any]]) -> dict[str, list[Citations]]:
    """Return the citations of each edition, by the prefix of its clauses."""
    by_prefix: dict[str, list[Citations]] = {}
    for document in documents:
        for edition in document["editions"]:
            determinations, indicators = edition.get("rules", {}), edition.get("indicators", {})
            citations = Citations(
                document["jurisdiction"],
                document["name"]["en"],
                edition["edition"],
                edition["clause"],
                {name: frozenset(_cited(rule)) for name, rule in determinations.items()},
                frozenset(name for name, rule in determinations.items() if "undefined" in rule),
                {id_: indicator["clause"] for id_, indicator in indicators.items()},
                {id_: one["determination"] for id_, one in indicators.items() if "determination" in one},
            )
            by_prefix.setdefault(_prefix(edition["clause"]), []).append(citations)
    return by_prefix


def disagreements(
    clauses: Sequence[Clause],
    indicators: Mapping[str, str],
    lines: Mapping[str, Line],
    packs: Mapping[str, Sequence[Citations]],
) -> list[str]:
    """Return every disagreement between register, lines, packs and events."""
    known = {clause.id for clause in clauses}
    wrong = [f"{id_}: the register has no such clause" for id_ in lines if id_ not in known]
    for clause in clauses:
        if clause.id in lines:
            line = lines[clause.id]
            wrong += [f"{clause.id}: {what}" for what in _wrong_with(clause, line, indicators, packs)]
        else:
            wrong.append(f"{clause.id}: has no line")
    wrong += _unlisted(lines, packs)
    wrong += _unanswered(packs)
    return wrong


def _wrong_with(
    clause: Clause, line: Line, indicators: Mapping[str, str], packs: Mapping[str, Sequence[Citations]]
) -> Iterator[str]:
    met = {
        COMPUTED: line.computed or line.edition or line.decided_elsewhere,
        RECORDED: line.recorded or line.edition,
        REPORTED: line.reported or line.decided_by or line.needs,
        INSTITUTIONAL: line.institutional,
    }
    yield from (f"is {kind} in the register, and nothing here says where" for kind in clause.kinds if not met[kind])
    if line.decided_elsewhere and (line.computed or not line.recorded):
        yield "is decided elsewhere, so nothing computes it, and what the decision rests on is recorded"
    if line.institutional and line != Line(institutional=True):
        yield "is institutional, and something else beside it"
    yield from (
        f"{path} is not an event type or a field of one" for path in _unknown_paths(line.recorded + line.decided_by)
    )
    figures = line.reported + line.indicators
    yield from (f"{id_} is not an indicator of the register" for id_ in figures if id_ not in indicators)
    if line.indicators and not line.needs:
        yield f"{', '.join(line.indicators)} is not reported, and nothing here says what it needs"
    yield from (f"{name} is not a determination" for name in line.computed if name not in get_args(DeterminationId))
    yield from _uncited(clause, line, packs)
    yield from _unreported(clause, line, packs)


def _uncited(clause: Clause, line: Line, packs: Mapping[str, Sequence[Citations]]) -> Iterator[str]:
    """Yield what shipped packs should cite and do not."""
    yield from (f"{name} is under another clause, and not computed" for name in line.under if name not in line.computed)
    own = packs.get(_prefix(clause.id), ())
    for name in line.computed:
        if name in line.under and any(clause.id in edition.cited.get(name, ()) for edition in own):
            yield f"{name} cites it by its own name, and not under {line.under[name]} alone"
        cited = line.under.get(name, clause.id)
        editions = packs.get(_prefix(cited), ())  # Empty if no pack of this place is shipped.
        if editions and not any(cited in edition.cited.get(name, ()) for edition in editions):
            yield f"no rule for {name} of {editions[0].name} cites {cited}"
    if line.edition:
        editions = packs.get(_prefix(line.edition), ())
        if editions and not any(edition.clause == line.edition for edition in editions):
            yield f"no edition of {editions[0].name} cites {line.edition}"


def _unreported(clause: Clause, line: Line, packs: Mapping[str, Sequence[Citations]]) -> Iterator[str]:
    """Yield the indicators that a shipped pack should have under the clause and does not."""
    editions = packs.get(_prefix(clause.id), ())
    for indicator in line.reported:
        if editions and not any(edition.reported.get(indicator) == clause.id for edition in editions):
            yield f"no indicator {indicator} of {editions[0].name} cites {clause.id}"


def _unlisted(lines: Mapping[str, Line], packs: Mapping[str, Sequence[Citations]]) -> Iterator[str]:
    """Yield the citations of places' packs that no line mentions."""
    for editions in packs.values():
        for edition in editions:
            if edition.jurisdiction == NATION:
                continue  # National facts are in Part 2 of the register, a table of its own.
            for name, cited in edition.cited.items():
                for id_ in sorted(cited):
                    if id_ not in lines or name not in lines[id_].computed:
                        yield f"{id_}: the pack of {edition.name} computes {name} by it, but its line does not"
            for indicator, id_ in edition.reported.items():
                if id_ not in lines or indicator not in lines[id_].reported:
                    yield f"{id_}: the pack of {edition.name} reports {indicator} under it, but its line does not"


def _unanswered(packs: Mapping[str, Sequence[Citations]]) -> Iterator[str]:
    """Yield the indicators that would count nobody, because neither the place nor the nation has the rule."""
    for editions in packs.values():
        judged = {
            name for edition in (*editions, *packs.get("N", ())) for name in edition.cited.keys() - edition.undefined
        }
        for edition in editions:
            for indicator, name in edition.counts.items():
                if name not in judged:
                    yield f"{indicator}: no rule answers {name}, which the pack of {edition.name} counts by it"


def _unknown_paths(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if path in ALL_TYPES:
            continue
        type_, _, field = path.rpartition(".")
        shape = ALL_TYPES.get(type_)
        if shape is None or field not in {*shape.__struct_encode_fields__, *ENVELOPE_FIELDS}:
            yield path


def _cited(value: Any) -> Iterator[str]:
    """Yield every clause that a rule or a condition inside it cites."""
    if isinstance(value, Mapping):
        if isinstance(value.get("clause"), str):
            yield value["clause"]
        yield from value.get("further_clauses", ())
        for child in value.values():
            yield from _cited(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _cited(child)


def _prefix(clause: str) -> str:
    return clause.partition("-")[0]


def clause_rows(
    clauses: Sequence[Clause],
    indicators: Mapping[str, str],
    lines: Mapping[str, Line],
    packs: Mapping[str, Sequence[Citations]],
) -> Iterator[tuple[str, tuple[str, str, str, str]]]:
    """Yield for each clause its place and its row: id, path in the text, kind, where it is met."""
    for clause in clauses:
        editions = packs.get(_prefix(clause.id), ())
        place = f"{editions[0].name} ({editions[0].jurisdiction})" if editions else _prefix(clause.id)
        where = "; ".join(_where(clause, lines[clause.id], indicators, packs))
        yield place, (clause.id, clause.path, ", ".join(clause.kinds), where)


def _where(
    clause: Clause, line: Line, indicators: Mapping[str, str], packs: Mapping[str, Sequence[Citations]]
) -> Iterator[str]:
    editions = packs.get(_prefix(clause.id), ())
    if line.computed:
        undefined = {name for edition in editions for name in edition.undefined}
        yield "computed: " + ", ".join(_computed(name, line, undefined) for name in line.computed)
    if line.edition:
        dated = ", ".join(edition.edition for edition in editions if edition.clause == line.edition)
        yield f"the days of edition {dated}{'' if line.edition == clause.id else f' under {line.edition}'}"
    if line.recorded:
        yield f"recorded: {_quoted(line.recorded)}"
    if line.decided_elsewhere:
        yield f"not computed, decided elsewhere: {line.decided_elsewhere}"
    if line.reported:
        yield "indicator " + ", ".join(f"{id_} ({indicators[id_]}): `GET …/indicators/{id_}`" for id_ in line.reported)
    if line.indicators:
        yield "not reported: " + ", ".join(f"{id_} ({indicators[id_]})" for id_ in line.indicators)
    if line.decided_by:
        yield f"the ledger's facts decide: {_quoted(line.decided_by)}"
    if line.needs:
        yield f"needs counts the ledger does not hold: {line.needs}"
    if line.institutional:
        yield "institutional"


def _computed(name: str, line: Line, undefined: Collection[str]) -> str:
    under = f" under {line.under[name]}" if name in line.under else ""
    return f"`{name}`{under}{' (`undefined_in_policy`)' if name in undefined else ''}"


def _quoted(paths: Iterable[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
