"""The published contracts of answers: the JSON Schemas under contracts/schemas/answers, and the recipe of the
digest."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

import contracts

RECIPE = Path(__file__).parents[1] / "docs" / "how-to" / "explain.md"
FOLDER = Path(contracts.__file__).parent / "schemas" / "answers"
PUBLISHED = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
_VALIDATORS = {name: Draft202012Validator(schema, format_checker=FormatChecker()) for name, schema in PUBLISHED.items()}


def wrong(name: str, document: Any) -> list[str]:
    """Return what in an answer violates its published schema."""
    read = json.loads(json.dumps(document))
    return [f"{error.json_path}: {error.message[:200]}" for error in _VALIDATORS[name].iter_errors(read)]


def as_published(name: str, document: Any) -> dict[str, Any]:
    """Return an answer after checking it against its published schema."""
    assert wrong(name, document) == []
    return dict(document)


def recomputed(answer: dict[str, Any]) -> str:
    """Return the digest of an answer by the recipe that its readers are given."""
    digest: str = _recipe()(json.loads(json.dumps(answer)))
    return digest


@cache
def _recipe() -> Callable[[dict[str, Any]], str]:
    [code] = re.findall(r"```python\n(.*?)```", RECIPE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the documentation is what is tested
    recipe: Callable[[dict[str, Any]], str] = names["recomputed"]
    return recipe
