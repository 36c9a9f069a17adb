"""Programs that others generate from the OpenAPI document append an event and read a standing, and all of it has types.

Each client is generated from the document in contracts/, checked with the program that uses it, and run against a
service. `make .venv/contract/.ok` installs the generators; without them these tests fail.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.api.serving import serving
from tools.contract_tools import DOCUMENT, FOLDER, environment, node, node_program, python_program

PROGRAMS = Path(__file__).parent
TIMEOUT_S = 300
NODE_MODULES = "node_modules"
TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "target": "es2022",
        "module": "nodenext",
        "moduleResolution": "nodenext",
        "lib": ["es2022", "dom", "dom.iterable"],
        "types": [],
        "noUncheckedIndexedAccess": True,
    },
}


@pytest.fixture
async def base(app: FastAPI) -> AsyncIterator[str]:
    async with serving(app) as url:
        yield url


async def run(command: list[str], folder: Path) -> str:
    """Return what a command prints; it must end well."""
    program = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment() | {"MYPYPATH": str(folder), "PYTHONPATH": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(TIMEOUT_S):
        printed, _ = await program.communicate()
    assert program.returncode == 0, printed.decode()
    return printed.decode()


def typescript_in(folder: Path, program: str) -> Path:
    """Return a folder with a program and what its compiler needs."""
    shutil.copy(PROGRAMS / program, folder)
    (folder / NODE_MODULES).symlink_to(FOLDER / NODE_MODULES)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps({**TSCONFIG, "files": [program]}))
    return folder


async def test_a_client_in_python_has_the_types_of_what_it_sends_and_reads(tmp_path: Path, base: str) -> None:
    configuration = tmp_path / "configuration.json"
    overrides = dict.fromkeys(("application/jsonl", "application/x-ndjson"), "application/octet-stream")
    configuration.write_text(json.dumps({"post_hooks": [], "content_type_overrides": overrides}))
    out = ["--output-path", str(tmp_path / "ledger_client"), "--meta", "none", "--config", str(configuration)]
    generator = python_program("openapi-python-client")
    printed = await run([*generator, "generate", "--path", str(DOCUMENT), "--fail-on-warning", *out], tmp_path)
    assert "WARNING" not in printed
    shutil.copy(PROGRAMS / "with_python.py", tmp_path)
    await run([*python_program("mypy"), "--strict", "--cache-dir", str(tmp_path / "mypy"), "with_python.py"], tmp_path)
    await run([*python_program("python"), "with_python.py", base], tmp_path)


async def test_a_client_of_hey_api_has_the_types_of_what_it_sends_and_reads(tmp_path: Path, base: str) -> None:
    folder = typescript_in(tmp_path, "with_hey_api.ts")
    # Imports get the endings that the compiler asks for only if the generator is told where its settings are.
    output = {"path": str(folder / "generated" / "hey_api"), "tsConfigPath": str(folder / "tsconfig.json")}
    configuration = folder / "openapi-ts.config.json"
    configuration.write_text(
        json.dumps({"input": str(DOCUMENT), "output": output, "plugins": ["@hey-api/client-fetch", "@hey-api/sdk"]})
    )
    await run([*node_program("hey-api"), "--file", str(configuration), "--no-log-file"], folder)
    await run([*node_program("tsc"), "--project", "."], folder)
    await run([*node(), "with_hey_api.js", base], folder)


async def test_a_client_of_openapi_typescript_has_the_types_of_what_it_sends_and_reads(
    tmp_path: Path, base: str
) -> None:
    folder = typescript_in(tmp_path, "with_openapi_typescript.ts")
    types = folder / "generated" / "openapi_typescript.d.ts"
    await run([*node_program("openapi-typescript"), str(DOCUMENT), "--output", str(types)], folder)
    await run([*node_program("tsc"), "--project", "."], folder)
    await run([*node(), "with_openapi_typescript.js", base], folder)
