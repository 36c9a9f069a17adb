"""Check the OpenAPI document by redocly's recommended rules, without an error or a warning: `make lint` runs it."""

import json
import subprocess
import sys

from tools.contract_tools import DOCUMENT, ROOT, environment, node_program

CONFIGURATION = ROOT / "tools" / "contract" / "redocly.yaml"
FORMAT = ("--format=json", "--max-problems=1000")


def main() -> int:
    """Return 0 if nothing is found; otherwise print what is, each with its place."""
    command = [*node_program("redocly"), "lint", "--config", str(CONFIGURATION), *FORMAT, str(DOCUMENT)]
    linted = subprocess.run(command, env=environment(), capture_output=True, text=True)  # noqa: S603 - a tool of ours
    try:
        problems = json.loads(linted.stdout)["problems"]
    except ValueError:
        sys.stderr.write(linted.stdout + linted.stderr)
        return 1
    for problem in problems:
        place = problem["location"][0]["pointer"]
        sys.stderr.write(f"{DOCUMENT.name}{place}: {problem['ruleId']}: {problem['message']}\n")
    return 1 if problems else linted.returncode


if __name__ == "__main__":
    sys.exit(main())
