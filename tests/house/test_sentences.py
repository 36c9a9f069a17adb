"""Every mistake has its sentence in both languages, filled with the same facts, and no sentence is left over."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contracts.mistakes import Names
from contracts.problems import PROBLEMS
from contracts.sentences import MISTAKES, PARTS, SENTENCES, said

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "contracts/sentences.py"
WORDS_OF_PROGRAMS = frozenset(
    (
        *("A-Z", "B", "CONNECT", "GB", "GET", "HTTP", "JSON", "RFC", "T", "Transfer-Encoding", "URL", "UTF-8", "UUID"),
        *("YYYY-MM-DD", "a-f", "a-z", "amount", "axis", "chunked", "cursor", "event-types", "false", "http", "local"),
        *("null", "occurred_on", "private", "practitioner_id", "scope", "sha256", "true", "v1"),
    )
)
"""What a sentence in Chinese may hold of other letters: names that programs have for things."""
_optional = re.compile(r"\[([^\]]*)\]")
_fact = re.compile(r"\{(\w+)\}")
_word = re.compile(r"[A-Za-z][A-Za-z0-9_.^-]*")


def foreign_words(chinese: str) -> set[str]:
    """Return what is in Latin letters, but for facts and names of programs."""
    return {*_word.findall(_fact.sub("", chinese))} - WORDS_OF_PROGRAMS


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_in_both_languages_and_says_the_same_facts(code: str) -> None:
    zh, en = SENTENCES[code]
    assert en.isascii()
    assert foreign_words(zh) == set()
    assert {*_fact.findall(zh)} == {*_fact.findall(en)}
    assert needed_by(zh) == needed_by(en)
    assert not zh.endswith("。")
    assert not en.endswith(".")


def needed_by(sentence: str) -> set[str]:
    return {*_fact.findall(_optional.sub("", sentence))}


def test_a_code_is_spelt_like_that_of_a_problem_and_is_none() -> None:
    assert [code for code in SENTENCES if not re.fullmatch("[a-z]+(-[a-z]+)*", code)] == []
    assert MISTAKES.keys() & PARTS.keys() == set()
    assert MISTAKES.keys() & PROBLEMS.keys() == set()


def test_whatever_is_said_has_a_sentence_and_the_facts_that_fill_it() -> None:
    for file in sources():
        for call in calls_in(file):
            if not (call.args and isinstance(call.args[0], ast.Constant)):
                continue
            code, given = call.args[0].value, {fact.arg for fact in call.keywords}
            assert code in SENTENCES, (file, code)
            if called(call) == "phrase" and None not in given:
                sentence = SENTENCES[code][1]
                assert needed_by(sentence) <= given <= {*_fact.findall(sentence)}, (file, code, given)


def test_every_sentence_is_said() -> None:
    said = {call.args[0].value for call in calls_in(CATALOGUE) if isinstance(call.args[0], ast.Constant)}
    for file in sources():
        if (file != CATALOGUE and "from contracts.mistakes import" in file.read_text()) or file.stem == "mistakes":
            said |= {node.value for node in ast.walk(tree(file)) if isinstance(node, ast.Constant)}
    assert SENTENCES.keys() - said == set()


def sources() -> Iterator[Path]:
    for folder in ("contracts", "services"):
        yield from (ROOT / folder).rglob("*.py")


def calls_in(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and called(node) in ("phrase", "Phrase"):
            yield node


def called(call: ast.Call) -> str | None:
    return call.func.id if isinstance(call.func, ast.Name) else None


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [
        (("a",), "a", "a"),
        (("a", "b"), "a和b", "a and b"),
        (("a", "b", "c"), "a、b和c", "a, b and c"),
    ],
)
def test_names_are_listed_as_each_language_does(names: tuple[str, ...], zh: str, en: str) -> None:
    assert (said(Names(names, "and"), "zh"), said(Names(names, "and"), "en")) == (zh, en)
