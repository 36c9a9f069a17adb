"""Whatever is killed comes back or leaves nothing behind, the next start succeeds, and the data is there."""

import os
import signal
import socket
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.demo.start import UNFINISHED
from services.ledger.api import examples
from services.runtime.settings import DEFAULT_PORT, HIGHEST_PORT
from services.server import server_file
from services.server.server_file import RunningServer
from tests.conftest import with_database
from tests.faults.service import Service, free_port, standing_in, wait_until

CANNOT_START = 3
LEDGER = "/v1/ledgers/streamed"


@pytest.fixture
def running(service: Service) -> Service:
    if not service.is_alive():
        service.start_until_ready()
    wait_until(lambda: service.runs("worker"), "a worker")
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


@pytest.mark.parametrize(
    ("victim", "name"), [("HTTP", "the HTTP server"), ("worker", "the worker"), ("postmaster", "PostgreSQL")]
)
async def test_a_killed_process_is_started_again_and_told_of_by_name(running: Service, victim: str, name: str) -> None:
    marks = await count_marks(running, add=True)
    supervisor = running.pid_of("supervisor")
    running.kill_and_wait_for_the_next(victim)
    assert f"{name} died (signal SIGKILL): starting it again in" in running.said
    assert running.pid_of("supervisor") == supervisor
    assert await count_marks(running) == marks


async def test_a_killed_backend_is_replaced_and_the_service_goes_on(running: Service) -> None:
    running.kill("backend")
    wait_until(running.is_ready, "ready again")
    assert running.is_alive()


async def test_a_killed_supervisor_takes_all_with_it_and_the_next_start_finds_the_data(running: Service) -> None:
    marks = await count_marks(running, add=True)
    running.kill("supervisor")
    running.exit_code()
    wait_until(lambda: not running.processes(), f"nothing left, but {running.processes()}")
    running.start_until_ready()
    assert await count_marks(running) == marks


async def test_a_start_right_after_a_kill_waits_for_what_is_left(running: Service) -> None:
    running.kill("supervisor")
    running.start_until_ready()


async def test_what_cannot_stay_up_is_started_ever_later_until_it_can(running: Service) -> None:
    """The HTTP server ends where it can open no connection to its database."""
    connection = await asyncpg.connect(with_database(running.database_url, "template1"))
    try:
        await connection.execute("ALTER DATABASE postgres ALLOW_CONNECTIONS false")
        running.kill("HTTP")
        wait_until(lambda: "starting it again in 0.4 s" in running.said, f"told of the back-off: {running.output}")
        assert running.is_alive()
    finally:
        await connection.execute("ALTER DATABASE postgres ALLOW_CONNECTIONS true")
        await connection.close()
    wait_until(running.is_ready, f"ready again: {running.output}")


async def test_a_client_that_comes_while_the_http_server_is_started_again_waits_and_is_answered_by_the_same_instance(
    running: Service,
) -> None:
    before, victim = running.instance(), running.pid_of("HTTP")
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: victim not in running.processes(), "killed")
    assert running.instance() == before


async def test_every_start_is_another_instance_and_tells_it_in_the_data_folder(running: Service) -> None:
    first = running.instance()
    assert _instance_told(running) == first
    assert running.stop() == 0
    running.start_until_ready()
    assert running.instance() != first
    wait_until(lambda: _instance_told(running) == running.instance(), "told")


def _instance_told(service: Service) -> str | None:
    found = server_file.find(service.data, "ledger")
    return found.instance if found else None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_a_stop_is_clean_and_leaves_nothing(running: Service, how: signal.Signals) -> None:
    assert running.stop(how) == 0
    assert running.processes() == []
    assert not (running.data / "postgres/data/postmaster.pid").exists()
    assert not (running.data / "server.json").exists()


async def test_a_stream_that_waits_for_news_ends_whole_when_the_service_stops(running: Service) -> None:
    """One that was cut off would end in the middle of its chunks, and httpx would raise."""
    async with httpx.AsyncClient(base_url=running.url, timeout=None) as client:  # noqa: S113 - it waits for ever
        await client.put(LEDGER, json=examples.NEW_LEDGER)
        await client.post(f"{LEDGER}/practitioners/P-1/events", json={"events": [examples.NEW_EVENT]})
        async with client.stream("GET", f"{LEDGER}/events", headers={"Accept": "text/event-stream"}) as stream:
            lines = stream.aiter_lines()
            while not (await anext(lines)).startswith("data:"):
                pass
            os.kill(running.pid_of("supervisor"), signal.SIGTERM)
            async for _ in lines:
                pass
    assert running.exit_code() == 0


