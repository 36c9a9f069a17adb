"""The engine before the language of rules, as it is kept at its commit, in a process of its own."""

import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from bench import timed
from bench.sheet import ROOT

COMMIT = "f2d2757"
FOLDERS = ("bench", "contracts", "services")

Cost: TypeAlias = Callable[[timed.Work], float]
"""Returns what a piece of work costs for one person, in microseconds of CPU."""


class NotKept(Exception):
    """The commit of the engine before is not here, as in a shallow clone or in an archive."""

    def __str__(self) -> str:
        return f"commit {COMMIT} is not in this clone (git fetch --unshallow brings it)"


@contextmanager
def engine_before() -> Iterator[Cost]:
    """Yield what times the engine before, in the tree of its commit. Raises NotKept."""
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(_archive())) as tree:
            tree.extractall(folder, filter="data")
        with subprocess.Popen(  # noqa: S603  # The interpreter that runs this, and a file of ours.
            # Without -P, the modules beside the script would come before those of the tree.
            [sys.executable, "-P", "-B", Path(timed.__file__)],
            cwd=folder,
            env={"PYTHONPATH": folder},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            ask, answers = process.stdin, process.stdout
            assert ask
            assert answers

            def cost(work: timed.Work) -> float:
                print(work, file=ask, flush=True)
                return float(answers.readline())

            yield cost


def _archive() -> bytes:
    """Return the folders of the commit as a tar archive. Raises NotKept."""
    try:
        command = ["git", "-C", str(ROOT), "archive", COMMIT, *FOLDERS]
        return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603  # Nothing of it is given.
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotKept from error
