"""A data folder, and the service on it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.service import Service


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every account can reach, which pytest's tmp_path is not under root."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-faults-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def service(open_folder: Path) -> Iterator[Service]:
    """Stopped at first; the tests of a module start and kill it in turn, on the same data."""
    service = Service(open_folder)
    yield service
    if service.process is not None and service.process.poll() is None:
        service.stop()
