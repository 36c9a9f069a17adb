"""`--careers N`: every test that takes a seed runs for the first N. `--seed S`: the random faults of another run."""

import random
from collections.abc import Callable
from math import ceil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

settings.register_profile("first-found", phases=[Phase.generate])
"""For a mistake that is known: that it is found is enough."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--careers")))


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Print a line that is seen though the test succeeds."""
    capture = pytestconfig.pluginmanager.get_plugin("capturemanager")
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")

    def line(text: str) -> None:
        if reporter is not None and capture is not None:
            with capture.global_and_fixture_disabled():
                reporter.ensure_newline()
                reporter.write_line(text)

    return line


@pytest.fixture
def pairs(pytestconfig: pytest.Config) -> Callable[[Callable[[st.DataObject], None], int], None]:
    """Run a check over so many pairs of packs and a career that all `shares` have at least `--pack-careers` in sum."""

    def run(check: Callable[[st.DataObject], None], shares: int) -> None:
        count = ceil(pytestconfig.getoption("--pack-careers") / shares)
        bounded = settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        bounded(given(st.data())(check))()

    return run


@pytest.fixture
def chosen_seed(pytestconfig: pytest.Config, tell: Callable[[str], None]) -> int:
    """The seed of random faults, told at once."""
    seed: int | None = pytestconfig.getoption("--seed")
    chosen = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    tell(f"--seed {chosen}")
    return chosen
