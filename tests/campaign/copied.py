"""A copy of the code, in which a test may change a line and see who notices."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Copy:
    """Some folders and files of this project, below another root."""

    root: Path

    def read(self, name: str) -> str:
        """Return the text of a file."""
        return (self.root / name).read_text()

    def write(self, name: str, text: str) -> None:
        """Write a file anew."""
        (self.root / name).write_text(text)

    @contextmanager
    def with_fault(self, module: str, before: str, after: str) -> Iterator[None]:
        """Have a module read otherwise wherever it says `before`, to the end of the block."""
        text = self.read(module)
        assert before in text, f"{module} is written otherwise now: write the fault anew"
        self.write(module, text.replace(before, after))
        try:
            yield
        finally:
            self.write(module, text)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python on the code of the copy."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        return subprocess.run(  # noqa: S603 - our own tools, on a copy of our own code.
            [sys.executable, "-B", *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def copied(root: Path, *names: str) -> Copy:
    """Copy these folders and files, each named from the root of the project, below `root`."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            # With what Python has compiled of it: a copy has the time of its source, so only a fault is compiled anew.
            shutil.copytree(ROOT / name, root / name)
        else:
            shutil.copy(ROOT / name, root / name)
    return Copy(root)
