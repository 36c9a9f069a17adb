"""What a pack can say is said nowhere else: no place, talent title, platform, document, clause, subject or figure of a
shipped pack stands in the services that judge by it.

That changing a figure changes an answer is tried in `tests/campaign/test_figures.py`.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contracts.events.values import NATION
from contracts.places import stem
from contracts.policies.shipped import shipped

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"
JUDGING = ("core", "ledger", "projections")
PACKS = {place: msgspec.json.decode(pack.document) for place, pack in shipped().items()}

IN_EXAMPLES = "an example of a request or an answer, for who reads the documentation"
IN_A_COMMAND = "an example of a command, for who reads its help"
EXAMPLES: Mapping[str, str] = {
    "demo/": "invented careers happen somewhere, and their people bear titles",
    "ledger/api/examples.py": IN_EXAMPLES,
    "projections/api/examples.py": IN_EXAMPLES,
    "projections/api/cohorts.py": IN_EXAMPLES,
    "projections/api/comparison.py": IN_EXAMPLES,
    "projections/api/indicators.py": IN_EXAMPLES,
    "projections/api/parameters.py": IN_EXAMPLES,
    "projections/api/policies.py": IN_EXAMPLES,
    "server/documentation.py": IN_EXAMPLES,
    "cli/cohort.py": IN_A_COMMAND,
    "cli/import_file.py": IN_A_COMMAND,
    "cli/ledger.py": IN_A_COMMAND,
    "cli/play.py": IN_A_COMMAND,
    "cli/serve.py": IN_A_COMMAND,
}
"""Where a place or a title is named, by the beginning of the path, and why it may be."""
WORDS_OF_EVENTS = "core/words/vocabularies.py"
"""It has words for each code of the events, whatever the rules say of it."""
SENTENCES_OF_READINGS = "core/words/readings.py"
"""It tells each reading of the register; a document names its choices and has no sentence for them."""
MINUTES_OF_HOUR = ("core/calendar.py", 60)
"""An hour has as many minutes under every text."""
SMALLEST_TELLING_FIGURE = 36
"""A smaller number may stand for anything; that those of the packs are read from them is tried by changing them."""

document_number = re.compile(r"\w+〔\d{4}〕\d+号")
clause = re.compile(r"\b[A-Z]{1,2}-\d{2}\b")
reading = re.compile(r"R-\d{2}")
figure_in_words = re.compile(
    r"\d|[一二两三四五六七八九十百]+(?:年|个月|小时|学时|天|分)"
    r"|\b(?:two|three|four|five|six|nine|ten|twelve)\b[ -](?:years?|months?|hours?|days?)"
)


@cache
def files() -> Mapping[str, str]:
    """Return the text of every file of the services by its path."""
    return {
        str(path.relative_to(SERVICES)): path.read_text()
        for path in sorted(SERVICES.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for name, text in files().items():
        if name.endswith(".py") and (not folders or name.startswith(tuple(f"{folder}/" for folder in folders))):
            yield name, ast.parse(text)


def values_in(value: Any) -> Iterator[Any]:
    """Yield every key and every value that is neither an object nor a list."""
    match value:
        case dict():
            for key, child in value.items():
                yield key
                yield from values_in(child)
        case list():
            for child in value:
                yield from values_in(child)
        case _:
            yield value


def pattern_of(place: str) -> re.Pattern[str]:
    """Return what matches the texts of a pack that speak of one place: its names, titles, platforms and documents.

    And its code, and those of the places inside it.
    """
    pack = PACKS[place]
    titles = pack.get("vocabulary", {}).get("talents", {})
    given = [event for example in pack["examples"] for event in example["given"]]
    texts = {*titles, *(word for words in titles.values() for word in words.values())}
    texts |= {event["platform"] for event in given if "platform" in event}
    texts |= {number for text in values_in(pack) for number in document_number.findall(str(text))}
    patterns = [re.escape(text) for text in sorted(texts)]
    if place != NATION:
        name = pack["name"]
        patterns += [re.escape(name["zh"].rstrip("省市州")), name["en"], rf"{stem(place)}\d{{{6 - len(stem(place))}}}"]
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(patterns)})(?![a-z0-9_])")


def strings(module: ast.Module) -> Iterator[str]:
    """Yield the strings of a module that are no docstrings."""
    documented = {node.value for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and node not in documented and isinstance(node.value, str):
            yield node.value


def judging_values(pack: Mapping[str, Any]) -> Iterable[Any]:
    """Yield what stands in the terms and kinds of a pack, choices and all."""
    for edition in pack["editions"]:
        yield from values_in(edition.get("terms", {}))
        for rule in edition["rules"].values():
            yield from values_in({name: value for name, value in rule.items() if name != "told"})


def number_in(value: Any) -> int | None:
    """Return a whole number, also one in digits; None if the value is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


@pytest.mark.parametrize("place", PACKS)
def test_no_service_names_a_place_or_anything_of_it(place: str) -> None:
    named = [
        (name, found)
        for name, written in files().items()
        for found in pattern_of(place).findall(written)
        if not name.startswith(tuple(EXAMPLES))
    ]
    assert named == []


def test_whatever_may_name_a_place_does() -> None:
    patterns = [pattern_of(place) for place in PACKS]
    naming = [name for name, written in files().items() if any(pattern.search(written) for pattern in patterns)]
    assert [beginning for beginning in EXAMPLES if not any(name.startswith(beginning) for name in naming)] == []


def test_no_sentence_of_a_service_cites_a_clause() -> None:
    """Docstrings cite what they were written for; sentences take the clause of the pack that answers."""
    cited = [
        (name, found)
        for name, module in modules()
        for text in strings(module)
        for found in clause.findall(text)
        if not reading.fullmatch(found) and not name.startswith(tuple(EXAMPLES))
    ]
    assert cited == []


def test_no_judgement_names_a_subject_of_training() -> None:
    subjects = {value for pack in PACKS.values() for value in judging_values(pack) if str(value).startswith("sw_")}
    assert subjects
    named = [
        (name, text)
        for name, module in modules(*JUDGING)
        for text in strings(module)
        if "sw_" in text and name != WORDS_OF_EVENTS and name not in EXAMPLES
    ]
    assert named == []


def test_no_judgement_has_a_figure_of_a_pack() -> None:
    figures = {number_in(value) for pack in PACKS.values() for value in judging_values(pack)} - {None}
    telling = {figure for figure in figures if figure is not None and figure >= SMALLEST_TELLING_FIGURE}
    assert telling >= {36, 45, 60, 72, 90, 120, 160}
    written = {
        (name, number)
        for name, module in modules(*JUDGING)
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and (number := number_in(node.value)) in telling
    }
    assert written - {MINUTES_OF_HOUR} == set()


def test_no_sentence_has_a_figure_but_those_that_tell_a_reading() -> None:
    """A figure in a sentence would be told under a pack that has another one."""
    told = {
        (name, text)
        for name, module in modules("core/words")
        for text in strings(module)
        if figure_in_words.search(reading.sub("", text)) and not text.isdigit() and name != SENTENCES_OF_READINGS
    }
    assert told == set()
