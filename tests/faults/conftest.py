"""A data folder and its service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import open_folder
from tests.faults.service import Service


@pytest.fixture(scope="module", name="open_folder")
def folder_of_the_module() -> Iterator[Path]:
    """A folder that every account can reach."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def service(open_folder: Path) -> Iterator[Service]:
    """Stopped at first; the tests of a module start and kill it in turn, on the same data."""
    service = Service(open_folder)
    yield service
    if service.process is not None and service.process.poll() is None:
        service.stop()
