"""Adding a condition, a kind of rule or a reason: until it is complete, each gate names what is missing.

Tried in a copy of the tree. An incomplete part never gives an answer, so never a false one.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LANGUAGE, PARTS = "contracts/policies/language.py", "services/core/rules/parts.py"
CONDITIONS, UNMET = "services/core/rules/conditions.py", "services/core/questions/unmet.py"
REGISTRY, MISSING = "services/core/rules/kinds/registry.py", "services/core/questions/missing.py"
VERDICT, ADVICE = "services/core/rules/verdict.py", "services/core/questions/advice.py"
WORDS_OF_ADVICE = "services/core/words/advice.py"
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
def tree(tmp_path: Path, remembered: Path) -> Path:
    """A copy of the code, and of its tests of words and parts."""
    (tmp_path / ".mypy_cache").symlink_to(remembered)
    for name in ("contracts", "services"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests/rules").mkdir(parents=True)
    for name in ("pyproject.toml", "tests/rules/test_words.py", "tests/rules/test_parts.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def put(tree: Path) -> Put:
    """Put lines before the first place at which a file of the copy has this text."""

    def put(path: str, before: str, lines: str) -> None:
        text = (tree / path).read_text()
        assert before in text
        (tree / path).write_text(text.replace(before, lines + before, 1))

    return put


def run(tree: Path, *command: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(  # noqa: S603 - our own tools, on a copy of our own code.
        [sys.executable, "-m", *command], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def untyped(tree: Path) -> set[str]:
    """Return the files in which the type checker names something missing."""
    said = run(tree, "mypy", "-p", "services.core", "--config-file", "pyproject.toml")
    assert re.search(r"^(Success|Found)", said, re.MULTILINE), said
    return set(re.findall(r"^(\S+\.py):\d+: error", said, re.MULTILINE))


def failing(tree: Path, test: str) -> str:
    """Return what the tests of a file say where they fail; nothing where they hold."""
    said = run(tree, "pytest", "-q", "-p", "no:cacheprovider", f"tests/rules/{test}.py")
    return said if " failed" in said else ""


SERVED_YEARS = '''class ServedYears(Struct, frozen=True, forbid_unknown_fields=True):
    """Has served so many years."""

    at_least: Years


'''


def test_a_new_condition_is_missed_where_it_is_not_compiled_and_where_nothing_tells_what_would_meet_it(
    tree: Path, put: Put
) -> None:
    put(LANGUAGE, "class Condition(Struct", SERVED_YEARS)
    put(LANGUAGE, "    decided_elsewhere: DecidedElsewhere | None", "    served_years: ServedYears | None = None\n")
    assert "served_years" in failing(tree, "test_parts")
    put(PARTS, "    | DecidedElsewhere\n", "    | ServedYears\n")
    put(PARTS, "    Served,\n", "    ServedYears,\n")
    assert failing(tree, "test_parts") == ""
    assert untyped(tree) == {CONDITIONS, UNMET}


def test_a_new_kind_of_rule_is_missed_where_it_is_not_compiled_and_where_nothing_tells_what_it_lacks(
    tree: Path, put: Put
) -> None:
    put(LANGUAGE, "class Rule(Struct", SERVED_YEARS)
    put(LANGUAGE, "    undefined: Undefined | None", "    served_years: ServedYears | None = None\n")
    assert "served_years" in failing(tree, "test_parts")
    put(PARTS, "    | Undefined\n", "    | ServedYears\n")
    put(PARTS, "    Served,\n", "    ServedYears,\n")
    assert failing(tree, "test_parts") == ""
    assert untyped(tree) == {REGISTRY, MISSING}


def test_a_new_reason_is_missed_until_it_is_in_the_vocabulary_and_has_words(tree: Path, put: Put) -> None:
    put(CONDITIONS, '        return "not_met", held, "no_fitting', '        return "not_met", held, "too_few_years"\n')
    assert untyped(tree) == {CONDITIONS}
    assert f"'too_few_years' is not in `Reason` of {VERDICT}" in failing(tree, "test_words")
    put(VERDICT, '    "no_fitting_employment",\n', '    "too_few_years",\n')
    assert untyped(tree) == set()
    assert "too_few_years" in failing(tree, "test_words")


def test_a_new_need_is_missed_until_it_is_in_the_vocabulary_and_has_a_sentence(tree: Path, put: Put) -> None:
    years = """class MoreYears(_Need, frozen=True, kw_only=True):
    code: Literal["more_years"] = "more_years"
    years: int


"""
    put(ADVICE, "class HoursNeed(Struct", years)
    put(ADVICE, "    | HoursNeed\n", "    | MoreYears\n")
    assert untyped(tree) == {WORDS_OF_ADVICE}
    put(ADVICE, '    "hours",\n', '    "more_years",\n')
    put(WORDS_OF_ADVICE, "            | advice.DecisionNeed()", "            | advice.MoreYears()\n")
    assert untyped(tree) == set()
    assert "more_years" in failing(tree, "test_words")