async def test_killing_make_ends_what_make_run_started(service: Service) -> None:
    service.start_until_ready(by_make=True)
    service.kill("make")
    wait_until(lambda: not service.processes(), f"nothing left, but {service.processes()}")


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGTERM])
async def test_a_make_that_is_told_to_stop_ends_what_make_run_started(service: Service, how: signal.Signals) -> None:
    """GNU make passes SIGTERM on, and waits for ever at a hang-up of its terminal."""
    service.start_until_ready(by_make=True)
    wait_until(lambda: "Ctrl-C stops it" in service.said, "the banner")
    service.stop(how)
    wait_until(lambda: not service.processes(), f"nothing left, but {service.processes()}")


async def test_killing_make_before_the_service_is_up_ends_it_all_the_same(service: Service) -> None:
    service.start(by_make=True)
    # Just begun: the interpreter still loads, and has not asked the kernel to watch its parent.
    wait_until(lambda: service.runs("supervisor"), "a supervisor")
    service.kill("make")
    service.exit_code()
    wait_until(lambda: not service.processes(), f"nothing left, but {service.processes()}")


async def test_a_second_start_waits_for_the_first_to_go(running: Service) -> None:
    second = Service(running.folder, free_port())
    second.start()
    wait_until(lambda: "waiting for it to go" in second.said, "told that it waits")
    assert (
        f"the service at {running.url}, process {running.pid_of('supervisor')}, runs on {running.data}" in second.said
    )
    assert running.stop() == 0
    wait_until(second.is_ready, "ready after the first has gone")
    assert second.stop() == 0


async def test_the_two_services_share_one_postgresql_and_who_stays_takes_it_over(open_folder: Path) -> None:
    ledger, projections = Service(open_folder / "apart"), Service(open_folder / "apart")
    ledger.folder.mkdir()
    try:
        ledger.start_until_ready("ledger")
        projections.start_until_ready("projections")
        wait_until(lambda: projections.runs("worker"), "a worker")
        assert ("curl -X PUT" in ledger.said, "curl -X PUT" in projections.said) == (True, False)
        async with httpx.AsyncClient() as client:
            made = await client.put(f"{ledger.url}{LEDGER}", json=examples.NEW_LEDGER)
            assert made.status_code == httpx.codes.CREATED
            assert (await client.get(f"{projections.url}{LEDGER}")).status_code == httpx.codes.NOT_FOUND
        assert _url_of(ledger, "ledger") == ledger.url
        assert _url_of(projections, "projections") == projections.url
        assert ledger.stop() == 0
        wait_until(lambda: "running it from here" in projections.said, "taken over")
        wait_until(projections.is_ready, "ready again")
        assert await count_marks(projections) == 0
    finally:
        for service in (ledger, projections):
            if service.is_alive():
                service.stop()
    wait_until(lambda: not ledger.processes(), f"nothing left, but {ledger.processes()}")


async def test_what_a_killed_server_told_of_itself_is_seen_to_be_stale(running: Service) -> None:
    assert _url_of(running, "ledger") == running.url
    running.kill("supervisor")
    wait_until(lambda: not running.processes(), f"nothing left, but {running.processes()}")
    assert (running.data / "server.json").exists()
    # A process that goes has no name any more a moment before it lets go of its lock.
    wait_until(lambda: server_file.find(running.data, "ledger") is None, "seen to be stale")


def test_what_an_earlier_server_told_is_gone_as_soon_as_another_holds_its_lock(tmp_path: Path) -> None:
    """Else it would count again where the two have one process id."""
    before = RunningServer(os.getpid(), "http://127.0.0.1:1", server_file.SERVICES, None, "before")
    with server_file.announced(tmp_path, before), ExitStack() as held:
        server_file.lock_services(held, tmp_path, ("ledger",), deadline_s=0, on_wait=lambda: None)
        assert server_file.find(tmp_path, "ledger") is None


def _url_of(service: Service, name: str) -> str | None:
    found = server_file.find(service.data, name)
    return found.url if found else None


