"""Every code that an answer, an event or a page may show has words in both languages, and no words are left over."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from msgspec import Struct

from contracts.events.catalogue import ALL_TYPES, Session
from contracts.events.facts import Problem
from contracts.events.values import CertificateLevel, DeterminationId, MoneyUnit, TrainingUnit
from contracts.policies.language import Rule, Text
from contracts.policies.readings import KNOWN_READINGS, Choice
from services.core.answers.schema import NEED_MEMBERS
from services.core.facts.facts import Oddity
from services.core.questions import advice
from services.core.questions.advice import Advice
from services.core.rules.needs import Ways
from services.core.rules.verdict import Decision, NotCounted, Reason, Status
from services.core.words import advice as sentences
from services.core.words import catalogue, events, labels, readings, vocabularies
from services.core.words.front import FRONT

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "services/projections/pages"


def codes(*vocabularies: Any) -> set[str]:
    """Return the codes of vocabularies, those of each part of a union."""
    return {
        code for vocabulary in vocabularies for part in get_args(vocabulary) for code in (get_args(part) or (part,))
    }


NEED_CODES = {code for kind in get_args(Advice) for code in get_args(get_type_hints(kind).get("code", Literal))}
TABLES: Sequence[tuple[str, Mapping[Any, Any], set[str]]] = [
    ("statuses", catalogue.STATUSES, codes(Status)),
    ("determinations", catalogue.DETERMINATION_NAMES, codes(DeterminationId)),
    ("reasons", catalogue.REASONS, codes(Reason, NotCounted)),
    ("levels", catalogue.LEVELS, codes(CertificateLevel)),
    ("source statuses", catalogue.SOURCE_STATUSES, codes(get_type_hints(Rule)["source_status"])),
    ("findings", catalogue.FINDINGS, codes(Problem, Oddity)),
    ("readings", readings.READINGS, set(KNOWN_READINGS)),
    ("choices", readings.CHOICES, codes(Choice)),
    ("units", vocabularies.UNITS, codes(TrainingUnit, MoneyUnit)),
    ("needs", sentences.NEEDS, NEED_CODES),
    ("decisions", sentences.DECISIONS, codes(Decision)),
    ("ways", sentences.ONE_WAY, codes(Ways)),
    ("events", events.EVENTS, {*ALL_TYPES} - {"policy.adopted"}),
    ("event types", events.TYPE_NAMES, {*ALL_TYPES}),
]


@pytest.mark.parametrize(("table", "vocabulary"), [pytest.param(*of, id=name) for name, *of in TABLES])
def test_a_vocabulary_has_words_for_each_of_its_codes_and_for_nothing_else(
    table: Mapping[str, Any], vocabulary: set[str]
) -> None:
    assert set(table) == vocabulary


@pytest.mark.parametrize("table", [pytest.param(table, id=name) for name, table, _ in TABLES])
def test_what_has_words_has_them_in_both_languages(table: Mapping[str, Any]) -> None:
    for code, words in table.items():
        zh, en = (words.zh, words.en) if isinstance(words, Text) else words
        assert zh, code
        assert en, code
        assert zh != en, code


def test_a_status_has_words_of_its_own_only_in_the_answer_to_a_determination() -> None:
    assert set(catalogue.VERDICTS) <= codes(DeterminationId)
    assert {status for words in catalogue.VERDICTS.values() for status in words} <= codes(Status)


def test_every_kind_of_advice_but_a_decision_chooses_its_sentence_by_its_code() -> None:
    assert [kind for kind in get_args(Advice) if "code" not in get_type_hints(kind)] == [advice.DecisionNeed]


def test_clients_read_of_advice_what_the_schema_names_and_the_rest_is_for_its_sentence() -> None:
    members = {name for kind in get_args(Advice) for name in kind.__struct_encode_fields__}
    for_words = {
        "code",
        "one_of",
        "roles",
        "employer_types",
        "direct_service",
        "widened",
        "fields",
        "verified",
        "platforms",
        "bands",
        "titles",
        "ranks",
        "rewarded",
        "subject",
        "clause",
        "money",
        "hours",
    }
    assert members == NEED_MEMBERS | for_words | {"any_of", "all_of"}
    assert not NEED_MEMBERS & for_words


NAMED_OTHERWISE: Mapping[str, str] = {
    "because": "reason",
    "what": "roles",
    "levels": "rewarded",
    "counted": "result",
    "where": "platforms",
}
"""What a sentence says in words of a member that has another name."""


@pytest.mark.parametrize("kind", get_args(Advice))
def test_a_sentence_names_nothing_that_its_advice_does_not_know(kind: type[Struct]) -> None:
    known = {
        *kind.__struct_encode_fields__,
        *(name for name, of in NAMED_OTHERWISE.items() if of in kind.__struct_fields__),
    }
    known |= {"fields"} if kind is advice.ResultChange else set()
    if kind is advice.DecisionNeed:
        templates: Iterable[Text] = sentences.DECISIONS.values()
    else:
        templates = [sentences.NEEDS[code] for code in get_args(get_type_hints(kind)["code"])]
    for template in templates:
        for text in (template.zh, template.en):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= known, text


def shapes() -> Iterator[tuple[str, Any]]:
    """Yield each member of each event's data with its type, those of sessions too."""
    for shape in (*ALL_TYPES.values(), Session):
        yield from get_type_hints(shape).items()


