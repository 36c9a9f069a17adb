"""The glossary has one word for each thing, and every term of the contracts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from contracts.events.catalogue import ALL_TYPES
from contracts.events.values import DeterminationId
from services.core.rules.verdict import Status

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs/glossary.md").read_text()
REFERENCE = (ROOT / "docs/reference/events.md").read_text()
LEAST_TERMS = 60
NOTHING = "–"


def rows(text: str) -> Iterator[dict[str, str]]:
    """Yield each row of each table by the names of its columns."""
    head: list[str] | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            head = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if head is None:
            head = cells
        elif not set(line) <= set("|-"):
            yield dict(zip(head, cells, strict=True))


def column(name: str) -> list[str]:
    """Return what a column holds in all tables, a cell of several terms taken apart."""
    cells = (row[name] for row in rows(GLOSSARY) if name in row)
    return [term for cell in cells for term in cell.split(", ") if term != NOTHING]


def twice(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def documents() -> str:
    """Return the register, the five documents and the packs as one text."""
    files = (*(ROOT / "docs/policies/source").glob("*.txt"), *(ROOT / "contracts/policies").glob("*.yaml"))
    return "".join(path.read_text() for path in (ROOT / "docs/policies/rules.md", *files))


def test_no_term_and_no_word_stands_twice() -> None:
    assert twice(column("Chinese")) == []
    assert twice(word.lower().strip("`") for word in column("English")) == []


def test_every_chinese_term_stands_in_the_documents_exactly_so() -> None:
    terms = [term for row in rows(GLOSSARY) if "Note" in row for term in row["Chinese"].split(", ")]
    text = documents()
    assert len(terms) >= LEAST_TERMS
    assert [term for term in terms if term not in text] == []


def test_every_identifier_stands_in_the_code() -> None:
    code = "".join(
        path.read_text() for folder in ("contracts", "services", "migrations") for path in (ROOT / folder).rglob("*.py")
    )
    names = (name for cell in column("In the code") for name in re.findall(r"`([^`]+)`", cell))
    assert [name for name in names if not _stands_in(code, name)] == []


def _stands_in(code: str, name: str) -> bool:
    """Say whether the code has a name as a whole word. Checking the character before it last is faster."""
    word = re.escape(name)
    return re.search(rf"{word}(?<!\w{word})(?!\w)", code) is not None


@pytest.mark.parametrize(
    ("code", "stands"), [("grade", True), ("(grade)", True), ("regrade, grade_x", False), ("regrade grade", True)]
)
def test_a_name_stands_only_as_a_whole_word(code: str, stands: bool) -> None:
    assert _stands_in(code, "grade") is stands


@pytest.mark.parametrize(
    ("what", "names"),
    [("status word", get_args(Status)), ("determination", get_args(DeterminationId)), ("event type", tuple(ALL_TYPES))],
)
def test_every_name_of_the_contracts_is_explained(what: str, names: tuple[str, ...]) -> None:
    assert [name for name in names if f"`{name}`" not in GLOSSARY + REFERENCE] == [], what
