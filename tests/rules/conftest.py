"""The rules are run most often, so they are kept quick."""

import gc
from collections.abc import Iterator

import pytest

ALLOCATIONS_BEFORE_A_COLLECTION = 200_000


@pytest.fixture(scope="package", autouse=True)
def collect_garbage_seldom() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS_BEFORE_A_COLLECTION, *thresholds[1:])
    yield
    gc.set_threshold(*thresholds)
