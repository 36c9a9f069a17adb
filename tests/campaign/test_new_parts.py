"""Adding a condition, a kind of rule, a reason or a need: the files it takes, and the gates that name what is missing.

Tried in a copy of the tree. An incomplete part never gives an answer, so never a false one.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaign.copied import ROOT, Copy, copied

CONDITIONS, KINDS = "services/core/rules/conditions", "services/core/rules/kinds"
EMPLOYED, REGISTRY = f"{CONDITIONS}/employed.py", f"{KINDS}/registry.py"
VERDICT, NEEDS = "services/core/rules/verdict.py", "services/core/rules/needs.py"
WORDS_OF_ADVICE = "services/core/words/advice.py"
SIXTH_PLACE = "tests/rules/sixth_place.yaml"
TESTS = {
    "test_words": "tests/house/test_words.py",
    "test_conditions": "tests/rules/test_conditions.py",
    "test_results": "tests/rules/test_results.py",
}
Put = Callable[[str, str, str], None]


@pytest.fixture(scope="module")
def remembered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the type checker remembers of the code, so that it reads anew only what a test has changed."""
    cache = tmp_path_factory.mktemp("types") / "cache"
    if (ROOT / ".mypy_cache").exists():
        shutil.copytree(ROOT / ".mypy_cache", cache)
    cache.mkdir(exist_ok=True)
    return cache


@pytest.fixture
def tree(tmp_path: Path, remembered: Path) -> Copy:
    """A copy of the code, and of its tests of words, conditions and results."""
    (tmp_path / ".mypy_cache").symlink_to(remembered)
    tests = ("tests/documents.py", "tests/lives.py", SIXTH_PLACE, *TESTS.values())
    return copied(tmp_path, "contracts", "services", "pyproject.toml", *tests)


@pytest.fixture
def put(tree: Copy) -> Put:
    """Put lines before the first place at which a file of the copy has this text."""

    def put(path: str, before: str, lines: str) -> None:
        text = tree.read(path)
        assert before in text
        tree.write(path, text.replace(before, lines + before, 1))

    return put


def run(tree: Copy, *command: str) -> str:
    done = tree.run(*command)
    return done.stdout + done.stderr


def untyped(tree: Copy) -> set[str]:
    """Return the files in which the type checker names something missing."""
    said = run(tree, "-m", "mypy", "-p", "services.core", "--config-file", "pyproject.toml")
    assert re.search(r"^(Success|Found)", said, re.MULTILINE), said
    return set(re.findall(r"^(\S+\.py):\d+: error", said, re.MULTILINE))


def failing(tree: Copy, test: str) -> str:
    """Return what the tests of a file say where they fail; nothing where they hold."""
    said = run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", TESTS[test])
    return said if " failed" in said else ""


YEARS_OF_SERVICE = '''"""`years_of_service`: has an employment that has lasted for years."""

from collections.abc import Iterator

from services.core.calendar import AskedDay, add_months
from services.core.facts.facts import Facts
from services.core.rules.conditions.measured import jobs_on
from services.core.rules.needs import ConditionNeed, EmploymentNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.terms import Calendar
from services.core.rules.verdict import Verdict
from services.core.rules.windows import Years


class YearsOfService(Word, frozen=True):
    """Has an employment that began at least so many years ago."""

    at_least: Years

    def compile(self, context: Context) -> Check:
        round_up = context.term(Calendar).round_up

        def check(facts: Facts, day: AskedDay) -> Verdict:
            for job in jobs_on(facts, day):
                if day.reached(add_months(job.first, 12 * self.at_least, round_up=round_up)):
                    return Verdict("met", None, job.sources)
            return Verdict("not_met", "no_fitting_employment")

        return check

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield an employment."""
        yield EmploymentNeed(code="employment", **lack.members())
'''
FOR_SENIORS = "- certificate: {holds_certificate: {levels: [senior], scope: national}}"
OR_AFTER_FIVE_YEARS = """- certificate:
                  any_of:
                    - senior: {holds_certificate: {levels: [senior], scope: national}}
                    - long_service: {years_of_service: {at_least: 5}}"""
ASK = f'''
from datetime import date
from pathlib import Path
from contracts.policies.shipped import read_yaml, shipped_pack
from services.core.questions.whole import whole_answer
from services.core.rules.book import compose
from services.core.rules.verdict import Question
from tests.lives import PINNED, facts_of, someone

rules = compose("990102", {{{{**PINNED, "990100": shipped_pack(read_yaml(Path("{SIXTH_PLACE}")))}}}}, ())
facts = facts_of(someone.employed("2023-01-01", "990102", role="community_worker"))
for day in (date(2027, 12, 31), date(2028, 1, 1)):
    answer = whole_answer(rules, facts, Question("{{determination}}", day))
    print(answer.node.status, answer.until, answer.would_change[0].need)
'''


