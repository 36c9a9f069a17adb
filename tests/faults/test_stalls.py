"""A database that stalls or is cut off, at any statement and for any time, loses no receipt and gives none twice."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from services.runtime import postgres
from services.runtime.clock import Clock, system_clock
from services.runtime.known_at import SETTLING
from services.runtime.migrate import migrate
from services.runtime.settings import from_environment
from services.server.app import create_app
from tests.conftest import with_database
from tests.faults.clients import Careers, Clients
from tests.faults.history import Attempt, Question, changed, complaints
from tests.faults.proxy import Fault, Moment, Proxy, Statement, proxied

SHORTENED = "0.1"
"""The factor on every limit of the service under test."""
DEADLINE_S = 30.0
ANSWER_S = 3.0
"""Within which a client hears that the database does not answer: all limits on the way, one after the other."""
MOST_CANCELS = 4
MOST_SESSIONS = 8
PLAIN_APPENDS = 40
PAUSE_S = 0.05
BRIEFLY_S = 0.1
"""Much less than the shortest limit."""
ME, REFUSED = "P-1", "P-refused"
REFUSE = f"ALTER TABLE ledger.events ADD CONSTRAINT refused CHECK (practitioner_id <> '{REFUSED}') NOT VALID"
IDLE_SESSIONS = """
SELECT pid
  FROM pg_stat_activity
 WHERE datname = current_database()
   AND state = 'idle'
   AND application_name = 'ledger'
"""
"""Of the pool: whoever writes next takes one of these."""


@asynccontextmanager
async def application(database_url: str, clock: Clock = system_clock) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a whole application with short limits, stopped at the end."""
    settings = from_environment({"LEDGER_DATABASE_URL": database_url, "LEDGER_TEST_LIMITS": SHORTENED})
    app = create_app(settings, clock)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://127.0.0.1"
        ) as http,
    ):
        yield http


