"""Everything that can fail does, at random, for `--minutes`; then every law must hold.

`make campaign` does so for half an hour. With `--seed S` the same things fail in the same order, though not at the same
moments.
"""

import asyncio
import json
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence

import httpx
import pytest

from tests.campaign import crowd, nemeses
from tests.campaign.crowd import Crowd
from tests.campaign.installation import Installation, OfferedService, installed, library, service_beside
from tests.campaign.nemeses import Nemesis
from tests.faults.service import DEADLINE_S, wait_until

LONGEST_PAUSE_S = 1.0

_log = logging.getLogger(__name__)


async def test_no_event_is_lost_or_doubled_and_no_answer_changes_whatever_fails(
    request: pytest.FixtureRequest, chosen_seed: int, tell: Callable[[str], None]
) -> None:
    dice = random.Random(chosen_seed)  # noqa: S311 - a test that can be repeated
    struck: Counter[str] = Counter()
    async with (
        installed(2, small_disk=True, libfaketime=library()) as installation,
        crowd.gathered(installation, ["nemeses-a", "nemeses-b"], dice) as crowds,
    ):
        if installation.disk is None:
            tell("not run: fill_the_disk, for no tmpfs can be mounted here")
        if not installation.clocks:
            tell("not run: step_a_clock and part_the_clocks, for want of libfaketime: apt-get install faketime")
        async with crowd.busy(crowds):
            ends = time.monotonic() + 60 * request.config.getoption("--minutes")
            await asyncio.gather(
                *(rage(kinds, installation, random.Random(dice.random()), ends, struck) for kinds in nemeses.ALL)  # noqa: S311 - as above
            )
            await installation.until_ready()
            for clients in crowds:
                await clients.go_on()
        tell(f"--seed {chosen_seed}: {crowd.summary(crowds)}")
        tell(", ".join(f"{name} x {count}" for name, count in sorted(struck.items())))
        await crowd.check(crowds, installation)
        for clients in crowds:
            await asyncio.to_thread(check_rows, installation.services[0], clients)
        await installation.stop()
        async with service_beside(installation) as beside:
            for clients in crowds:
                await crowd.check_answers(clients, beside)
                await asyncio.to_thread(check_rows, beside, clients)


async def rage(
    kinds: tuple[Nemesis, ...], installation: Installation, dice: random.Random, ends: float, struck: Counter[str]
) -> None:
    """Have one thing fail after the other: each kind once in every round, in another order."""
    round_: list[Nemesis] = []
    while time.monotonic() < ends:
        if not round_:
            round_ = dice.sample(kinds, len(kinds))
        nemesis = round_.pop()
        seconds = nemeses.duration_s(dice, longer=dice.random() < 0.5)
        what = await nemesis(installation, dice, seconds)
        _log.warning("%.1f s left: %s for %.2f s: %s", ends - time.monotonic(), nemesis.__name__, seconds, what)
        if what is not None:
            struck[nemesis.__name__] += 1
        await asyncio.sleep(dice.uniform(0, LONGEST_PAUSE_S))


def check_rows(service: OfferedService, clients: Crowd) -> None:
    """The rows reach the head by themselves, however long it takes while they move, and equal a rebuild."""
    head = max(receipt.position for receipt in clients.history.receipts)
    url = f"{service.url}/v1/ledgers/{clients.ledger}/standings"
    cohort = {"determination": "allowance", "min_position": head}

    def are_there_or_have_moved() -> bool:
        return httpx.get(url, params=cohort, timeout=DEADLINE_S).is_success or progress(service, clients) != before

    while not httpx.get(url, params=cohort, timeout=DEADLINE_S).is_success:
        before = progress(service, clients)
        wait_until(are_there_or_have_moved, f"the rows are at the head, or move on: {before}")
    verdict = json.loads(service.ledgerctl("rebuild", "--ledger", clients.ledger, "--verify", "--json"))
    assert (verdict["differences"], verdict["waiting"], verdict["parked"]) == (0, 0, 0), verdict
    assert verdict["compared"] == verdict["people"] > 0


def progress(service: OfferedService, clients: Crowd) -> Sequence[str]:
    """Return how far the rows of a ledger are, as the service's metrics tell it."""
    figures = httpx.get(f"{service.url}/metrics", timeout=DEADLINE_S).text.splitlines()
    told = [f'ledger_projection_{figure}{{ledger="{clients.ledger}"}}' for figure in ("position", "due_rows")]
    return [line for line in figures if line.startswith(tuple(told))]