async def test_the_first_make_run_loads_a_demo_to_look_at_and_the_next_one_finds_it(open_folder: Path) -> None:
    first = Service(open_folder / "demo")
    first.folder.mkdir()
    try:
        first.start_until_ready(by_make=True)
        wait_until(lambda: "events of invented practitioners" in first.said, "the demo")
        url = first.said.partition("curl '")[2].partition("'")[0]
        async with httpx.AsyncClient() as client:
            standing = await client.get(url)
        assert standing.status_code == httpx.codes.OK, standing.text
        first.kill("make")
        first.exit_code()
        wait_until(lambda: not first.processes(), f"nothing left, but {first.processes()}")
        first.start_until_ready(by_make=True)
        wait_until(lambda: url in first.said, "the banner")
        assert "invented practitioners" not in first.said
        first.kill("make")
        first.exit_code()
        wait_until(lambda: not first.processes(), f"nothing left, but {first.processes()}")
        (first.data / UNFINISHED).touch()  # As a start leaves it that is killed while it loads.
        first.start_until_ready(by_make=True)
        wait_until(lambda: "invented practitioners" in first.said, "the demo, finished")
        assert not (first.data / UNFINISHED).exists()
    finally:
        if first.is_alive():
            first.stop()
    wait_until(lambda: not first.processes(), f"nothing left, but {first.processes()}")


@pytest.mark.parametrize(("port", "instead"), [(0, None), (HIGHEST_PORT, DEFAULT_PORT)])
async def test_a_port_in_use_is_told_before_anything_is_started(
    service: Service, port: int, instead: int | None
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        late = Service(service.folder / "late", other.getsockname()[1])
        late.folder.mkdir(exist_ok=True)
        late.start()
        assert late.exit_code() == CANNOT_START
    assert_refused_for_its_port(late, instead or late.port + 1)


def assert_refused_for_its_port(service: Service, instead: int) -> None:
    """It has said so, and has neither made a database nor told of a server."""
    said = f"port {service.port} of 127.0.0.1 cannot be used (Address already in use): try PORT={instead} make run"
    assert said in service.said
    assert not (service.data / "postgres").exists()
    assert not (service.data / "server.json").exists()


has_two_loopbacks = pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="no IPv6 here")


@has_two_loopbacks
async def test_it_answers_at_the_loopback_address_of_ipv6_too(running: Service) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://[::1]:{running.port}/livez")
    assert answer.json()["instance"] == running.instance()


@has_two_loopbacks
async def test_a_port_that_another_program_has_at_the_ipv6_loopback_is_not_shared(open_folder: Path) -> None:
    """Whoever calls localhost could reach that one."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        late = Service(open_folder / "late-6", other.getsockname()[1])
        late.folder.mkdir()
        late.start()
        assert late.exit_code() == CANNOT_START
    assert f"port {late.port} of ::1 cannot be used (Address already in use)" in late.said


async def test_of_two_starts_on_one_port_at_the_same_moment_one_is_ready_and_the_other_ends_with_a_sentence(
    open_folder: Path,
) -> None:
    port = free_port()
    both = [Service(open_folder / name, port) for name in ("this", "that")]
    try:
        for service in both:
            service.folder.mkdir()
            service.start()
        wait_until(lambda: not all(service.is_alive() for service in both), "one ends")
        (refused,) = (service for service in both if not service.is_alive())
        (taken,) = (service for service in both if service is not refused)
        assert refused.exit_code() == CANNOT_START
        assert_refused_for_its_port(refused, port + 1)
        wait_until(lambda: _instance_told(taken) is not None, f"ready: {taken.output}")
        assert _instance_told(taken) == taken.instance()
        assert taken.stop() == 0
    finally:
        for service in both:
            if service.is_alive():
                service.stop()


async def test_a_start_whose_http_server_dies_ends_with_a_sentence(open_folder: Path) -> None:
    """Its port stays open meanwhile, so a connection that nobody answers says nothing."""
    service = Service(open_folder / "without-http")
    service.folder.mkdir()
    service.start()
    wait_until(lambda: service.runs("HTTP"), f"an HTTP server: {service.output}")
    service.kill("HTTP")
    assert service.exit_code() == CANNOT_START
    assert "the HTTP server died (signal SIGKILL) while starting" in service.said


async def test_a_stand_in_that_answers_everything_with_200_is_not_taken_for_the_service(open_folder: Path) -> None:
    with standing_in() as other:
        service = Service(open_folder / "stood-in-for", other.port)
        service.folder.mkdir()
        service.start()
        assert service.exit_code() == CANNOT_START
    assert_refused_for_its_port(service, other.port + 1)
