"""Stored versions to the current one. Stored bytes never change; a reader sees the newest shape.

A step maps the `data` of (type, schema_version) to the data of schema_version + 1. To give a type a second version:
change its struct in `catalogue.py` and add `("training.completed", 1): _training_1_to_2` here.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Step: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
Steps: TypeAlias = Mapping[tuple[str, int], Step]

STEPS: Steps = {}


def current_version(type_: str, steps: Steps = STEPS) -> int:
    """Return the schema version that is written today; the first is 1."""
    version = 1
    while (type_, version) in steps:
        version += 1
    return version


def upcast(type_: str, schema_version: int, data: dict[str, Any], steps: Steps = STEPS) -> dict[str, Any]:
    """Return `data` in the current version. Does not change its argument."""
    version = schema_version
    while step := steps.get((type_, version)):
        data = step(data)
        version += 1
    return data