def words_of(kind: Any) -> Iterator[str]:
    """Yield the codes that a member of this type may hold."""
    if get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    elif get_origin(kind) in (Union, UnionType, tuple):
        for part in get_args(kind):
            yield from words_of(part)
    elif kind is bool:
        yield from ("True", "False")


def test_every_word_of_an_event_is_told_in_words() -> None:
    untold = {
        (name, word)
        for name, kind in shapes()
        for word in words_of(kind)
        if word not in vocabularies.VOCABULARIES.get(name, vocabularies.YES_NO)
    }
    # Who appends a local standard says for what it is; no page tells more of it than its id and first day.
    assert {name for name, _ in untold} <= {"determination", "adds_employer_types"}


def test_every_label_that_a_page_names_has_words_and_no_label_is_left_over() -> None:
    files = (*PAGES.glob("*.*"), ROOT / "services/projections/api/pages.py", ROOT / "services/core/words/events.py")
    text = "".join(path.read_text() for path in files)
    named = set(re.findall(r"(?:label|_word)\(\s*[\"']([a-z_]+)[\"']", text))
    otherwise = set(re.findall(r"(?:label|_word)\(\s*\"[a-z_]+\" if [^,]* else \"([a-z_]+)\"", text))
    assert named | otherwise == set(labels.LABELS)


def test_every_word_of_the_first_page_is_used_and_every_used_one_is_there() -> None:
    text = "".join(path.read_text() for path in (ROOT / "services/server/pages").glob("*.jinja"))
    assert set(re.findall(r"words\(\"([a-z_]+)\"", text)) == set(FRONT)


def constants(path: Path) -> Iterator[str]:
    """Yield the strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_every_sentence_of_the_core_and_of_pages_stands_among_the_words() -> None:
    core = ROOT / "services/core"
    files = [path for path in core.rglob("*.py") if path.parent.name != "words"] + list(PAGES.glob("*.py"))
    assert [
        (path.name, text) for path in files for text in constants(path) if re.search(r"[\u4e00-\u9fff]", text)
    ] == []


REASONED = re.compile(r"\bReason\b")
"""Where the return type of a function names this type, the function gives a reason."""


def reasons_given(path: Path) -> Iterator[ast.Constant]:
    """Yield the reasons that a module of the rules gives: in a verdict, at the end of what a function returns, or as
    `reason=`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.keyword) and node.arg == "reason":
            yield from last_words(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Verdict":
            yield from last_words(ast.Tuple(node.args[:2]) if len(node.args) > 1 else ast.Tuple([]))
        elif isinstance(node, ast.FunctionDef) and node.returns and REASONED.search(ast.unparse(node.returns)):
            for inside in ast.walk(node):
                if isinstance(inside, ast.Return) and inside.value:
                    yield from last_words(inside.value)


def last_words(value: ast.expr) -> Iterator[ast.Constant]:
    match value:
        case ast.Constant(value=str()):
            yield value
        case ast.Tuple(elts=[*_, last]):
            yield from last_words(last)
        case ast.IfExp(body=body, orelse=orelse):
            yield from last_words(body)
            yield from last_words(orelse)


def test_a_rule_gives_no_reason_that_is_not_in_the_vocabulary() -> None:
    rules = ROOT / "services/core/rules"
    given = [(path.relative_to(ROOT), reason) for path in sorted(rules.rglob("*.py")) for reason in reasons_given(path)]
    assert {"no_certificate", "no_degree", "no_direct_service"} <= {reason.value for _, reason in given}
    assert [
        f"{path}:{reason.lineno}: {reason.value!r} is not in `Reason` of services/core/rules/verdict.py"
        for path, reason in given
        if reason.value not in codes(Reason)
    ] == []
