"""`ledgerctl` as an operator calls it: a real process, on this test's own database."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LEDGERCTL = Path(sys.executable).with_name("ledgerctl")
DEADLINE_S = 120.0


@dataclass(frozen=True)
class Command:
    """Runs `ledgerctl` with an environment of its own."""

    data: Path
    database_url: str | None
    """None: the data folder's own."""

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "LEDGER_DATA": str(self.data),
            "LEDGER_DATABASE_URL": self.database_url or "",
            "COLUMNS": "200",
        }

    def __call__(self, *arguments: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - the program under test
            [LEDGERCTL, *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start it, and leave it to the caller to wait."""
        return subprocess.Popen(  # noqa: S603 - as above
            [LEDGERCTL, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A folder that every account can reach, which pytest's tmp_path is not under root."""
    with tempfile.TemporaryDirectory(prefix="ledger-cli-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def ledgerctl(data_folder: Path, database_url: str) -> Command:
    return Command(data_folder, database_url)
