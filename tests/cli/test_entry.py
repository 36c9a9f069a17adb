"""How `ledgerctl` begins."""

import signal
import subprocess
import sys

INTERRUPTED_WHILE_IT_LOADS = """
import os, signal, sys

class CtrlC:
    def find_spec(self, name, path, target=None):
        if name == "services.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, CtrlC())
from services.cli.entry import main
main()
"""


def test_ctrl_c_while_it_loads_ends_it_without_a_word() -> None:
    ended = subprocess.run(  # noqa: S603 - a program of this test
        [sys.executable, "-c", INTERRUPTED_WHILE_IT_LOADS], capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")
