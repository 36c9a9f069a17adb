"""Paste the README's requests into a running service and compare the answers with those printed there.

    python tests/journeys/readme.py --base http://127.0.0.1:8000

Every ```sh block is run as written, except for the address; the ```json block after it is the answer. `…` in it matches
anything.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
PRINTED_BASE = "http://127.0.0.1:8000"
BLOCK = re.compile(r"```sh\n(?P<request>.*?)```\s*```json\n(?P<answer>.*?)```", re.DOTALL)
REQUEST_TIMEOUT_S = 60


def agrees(printed: str, got: str) -> bool:
    """Whether an answer matches the printed one, in which `…` matches anything."""
    first, *others = (part.strip() for part in printed.split("…"))
    got = got.strip()
    if not others:
        return got == first
    *between, last = others
    if not (got.startswith(first) and got.endswith(last)):
        return False
    # Each part is looked for behind the one before it, where it first stands: no other place would leave more room.
    begin, end = len(first), len(got) - len(last)
    for part in between:
        found = got.find(part, begin, end)
        if found < 0:
            return False
        begin = found + len(part)
    return begin <= end


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default=PRINTED_BASE)
    base = parser.parse_args().base
    blocks = list(BLOCK.finditer(README.read_text()))
    failed = 0
    for number, block in enumerate(blocks):
        command = block["request"].replace(PRINTED_BASE, base)
        run = subprocess.run(  # noqa: S603 - the README is ours.
            ["/bin/bash", "-c", command], capture_output=True, text=True, check=False, timeout=REQUEST_TIMEOUT_S
        )
        if not agrees(block["answer"], run.stdout):
            failed += 1
            sys.stdout.write(
                f"request {number} of the README answers otherwise:\n{command}\n{run.stdout}{run.stderr}\n"
            )
    sys.stdout.write(f"README: {len(blocks) - failed} passed, {failed} failed\n")
    return 1 if failed or not blocks else 0


if __name__ == "__main__":
    sys.exit(main())
