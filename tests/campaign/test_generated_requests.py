"""Requests that schemathesis generates from the OpenAPI document, right and wrong ones, meet the service.

`--http-cases N` is how many at least. All its checks are on: no failure of the service; no status, form, header or
shape that the document does not describe; no wrong request accepted, and no right one refused.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path

import httpx
import pytest
from hypothesis import settings

from tests.api.client import EVENTS
from tests.faults.service import DEADLINE_S, Service
from tests.lives import CHENGDU_WORKER, http
from tools.contract_tools import environment, python_program

HERE = Path(__file__).parent
CONFIGURATION, TOLD = HERE / "generated_requests.toml", HERE / "generated_requests.py"
PEOPLE = 40
SAME_SEED = 0


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Service]:
    """A service with careers in the ledger that the document has as its example, and a person by the id there."""
    service = Service(tmp_path)
    try:
        service.start_until_ready()
        service.ledgerctl("demo", "--ledger", "chengdu", "--practitioners", str(PEOPLE))
        sent = {"events": http(CHENGDU_WORKER)}
        httpx.post(f"{service.url}{EVENTS}", json=sent, timeout=DEADLINE_S).raise_for_status()
        yield service
    finally:
        service.stop()


@pytest.fixture
def seed_of_requests(request: pytest.FixtureRequest) -> int:
    """The same for the same tree where hypothesis is to draw the same, as in CI."""
    return SAME_SEED if settings().derandomize else request.getfixturevalue("chosen_seed")


def test_whatever_is_asked_the_service_does_what_its_document_says(
    told: Service, seed_of_requests: int, pytestconfig: pytest.Config, tell: Callable[[str], None], tmp_path: Path
) -> None:
    cases = pytestconfig.getoption("--http-cases")
    operations = httpx.get(f"{told.url}/openapi.json", timeout=DEADLINE_S).json()["paths"]
    for_each = ceil(cases / sum(map(len, operations.values())))
    report = tmp_path / "report.json"
    ended = subprocess.run(  # noqa: S603 - a tool of ours
        [
            *(*python_program("schemathesis"), "--config-file", str(CONFIGURATION), "run", f"{told.url}/openapi.json"),
            *("--seed", str(seed_of_requests), "--max-examples", str(for_each), "--no-color"),
            *("--report", "json", "--report-json-path", str(report)),
        ],
        cwd=tmp_path,
        env=environment() | {"SCHEMATHESIS_HOOKS": str(TOLD)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["complete"], found["stop_reason"]
    assert found["operations"]["tested"] == found["operations"]["total"]
    assert {phase["status"] for phase in found["phases"].values()} == {"success"}, found["phases"]
    assert found["warnings"]["missing_test_data"] == [], "ids that lead to something"
    assert found["test_cases"]["generated"] >= cases
    tell(f"{found['test_cases']['generated']} requests in {found['running_time']:.0f} s")
