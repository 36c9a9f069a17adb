"""Random stalls of sessions, servers and statements under load: every receipt is at its position for ever.

`make campaign` plays 200, half of them longer than every limit: `--stalls N --seed S`.
"""

import logging
import random
from collections.abc import Callable

import pytest

from tests.campaign import crowd, nemeses
from tests.campaign.installation import Installation, installed, service_beside

MANY_STALLS = 200
ENOUGH_RECEIPTS = 50_000
"""Of many stalls; with fewer, too little would have been at stake."""

_log = logging.getLogger(__name__)


@pytest.mark.parametrize("services", [1, 2], ids=["one process", "two processes"])
async def test_every_receipt_outlasts_random_stalls(
    services: int, request: pytest.FixtureRequest, chosen_seed: int, tell: Callable[[str], None]
) -> None:
    stalls = request.config.getoption("--stalls")
    dice = random.Random(chosen_seed)  # noqa: S311 - a test that can be repeated
    async with (
        installed(services) as installation,
        crowd.gathered(installation, ["stalls-a", "stalls-b"], dice) as crowds,
    ):
        async with crowd.busy(crowds):
            for number in range(stalls):
                await stall(installation, dice, nemeses.duration_s(dice, longer=number % 2 == 0))
                for clients in crowds:
                    await clients.go_on()
        tell(f"{stalls} stalls, {services} services, --seed {chosen_seed}: {crowd.summary(crowds)}")
        await crowd.check(crowds, installation)
        await installation.stop()
        async with service_beside(installation) as beside:
            for clients in crowds:
                await crowd.check_answers(clients, beside)
    receipts = sum(len(clients.history.receipts) for clients in crowds)
    assert stalls < MANY_STALLS or receipts >= ENOUGH_RECEIPTS, "too few receipts: the run does not count"


async def stall(installation: Installation, dice: random.Random, seconds: float) -> None:
    """Suspend something at random."""
    struck = None
    while struck is None:
        nemesis = dice.choice(nemeses.STALLS)
        struck = await nemesis(installation, dice, seconds)
        _log.warning("%s for %.2f s: %s", nemesis.__name__, seconds, struck)
