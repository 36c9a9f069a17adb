"""The rules are run most often, so they are kept quick."""

import gc
from collections.abc import Iterator

import pytest

ALLOCATIONS_BEFORE_A_COLLECTION = 200_000


def pytest_collection_finish() -> None:
    """Leave out of every collection of garbage what was imported and collected: it stays until the end."""
    gc.freeze()


@pytest.fixture(scope="package", autouse=True)
def collect_garbage_seldom() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS_BEFORE_A_COLLECTION, *thresholds[1:])
    yield
    gc.set_threshold(*thresholds)
