"""What the server keeps in memory when it needs it no more."""

import subprocess
import sys

import pytest

MEBIBYTE = 1024**2
LARGE_MIB = 80
# Blocks of a size that was freed before, with small ones between them that stay, as sessions and requests have them.
PROGRAM = f"""
from pathlib import Path
from services.runtime.processes import give_back_large_blocks

def resident_mib():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // {MEBIBYTE}

give_back_large_blocks()
before = resident_mib()
freed = b"-" * (16 * {MEBIBYTE})
del freed
large, small = [], []
for _ in range(20):
    large.append(b"-" * ({LARGE_MIB // 20} * {MEBIBYTE}))
    small.append(b"-" * 65_536)
large.clear()
print(resident_mib() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc alone keeps large blocks")
def test_large_blocks_of_memory_go_back_to_the_system() -> None:
    kept = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert int(kept.stdout) < LARGE_MIB / 4
