"""Whatever is killed, nothing is left behind, the next start succeeds, and the data is there."""

import os
import signal
import socket

import asyncpg
import pytest

from tests.faults.service import Service, free_port, wait_until

CANNOT_START = 3


@pytest.fixture
def running(service: Service) -> Service:
    if service.process is None or service.process.poll() is not None:
        service.start_until_ready()
    return service


async def count_marks(service: Service, *, add: bool = False) -> int:
    connection = await asyncpg.connect(service.database_url)
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS marks ()")
        if add:
            await connection.execute("INSERT INTO marks DEFAULT VALUES")
        count: int = await connection.fetchval("SELECT count(*) FROM marks")
        return count
    finally:
        await connection.close()


@pytest.mark.parametrize("victim", ["HTTP", "postmaster", "supervisor"])
async def test_a_killed_process_takes_the_others_with_it_and_the_next_start_finds_the_data(
    running: Service, victim: str
) -> None:
    marks = await count_marks(running, add=True)
    os.kill(running.pid_of(victim), signal.SIGKILL)
    running.exit_code()
    wait_until(lambda: not running.processes(), f"nothing left, but {running.processes()}")
    running.start_until_ready()
    assert await count_marks(running) == marks


async def test_a_start_right_after_a_kill_waits_for_what_is_left(running: Service) -> None:
    os.kill(running.pid_of("supervisor"), signal.SIGKILL)
    running.start_until_ready()


async def test_the_death_of_a_process_is_told_with_its_name_and_what_to_do(running: Service) -> None:
    os.kill(running.pid_of("HTTP"), signal.SIGKILL)
    assert running.exit_code() == 1
    assert "the HTTP server died (signal SIGKILL)" in " ".join(running.output.split())
    assert "start again" in " ".join(running.output.split())


async def test_a_killed_backend_is_replaced_and_the_service_goes_on(running: Service) -> None:
    os.kill(running.pid_of("backend"), signal.SIGKILL)
    wait_until(running.is_ready, "ready again")
    assert running.process is not None
    assert running.process.poll() is None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_a_stop_is_clean_and_leaves_nothing(running: Service, how: signal.Signals) -> None:
    assert running.stop(how) == 0
    assert running.processes() == []
    assert not (running.data / "postgres/data/postmaster.pid").exists()


async def test_killing_make_ends_what_make_run_started(service: Service) -> None:
    service.start_until_ready(by_make=True)
    os.kill(service.pid_of("make"), signal.SIGKILL)
    wait_until(lambda: not service.processes(), f"nothing left, but {service.processes()}")


async def test_killing_make_before_the_service_is_up_ends_it_all_the_same(service: Service) -> None:
    service.start(by_make=True)
    # Just begun: the interpreter still loads, and has not asked the kernel to watch its parent.
    wait_until(lambda: service.runs("supervisor"), "a supervisor")
    os.kill(service.pid_of("make"), signal.SIGKILL)
    service.exit_code()
    wait_until(lambda: not service.processes(), f"nothing left, but {service.processes()}")


async def test_a_second_start_waits_for_the_first_to_go(running: Service) -> None:
    second = Service(running.folder, free_port())
    second.start()
    wait_until(lambda: "waiting for it to go" in " ".join(second.output.split()), "told that it waits")
    assert running.stop() == 0
    wait_until(second.is_ready, "ready after the first has gone")
    assert second.stop() == 0


async def test_a_port_in_use_is_told_before_anything_is_started(service: Service) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        late = Service(service.folder / "late", other.getsockname()[1])
        late.folder.mkdir()
        late.start()
        assert late.exit_code() == CANNOT_START
    said = " ".join(late.output.split())
    assert f"port {late.port} cannot be used (Address already in use): try PORT={late.port + 1} make run" in said
    assert not (late.data / "postgres").exists()
