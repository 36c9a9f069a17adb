"""Everything that can happen to an installation: each nemesis strikes something at random, and undoes it afterwards."""

import asyncio
import errno
import os
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

import asyncpg

from services.runtime.database import DATABASE_ERRORS
from tests.campaign.installation import LONGEST_LIMIT_S, SHORTEST_LIMIT_S, Installation, stopped
from tests.faults.proxy import Fault, Moment, Proxy, Statement

Nemesis: TypeAlias = Callable[[Installation, random.Random, float], Awaitable[str | None]]
"""Strikes for some seconds, and returns what it struck; None if there was nothing to strike."""

STRIKE_DEADLINE_S = 2.0
"""How long a statement is waited for that may not come."""
DAY_S = 86_400.0
OFFSETS_S = (-DAY_S, -3600, -31, -6, -4, -1, 1, 1.5, 3, 6, 31, 3600, DAY_S)
FILLER = "filler"
MOST_SESSIONS = 64
OF_AN_APPEND = (
    Statement.BEGIN,
    Statement.LOCK,
    Statement.READ,
    Statement.APPEND,
    Statement.COMMIT,
    Statement.ROLLBACK,
)


async def stop_a_session(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    sessions = installation.database.sessions()
    if not sessions:
        return None
    pid = dice.choice(sessions)
    with stopped(pid):
        await asyncio.sleep(seconds)
    return f"session {pid}"


async def stop_postgresql(installation: Installation, dice: random.Random, seconds: float) -> str:
    with stopped(*installation.database.processes()):
        await asyncio.sleep(seconds)
    return "all of PostgreSQL"


async def stop_an_http_server(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    return await _stop("HTTP", installation, dice, seconds)


async def stop_a_worker(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    return await _stop("worker", installation, dice, seconds)


async def _stop(who: str, installation: Installation, dice: random.Random, seconds: float) -> str | None:
    service = dice.choice(installation.services)
    if not service.runs(who):
        return None
    with stopped(service.pid_of(who)):
        await asyncio.sleep(seconds)
    return f"{who} at {service.url}"


async def hold_a_statement(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    proxy = dice.choice(installation.proxies)
    fault = proxy.hold(dice.choice(OF_AN_APPEND), dice.choice(list(Moment)), nth=dice.randrange(1, 4))
    struck = await _struck(proxy, fault)
    if struck is not None:
        await asyncio.sleep(seconds)
    fault.release()
    return struck


async def hold_new_sessions(installation: Installation, dice: random.Random, seconds: float) -> str:
    """Cut all sessions of a service, and prevent new ones."""
    proxy = dice.choice(installation.proxies)
    faults = [proxy.hold(Statement.CONNECT, Moment.BEFORE) for _ in range(MOST_SESSIONS)]
    proxy.cut_all()
    await asyncio.sleep(seconds)
    for fault in faults:
        proxy.forget(fault)
    return "new sessions of a service"


async def hold_requests_to_cancel(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    """Hold a statement, and with it whatever should end it; that arrives after the statement has gone on."""
    proxy = dice.choice(installation.proxies)
    cancels = [proxy.hold(Statement.CANCEL, Moment.BEFORE) for _ in range(MOST_SESSIONS)]
    struck = await hold_a_statement(installation, dice, seconds)
    await asyncio.sleep(seconds)
    for cancel in cancels:
        proxy.forget(cancel)
    return struck


async def cut_a_statement(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    proxy = dice.choice(installation.proxies)
    fault = proxy.cut(dice.choice(OF_AN_APPEND), dice.choice(list(Moment)), nth=dice.randrange(1, 4))
    return await _struck(proxy, fault)


async def cut_all_sessions(installation: Installation, dice: random.Random, seconds: float) -> str:
    dice.choice(installation.proxies).cut_all()
    return "all sessions of a service"


async def _struck(proxy: Proxy, fault: Fault) -> str | None:
    """Wait a while for a fault to strike, otherwise withdraw it."""
    try:
        async with asyncio.timeout(STRIKE_DEADLINE_S):
            await fault.struck.wait()
    except TimeoutError:
        proxy.forget(fault)
        return None
    return f"{fault.moment} {fault.statement}"


async def kill_a_process(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    """Kill an HTTP server or a worker, whom the supervisor starts again, or the supervisor itself."""
    service = dice.choice(installation.services)
    victim = dice.choice(["HTTP", "worker", "supervisor"])
    if not service.runs(victim):
        await installation.is_ready_soon()
        return None
    service.kill(victim)
    if victim == "supervisor":
        await asyncio.to_thread(service.exit_code)
    await installation.is_ready_soon()
    return f"{victim} at {service.url}"


async def restart_a_service(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    service = dice.choice(installation.services)
    if not service.runs("HTTP"):
        await installation.is_ready_soon()
        return None
    code = await asyncio.to_thread(service.stop)
    assert code == 0, service.output
    await installation.is_ready_soon()
    return service.url


async def kill_postgresql(installation: Installation, dice: random.Random, seconds: float) -> str:
    os.kill(installation.database.process.pid, signal.SIGKILL)
    installation.database.process.wait()
    await installation.database.revive()
    return "the postmaster"


async def kill_a_session(installation: Installation, dice: random.Random, seconds: float) -> str:
    """Kill one backend, for which PostgreSQL ends all others and recovers."""
    for pid in installation.database.sessions()[:1]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return "a session"


async def step_a_clock(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    if not installation.clocks:
        return None
    number = dice.randrange(len(installation.clocks))
    offset_s = dice.choice(OFFSETS_S)
    installation.clocks[number].step(offset_s)
    await asyncio.sleep(seconds)
    installation.clocks[number].step(0)
    return f"of service {number} by {offset_s:+g} s"


async def part_the_clocks(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    if not installation.clocks:
        return None
    offsets = [dice.choice(OFFSETS_S) for _ in installation.clocks]
    for clock, offset_s in zip(installation.clocks, offsets, strict=True):
        clock.step(offset_s)
    await asyncio.sleep(seconds)
    for clock in installation.clocks:
        clock.step(0)
    return f"by {offsets}"


async def exhaust_the_connections(installation: Installation, dice: random.Random, seconds: float) -> str:
    taken = []
    with suppress(*DATABASE_ERRORS):
        while True:
            taken.append(await asyncpg.connect(installation.database.url, timeout=STRIKE_DEADLINE_S))
    await asyncio.sleep(seconds)
    for connection in taken:
        connection.terminate()
    return f"{len(taken)} taken"


async def fill_the_disk(installation: Installation, dice: random.Random, seconds: float) -> str | None:
    if installation.disk is None:
        return None
    filler = installation.disk / FILLER
    with filler.open("wb") as file:
        for step in (1 << 26, 1 << 20, 1 << 12):
            _fill(file.fileno(), step)
    await asyncio.sleep(seconds)
    filler.unlink()
    await installation.database.revive()
    return "the disk"


def _fill(descriptor: int, step: int) -> None:
    try:
        while True:
            os.posix_fallocate(descriptor, os.fstat(descriptor).st_size, step)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


STALLS: tuple[Nemesis, ...] = (
    stop_a_session,
    stop_postgresql,
    stop_an_http_server,
    hold_a_statement,
    hold_a_statement,
    hold_new_sessions,
    hold_requests_to_cancel,
)
OF_PROCESSES: tuple[Nemesis, ...] = (
    kill_a_process,
    kill_postgresql,
    kill_a_session,
    restart_a_service,
    stop_a_session,
    stop_postgresql,
    stop_an_http_server,
    stop_a_worker,
    exhaust_the_connections,
    fill_the_disk,
)
OF_NETWORK_AND_CLOCKS: tuple[Nemesis, ...] = (
    hold_a_statement,
    hold_new_sessions,
    hold_requests_to_cancel,
    cut_a_statement,
    cut_all_sessions,
    step_a_clock,
    part_the_clocks,
)
ALL = (OF_PROCESSES, OF_NETWORK_AND_CLOCKS)
"""Each at its own pace, so that two strike at a time."""


def duration_s(dice: random.Random, *, longer: bool) -> float:
    """Return for how long something lasts: longer than every limit, or for less than each."""
    if longer:
        return LONGEST_LIMIT_S * dice.uniform(1.05, 1.3)
    return SHORTEST_LIMIT_S * dice.uniform(0.05, 0.8)
