"""The published contracts of answers: the JSON Schemas under contracts/schemas/answers, and the recipe of the
digest.

What only a check against a schema needs is imported there: the rules check none, and they are run most often.
"""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import contracts
from services.core.answers.document import answer
from services.core.questions.whole import WholeAnswer
from services.core.rules.verdict import Question

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

RECIPE = Path(__file__).parents[1] / "docs" / "how-to" / "explain.md"
FOLDER = Path(contracts.__file__).parent / "schemas" / "answers"
PUBLISHED = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def wrong(name: str, document: Any) -> list[str]:
    """Return what in an answer violates its published schema."""
    read = json.loads(json.dumps(document))
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator(name).iter_errors(read)]


def whole_document(given: WholeAnswer, question: Question, findings: Iterable[Any] = ()) -> dict[str, Any]:
    """Return a whole answer as its reader gets it."""
    return answer(
        given,
        question,
        ledger="l",
        practitioner_id="p",
        known_at_position=1,
        projected=False,
        place_until=None,
        findings=findings,
    )


def as_published(name: str, document: Any) -> dict[str, Any]:
    """Return an answer after checking it against its published schema."""
    assert wrong(name, document) == []
    return dict(document)


def recomputed(answer: dict[str, Any]) -> str:
    """Return the digest of an answer by the recipe that its readers are given."""
    digest: str = _recipe()(json.loads(json.dumps(answer)))
    return digest


@cache
def _validator(name: str) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(PUBLISHED[name], format_checker=FormatChecker())


@cache
def _recipe() -> Callable[[dict[str, Any]], str]:
    [code] = re.findall(r"```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the documentation is what is tested
    recipe: Callable[[dict[str, Any]], str] = names["recomputed"]
    return recipe