def test_a_condition_takes_a_file_and_its_line_among_the_words_and_a_place_may_use_it(tree: Copy, put: Put) -> None:
    """The sixth place pays its allowance to seniors; here also after five years of service."""
    place = tree.read(SIXTH_PLACE)
    assert FOR_SENIORS in place
    tree.write(SIXTH_PLACE, place.replace(FOR_SENIORS, OR_AFTER_FIVE_YEARS))
    assert "the language has no word 'years_of_service'" in run(tree, "-c", ASK.format(determination="allowance"))
    tree.write(f"{CONDITIONS}/years_of_service.py", YEARS_OF_SERVICE)
    put(
        REGISTRY,
        "from services.core.rules.kinds.entitlement",
        "from services.core.rules.conditions.years_of_service import YearsOfService\n",
    )
    put(REGISTRY, "}\nKINDS: ", '    "years_of_service": YearsOfService,\n')
    told = run(tree, "-c", ASK.format(determination="allowance")).splitlines()
    assert told == ["not_eligible 2027-12-31 certificate", "eligible 2029-04-30 in_force"]
    assert untyped(tree) == set()
    assert "years_of_service" in failing(tree, "test_conditions")


LONG_SERVICE = '''"""`long_service`: whether somebody has served for years, and how many are asked."""

from collections.abc import Iterator
from typing import ClassVar

from contracts.policies.language import Rule
from services.core.calendar import AskedDay, add_months
from services.core.facts.facts import Facts
from services.core.rules.conditions.measured import jobs_on
from services.core.rules.kinds.kind import Compiled, Inquiry, Kind
from services.core.rules.needs import AnswerNeed, PlainNeed
from services.core.rules.parts import Context
from services.core.rules.result import Result
from services.core.rules.terms import Calendar
from services.core.rules.verdict import Node, Question, make_node
from services.core.rules.windows import Counted, Years


class YearsAsked(Result, frozen=True):
    """The years that the rule asks for."""

    years: int | None = None

    KEY: ClassVar = "years"


class LongService(Kind, frozen=True):
    """Whether an employment began at least so many years ago."""

    STATUSES: ClassVar = frozenset({"met", "not_met"})
    RESULTS: ClassVar = (YearsAsked,)

    at_least: Years

    def compile(self, name: str, rule: Rule, context: Context) -> Compiled:
        round_up = context.term(Calendar).round_up

        def answer(facts: Facts, day: AskedDay, _question: Question, _counted: Counted) -> Node:
            begun = [add_months(job.first, 12 * self.at_least, round_up=round_up) for job in jobs_on(facts, day)]
            if any(day.reached(full) for full in begun):
                return make_node(name, rule, "met", result=YearsAsked(self.at_least))
            return make_node(name, rule, "not_met", reason="no_direct_service", result=YearsAsked(self.at_least))

        return Compiled(answer)
'''
ITS_NEEDS = '''
    def needs(self, inquiry: Inquiry, _node: Node) -> Iterator[AnswerNeed]:
        """Yield an employment in direct service."""
        yield PlainNeed(code="direct_service", **inquiry.lack("direct_service").members())
'''
ITS_RULE = """      technical_staff:
        clause: XX-04
        long_service: {at_least: 5}
        told: {rule: {key_terms: [从业满五年], text: {zh: 从业满五年。, en: Has served for five years.}}}
"""


def test_a_kind_of_rule_takes_a_file_and_its_lines_among_the_kinds_and_a_place_may_use_it(tree: Copy, put: Put) -> None:
    put(SIXTH_PLACE, "      allowance:\n", ITS_RULE)
    assert "the language has no kind 'long_service'" in run(tree, "-c", ASK.format(determination="technical_staff"))
    tree.write(f"{KINDS}/long_service.py", LONG_SERVICE)
    imported = "from services.core.rules.kinds.long_service import LongService, YearsAsked\n"
    put(REGISTRY, "from services.core.rules.kinds.payment", imported)
    put(REGISTRY, '    "payment": Payment', '    "long_service": LongService,\n')
    assert untyped(tree) == {REGISTRY}
    tree.write(f"{KINDS}/long_service.py", LONG_SERVICE + ITS_NEEDS)
    assert untyped(tree) == set()
    assert "LongService" in failing(tree, "test_results")
    put(REGISTRY, '    "technical_staff": ', '    "technical_staff": Answers(LongService, YearsAsked),\n    # ')
    assert failing(tree, "test_results") == ""
    told = run(tree, "-c", ASK.format(determination="technical_staff")).splitlines()
    assert told == ["not_met 2027-12-31 direct_service", "met 2029-04-30 in_force"]


def test_a_new_reason_is_missed_until_it_is_in_the_vocabulary_and_has_words(tree: Copy, put: Put) -> None:
    put(
        EMPLOYED,
        '                return Verdict("not_met", ',
        '                return Verdict("not_met", "begun_too_late")\n',
    )
    assert untyped(tree) == {EMPLOYED}
    assert f"'begun_too_late' is not in `Reason` of {VERDICT}" in failing(tree, "test_words")
    put(VERDICT, '    "no_fitting_employment",\n', '    "begun_too_late",\n')
    assert untyped(tree) == set()
    assert "begun_too_late" in failing(tree, "test_words")


def test_a_new_need_is_missed_until_it_is_told_and_has_a_sentence(tree: Copy, put: Put) -> None:
    years = """class MoreYears(Need, frozen=True, kw_only=True):
    code: Literal["more_years"] = "more_years"
    years: int


"""
    put(NEEDS, "class HoursNeed(Struct", years)
    put(NEEDS, "    | HoursNeed\n", "    | MoreYears\n")
    assert untyped(tree) == {WORDS_OF_ADVICE}
    put(WORDS_OF_ADVICE, "            | advice.TextInForce()", "            | needs.MoreYears()\n")
    assert untyped(tree) == set()
    assert "more_years" in failing(tree, "test_words")
