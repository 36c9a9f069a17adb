"""Life histories with the answers they should give: the file of `ledgerctl play`, and the comparison of answers. Pure,
except for reading the file."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from contracts.policies.shipped import read_yaml
from contracts.strict_yaml import StrictYamlError

LOCAL_STANDARD = "local_standard"
"""An event of this type is registered with the ledger: its id is the standard's."""
REFERENCES = ("target", "employment")
"""Members of `data` that name another event by its short id."""
AMOUNTS = frozenset({"counted_hours", "required_hours", "shortfall_hours", "amount"})

_unknown_field = re.compile(r"unknown field `(?P<name>[^`]*)`")
_step = re.compile(r"\.(?P<name>\w+)|\[(?P<index>[0-9]+)\]")


class UnreadableCases(Exception):
    """The file is not a file of cases. The message says where and why."""


class Event(Struct, frozen=True, forbid_unknown_fields=True):
    """`id` is a short name, by which a `target` and `known_after` refer to it. `recorded` is only for the reader."""

    id: str
    type: str
    data: dict[str, Any]
    occurred_on: str | None = None
    recorded: str | None = None


class Question(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The parameters of a determination; `known_after` names the last event that is known."""

    determination: str
    as_of: str | None = None
    jurisdiction: str | int | None = None
    period: str | int | None = None
    level: str | None = None
    year: str | int | None = None
    known_after: str | None = None


class Alternative(Struct, frozen=True, forbid_unknown_fields=True):
    reading: str
    status: str


class Expectation(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Members not named here are not compared. In `result`, `not_counted` names events by their short ids."""

    status: str | None = None
    projected: bool | None = None
    result: dict[str, Any] = {}
    alternatives: list[Alternative] = []


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    ask: Question
    expect: Expectation | None = None


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """One person's history. `clauses`, `readings` and `why` are only for the reader."""

    id: str
    events: list[Event]
    asks: list[Ask]
    title: str = ""
    clauses: list[str] = []
    readings: list[str] = []
    why: str = ""


class Difference(Struct, frozen=True):
    """One field of an answer that is not as expected."""

    field: str
    expected: Any
    got: Any


def read_cases(file: Path) -> list[Case]:
    """Return the cases of a YAML file. Raises UnreadableCases."""
    if not file.is_file():
        raise UnreadableCases(f"{file} is a folder, not a file" if file.is_dir() else f"there is no file {file}")
    try:
        document = read_yaml(file)
        cases = msgspec.convert(document, list[Case])
    except OSError as error:
        raise UnreadableCases(f"{file}: {error.strerror}") from error
    except StrictYamlError as error:
        raise UnreadableCases(str(error)) from error
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at ")
        raise UnreadableCases(f"{file}, line {_line_of(file, path, _unknown_field.search(what))}: {what}") from error
    for number, case in enumerate(cases):
        for path, what in _dangling(case):
            raise UnreadableCases(f"{file}, line {_line_of(file, f'$[{number}]{path}')}: {what}")
    return cases


def chosen(cases: Sequence[Case], ids: Collection[str]) -> list[Case]:
    """Return the cases with these ids in the order of the file, all of them if no id is given.

    Raises UnreadableCases for an id that is not in the file.
    """
    if missing := set(ids) - {case.id for case in cases}:
        raise UnreadableCases(f"the file has no case {', '.join(sorted(missing))}")
    return [case for case in cases if not ids or case.id in ids]


def differences(expected: Expectation, answer: Mapping[str, Any], names: Mapping[str, str]) -> list[Difference]:
    """Return where the answer differs from the expectation. `names` maps event ids to the short ones of the case."""
    wrong = [
        Difference(field, expected_value, answer.get(field))
        for field, expected_value in (("status", expected.status), ("projected", expected.projected))
        if expected_value is not None and answer.get(field) != expected_value
    ]
    result = {**answer["result"]}
    if "not_counted" in result:
        result["not_counted"] = [
            {"event": names.get(item["event_id"], item["event_id"]), "reason": item["reason"]}
            for item in result["not_counted"]
        ]
    for field, expected_value in expected.result.items():
        got = result.get(field)
        if field not in result or not _holds(field, expected_value, got):
            wrong.append(Difference(f"result.{field}", expected_value, got))
    alternatives = [{"reading": other["reading"], "status": other["status"]} for other in answer["alternatives"]]
    for alternative in map(msgspec.to_builtins, expected.alternatives):
        if alternative not in alternatives:
            wrong.append(Difference("alternatives", alternative, alternatives))
    return wrong


def _holds(field: str, expected_value: Any, got: Any) -> bool:
    if expected_value is None or got is None:
        return expected_value is got
    if field == "not_counted":
        return all(item in got for item in expected_value)
    if field in AMOUNTS:
        try:
            return Decimal(str(expected_value)) == Decimal(str(got))
        except InvalidOperation:
            return False
    if isinstance(expected_value, dict):
        return all(str(got.get(name)) == str(value) for name, value in expected_value.items())
    if isinstance(expected_value, list):
        return sorted(map(str, expected_value)) == sorted(map(str, got))
    return str(expected_value) == str(got)


def _dangling(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the path and the fault of each name that refers to no event, or to two."""
    ids: set[str] = set()
    for number, event in enumerate(case.events):
        if event.id in ids:
            yield f".events[{number}].id", f"the id {event.id} occurs twice in {case.id}"
        ids.add(event.id)
    for number, event in enumerate(case.events):
        for name in REFERENCES:
            if name in event.data and str(event.data[name]) not in ids:
                yield f".events[{number}].data.{name}", f"{case.id} has no event {event.data[name]}"
    for number, ask in enumerate(case.asks):
        if ask.ask.known_after is not None and ask.ask.known_after not in ids:
            yield f".asks[{number}].ask.known_after", f"{case.id} has no event {ask.ask.known_after}"


def _line_of(file: Path, path: str, key: re.Match[str] | None = None) -> int:
    """Return the line that a path like `$[0].asks[1]` leads to, or that of its nearest existing ancestor.

    If `key` names a member of it, the line of that member."""
    node = yaml.compose(file.read_bytes(), Loader=yaml.SafeLoader)
    for step in _step.finditer(path):
        below = _below(node, step)
        if below is None:
            break
        node = below
    if key is not None and isinstance(node, yaml.MappingNode):
        node = next((name for name, _ in node.value if name.value == key["name"]), node)
    return 1 if node is None else int(node.start_mark.line) + 1


def _below(node: yaml.Node | None, step: re.Match[str]) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and step["index"]:
        items: Sequence[yaml.Node] = node.value
        return items[int(step["index"])]
    if isinstance(node, yaml.MappingNode):
        pairs: Iterable[tuple[yaml.Node, yaml.Node]] = node.value
        return next((value for key, value in pairs if key.value == step["name"]), None)
    return None