@pytest.fixture(scope="module")
async def database(cluster: str, admin: asyncpg.Connection, template: str) -> AsyncIterator[str]:
    """The URL of a database for all tests of this module: each has a ledger of its own."""
    name = f"stalls_{uuid4().hex}"
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY = FILE_COPY")
    yield with_database(cluster, name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
async def other(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """A second service on the same database, which no fault strikes."""
    async with application(database) as http:
        yield http


@pytest.fixture(scope="module")
def own_database(open_folder: Path) -> Iterator[str]:
    """The URL of a server on this machine, whose processes a test may stop."""
    with postgres.running(open_folder / "postgres") as server:
        asyncio.run(migrate(server.url))
        yield server.url


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Suspend a process for the length of the block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def check(clients: Clients) -> None:
    """Check the history against the ledger, through a service without any memory of what happened."""
    assert complaints(clients.history, await clients.read_feed()) == []
    await clients.send_again(DEADLINE_S)
    assert complaints(clients.history, await clients.read_feed()) == []


async def test_receipts_after_a_session_that_stood_still_are_for_ever(own_database: str) -> None:
    """One correction meets a server that does not answer in time; when it goes on, it runs the BEGIN of that one."""
    careers = Careers(seed=26, people=1)
    async with application(own_database) as http:
        clients = Clients(http, "stalled")
        await clients.make_ledger()
        await clients.append(ME, careers.training(ME), careers.training(ME), careers.training(ME))
        await clients.append(ME, careers.revision(ME))
        watcher = await asyncpg.connect(own_database)
        sessions = [row["pid"] for row in await watcher.fetch(IDLE_SESSIONS)]
        await watcher.close()
        with ExitStack() as still:
            for session in sessions:
                still.enter_context(stopped(session))
            assert (await clients.append(ME, careers.revision(ME))).status == HTTPStatus.SERVICE_UNAVAILABLE
        for _ in range(PLAIN_APPENDS):
            await clients.append(ME, careers.training(ME))
            await asyncio.sleep(PAUSE_S)
        assert clients.history.count(HTTPStatus.CREATED) > PLAIN_APPENDS / 2
    async with application(own_database) as http:
        await check(replace(clients, http=http))


@dataclass(frozen=True)
class Case:
    """The statement that is struck, and what a client has to send for it."""

    statement: Statement
    moment: Moment
    revises: bool = True
    """A correction takes the careful way, in a transaction of several statements; a plain event takes one statement."""
    is_refused: bool = False
    """The database refuses the row, so the transaction is rolled back."""

    @property
    def answer(self) -> HTTPStatus:
        """The client's answer if no fault strikes."""
        return HTTPStatus.INTERNAL_SERVER_ERROR if self.is_refused else HTTPStatus.CREATED

    def __str__(self) -> str:
        way = "" if self.revises else " alone"
        return f"{self.moment} {self.statement}{way}"


CASES = [
    Case(statement, moment, revises, is_refused)
    for statement, revises, is_refused in (
        (Statement.BEGIN, True, False),
        (Statement.LOCK, True, False),
        (Statement.READ, True, False),
        (Statement.APPEND, True, False),
        (Statement.APPEND, False, False),
        (Statement.COMMIT, True, False),
        (Statement.ROLLBACK, False, True),
    )
    for moment in Moment
]


PLAIN = Case(Statement.APPEND, Moment.BEFORE, revises=False)


class Stalled:
    """Clients of a service behind a proxy, and of another one that is not."""

    def __init__(self, proxy: Proxy, clients: Clients, other: Clients) -> None:
        self.proxy = proxy
        self._clients = clients
        self._other = other
        self._careers = Careers(seed=27, people=1)

    async def begin(self) -> None:
        """Write something to be corrected, in both ways of appending, so that every statement is prepared."""
        await self._clients.make_ledger()
        await self._clients.append(ME, *(self._careers.training(ME) for _ in range(20)))
        for _ in range(2):
            await self._go_on(self._clients)

    async def go_on(self) -> None:
        """Append through both services and in both ways; each event must be recorded before long."""
        await self._go_on(self._clients)
        await self._go_on(self._other)

    async def _go_on(self, clients: Clients) -> None:
        for event in (self._careers.training(ME), self._careers.revision(ME)):
            await clients.append_until_recorded(ME, event, deadline_s=DEADLINE_S)

    async def meet(self, case: Case, fault: Fault) -> asyncio.Task[Attempt]:
        """Send the request of the case, and return it as soon as the fault has struck."""
        event = self._careers.revision(ME) if case.revises else self._careers.training(ME)
        request = asyncio.create_task(self._clients.append(REFUSED if case.is_refused else ME, event))
        async with asyncio.timeout(DEADLINE_S):
            await fault.struck.wait()
        return request

    async def ask_about_now(self, ahead: httpx.AsyncClient) -> None:
        """Ask who is known at this instant, of a service whose clock says that it is long past."""
        instant = system_clock().isoformat().replace("+00:00", "Z")
        question = Question(f"/practitioners/{ME}/events?limit=1000&known_at={instant}")
        await replace(self._other, http=ahead).ask(question)
        assert question in self._other.history.answers

    async def ask_again(self, ahead: httpx.AsyncClient) -> None:
        before = self._other.history.answers
        assert changed(before, await replace(self._other, http=ahead).ask_again(list(before))) == []


@asynccontextmanager
async def refusing(database: str) -> AsyncIterator[None]:
    """Have the database refuse one practitioner's rows until the end of the block."""
    connection = await asyncpg.connect(database)
    await connection.execute(REFUSE)
    try:
        yield
    finally:
        await connection.execute("ALTER TABLE ledger.events DROP CONSTRAINT refused")
        await connection.close()


@pytest.fixture
async def stalled(database: str, other: httpx.AsyncClient) -> AsyncIterator[Stalled]:
    """A service behind a proxy. Once it has stopped, everything that its clients were told is checked."""
    ledger = f"stalled-{uuid4().hex}"
    through_the_other = Clients(other, ledger)
    async with proxied(database) as proxy:
        async with application(proxy.url) as http:
            stalled = Stalled(proxy, Clients(http, ledger, through_the_other.history), through_the_other)
            await stalled.begin()
            async with refusing(database):
                yield stalled
            proxy.forget_all()
            await stalled.go_on()
        async with asyncio.timeout(DEADLINE_S):
            await proxy.until_no_session_is_left()
    await check(through_the_other)


async def answer_within(limit_s: float, request: asyncio.Task[Attempt]) -> Attempt:
    async with asyncio.timeout(limit_s):
        return await request


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_statement_that_is_held_longer_than_every_limit_is_answered_503_and_holds_up_nobody_for_long(
    stalled: Stalled, case: Case
) -> None:
    fault = stalled.proxy.hold(case.statement, case.moment)
    attempt = await answer_within(ANSWER_S, await stalled.meet(case, fault))
    assert attempt.status == HTTPStatus.SERVICE_UNAVAILABLE
    await stalled.go_on()
    fault.release()


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_statement_that_is_held_for_less_than_every_limit_is_answered_as_if_nothing_were(
    stalled: Stalled, case: Case
) -> None:
    fault = stalled.proxy.hold(case.statement, case.moment)
    request = await stalled.meet(case, fault)
    await asyncio.wait([request], timeout=BRIEFLY_S)
    assert not request.done()
    fault.release()
    attempt = await answer_within(DEADLINE_S, request)
    assert attempt.status == case.answer


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_session_that_is_cut_loses_nothing(stalled: Stalled, case: Case) -> None:
    fault = stalled.proxy.cut(case.statement, case.moment)
    attempt = await answer_within(DEADLINE_S, await stalled.meet(case, fault))
    assert attempt.is_uncertain or attempt.status == case.answer


@pytest.mark.parametrize("case", [case for case in CASES if case.moment is Moment.AFTER], ids=str)
async def test_a_cancel_request_that_comes_late_hurts_nobody_else(stalled: Stalled, case: Case) -> None:
    """Where the network stands still, the request to cancel stands as well, and arrives when all go on."""
    fault = stalled.proxy.hold(case.statement, case.moment)
    for _ in range(MOST_CANCELS):
        stalled.proxy.hold(Statement.CANCEL, Moment.BEFORE)
    attempt = await answer_within(ANSWER_S, await stalled.meet(case, fault))
    assert attempt.status == HTTPStatus.SERVICE_UNAVAILABLE
    fault.release()
    await stalled.go_on()


async def test_a_service_that_gets_no_new_session_says_so_and_goes_on_when_it_does(stalled: Stalled) -> None:
    held = [stalled.proxy.hold(Statement.CONNECT, Moment.BEFORE) for _ in range(MOST_SESSIONS)]
    stalled.proxy.cut_all()
    attempt = await answer_within(ANSWER_S, await stalled.meet(PLAIN, held[0]))
    assert attempt.status == HTTPStatus.SERVICE_UNAVAILABLE


async def test_an_append_that_reaches_the_database_late_changes_no_answer_about_the_past(
    stalled: Stalled, database: str
) -> None:
    """It carries the instant of its making. Once a question about a later one was answered, it comes too late."""
    async with application(database, lambda: system_clock() + SETTLING) as ahead:
        fault = stalled.proxy.hold(Statement.APPEND, Moment.BEFORE)
        attempt = await answer_within(ANSWER_S, await stalled.meet(PLAIN, fault))
        assert attempt.status == HTTPStatus.SERVICE_UNAVAILABLE
        await stalled.ask_about_now(ahead)
        fault.release()
        await fault.session_ended.wait()
        await stalled.ask_again(ahead)
