"""Rules look at the asked day only through what it has reached, and write nowhere how long they hold."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeGuard

import pytest

import services.core.rules

RULES = Path(services.core.rules.__path__[0])
CORE = RULES.parent
MAY_READ_THE_DATE: Sequence[str] = ("professional_years.py", "reckoning.py", "undefined.py", "windows.py")
"""What moves every day, and the day on which something was decided."""


class _Judging(ast.NodeTransformer):
    """Leaves out what tells people what they lack: it speaks of days, and judges nothing."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        return None if node.name == "needs" else node


def modules(folder: Path = RULES) -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(folder.rglob("*.py")):
        name = path.name if folder == RULES else path.relative_to(folder).as_posix()
        yield name, _Judging().visit(ast.parse(path.read_text()))


def test_no_rule_writes_until_when_it_holds() -> None:
    """Only `evaluate` does, from the asked day."""
    written = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Assign) and "until" in {target.id for target in ast.walk(node) if is_stored(target)})
        or (isinstance(node, ast.keyword) and node.arg == "until")
    ]
    assert written == ["evaluate.py"]


def test_two_modules_write_until_when_an_answer_holds_the_one_that_judges_and_the_one_that_searches() -> None:
    """The first takes it from the asked day; the second moves it later, to the exact last day."""
    written = [
        (name, callee_of(node))
        for name, tree in modules(CORE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "until" in {keyword.arg for keyword in node.keywords}
        if callee_of(node) in ("Determination", "replace")
    ]
    made = [name for name, tree in modules(CORE) for node in ast.walk(tree) if callee_of(node) == "Determination"]
    assert written == [("questions/standing.py", "replace"), ("rules/evaluate.py", "Determination")]
    assert made == ["rules/evaluate.py"]


def callee_of(node: ast.AST) -> str | None:
    """Return the last name of what a call calls; None if the node is no call of a name."""
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)


def is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


@pytest.mark.parametrize("attribute", ["date", "since", "turn"])
def test_no_rule_looks_at_the_asked_day_but_through_what_it_has_reached(attribute: str) -> None:
    assert readers(attribute) <= set(MAY_READ_THE_DATE if attribute == "date" else ())


def readers(attribute: str) -> set[str]:
    """Return the modules that read an attribute of this name."""
    return {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == attribute
    }


def test_no_rule_compares_with_the_day_in_the_question_or_reckons_from_it() -> None:
    """It stands there for the asked day to be made of, and for advice to speak of."""
    compared = [
        (name, node.lineno)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.BinOp)
        and any(isinstance(part, ast.Attribute) and part.attr == "as_of" for part in ast.walk(node))
    ]
    assert compared == []
