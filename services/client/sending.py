"""Sends lines of JSON to the bulk route of a ledger, in chunks, each until it is answered.

That is safe, because a recorded event is recognized by its id. Before each request the server says on the same
connection which instance it is: another service may have taken its port since the last one.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import chain, repeat
from typing import IO, TYPE_CHECKING, Any

from msgspec import Struct

from contracts.events.codec import MAX_LEAF_BYTES
from services.client.attached import NotReachable, check_instance
from services.server.server_file import RunningServer, instance_in

if TYPE_CHECKING:
    import httpx

CHUNK_LINES = 2_000
CHUNK_BYTES = 4_194_304
MAX_LINE_BYTES = 1_048_576
REQUEST_TIMEOUT_S = 120.0
PAUSES_S = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Pauses between tries; the last one repeats."""
GIVE_UP_AFTER_S = 180.0
"""The longest time without any answered line. A service that restarts after a crash is back long before."""
WORTH_ANOTHER_TRY = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.SERVICE_UNAVAILABLE})

MEDIA_TYPE = "application/jsonl"
MAX_QUOTED_CHARACTERS = 500

Say = Callable[[str], None]


class NoSuchLedger(Exception):
    """There is no such ledger."""


class Line(Struct, frozen=True):
    """One line of the file, without its line feed. Only the start of a line longer than MAX_LINE_BYTES is kept."""

    number: int
    content: bytes
    size_bytes: int


class Outcome(Struct, frozen=True):
    """The outcome of a line: 201 appended, 200 recorded before, otherwise refused for the reason in the problem
    document."""

    line: Line
    status: int
    event_id: str | None
    problem: Mapping[str, Any] | None


def chunks(source: IO[bytes]) -> Iterator[list[Line]]:
    """Yield the lines of a file in chunks of one request each. Blank lines are left out."""
    chunk: list[Line] = []
    size_bytes = 0
    for line in _lines(source):
        if chunk and (len(chunk) == CHUNK_LINES or size_bytes + len(line.content) > CHUNK_BYTES):
            yield chunk
            chunk, size_bytes = [], 0
        chunk.append(line)
        size_bytes += len(line.content)
    if chunk:
        yield chunk


def _lines(source: IO[bytes]) -> Iterator[Line]:
    number = 0
    while text := source.readline(MAX_LINE_BYTES + 1):
        number += 1
        size_bytes = len(text)
        end = text
        while not end.endswith(b"\n") and (end := source.readline(MAX_LINE_BYTES + 1)):
            size_bytes += len(end)
        if content := text.strip():
            yield Line(number, content, size_bytes)


class _Away(Exception):
    """There was no answer, or none that gives the outcome of the lines."""


class _Patience:
    """Waits between tries, and gives up when there was no answer for too long."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._pauses_s = chain(PAUSES_S, repeat(PAUSES_S[-1]))
        self._gives_up_at = time.monotonic() + GIVE_UP_AFTER_S

    def wait(self, why: object) -> None:
        """Wait before the next try. Raises NotReachable when there was no answer for too long."""
        if time.monotonic() > self._gives_up_at:
            raise NotReachable(
                f"no answer for {GIVE_UP_AFTER_S:.0f} s ({why}). Run it again to continue: ledgerctl doctor says "
                "what is wrong"
            )
        pause_s = next(self._pauses_s)
        self._say(f"{why}: trying again in {pause_s:g} s")
        time.sleep(pause_s)


class Sender:
    """Sends chunks to one ledger of the server that `find` returns, which may have restarted since."""

    def __init__(
        self,
        client: "httpx.Client",
        find: Callable[[], RunningServer | None],
        ledger: str,
        say: Say,
        *,
        validate_only: bool,
    ) -> None:
        self._client = client
        self._find = find
        self._ledger = ledger
        self._ledger_path = f"/v1/ledgers/{ledger}"
        self._events_path = f"{self._ledger_path}/events{'?validate_only=true' if validate_only else ''}"
        self._say = say

    def check_ledger(self) -> None:
        """Send a chunk until it is answered. Raises NoSuchLedger, NotReachable."""
        patience = _Patience(self._say)
        while True:
            try:
                answer = self._request("GET", self._ledger_path)
                break
            except _Away as away:
                patience.wait(away)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise NoSuchLedger(f"there is no ledger {self._ledger}.")

    def send(self, chunk: Sequence[Line]) -> Iterator[Outcome]:
        """Yield the outcome of each line, those of one request in order. Raises NotReachable."""
        yield from (_too_long(line) for line in chunk if line.size_bytes > MAX_LINE_BYTES)
        waiting = [line for line in chunk if line.size_bytes <= MAX_LINE_BYTES]
        patience = _Patience(self._say)
        while waiting:
            try:
                outcomes = self._post(waiting)
            except _Away as away:
                patience.wait(away)
                continue
            known = [outcome for outcome in outcomes if outcome.status not in WORTH_ANOTHER_TRY]
            yield from known
            if known:
                patience = _Patience(self._say)
            waiting = [outcome.line for outcome in outcomes if outcome.status in WORTH_ANOTHER_TRY]
            if waiting:
                patience.wait(f"the database is away, and {len(waiting)} lines are without an answer")

    def _post(self, lines: Sequence[Line]) -> list[Outcome]:
        body = b"\n".join(line.content for line in lines)
        answer = self._request("POST", self._events_path, content=body, headers={"Content-Type": MEDIA_TYPE})
        if answer.status_code != HTTPStatus.MULTI_STATUS:
            raise NotReachable(
                f"{answer.request.url} answered {answer.status_code}: {answer.text[:MAX_QUOTED_CHARACTERS]}"
            )
        items = answer.json()["items"]
        return [
            Outcome(line, item["status"], item.get("event_id"), item.get("problem"))
            for line, item in zip(lines, items, strict=True)
        ]

    def _request(self, method: str, path: str, **request: Any) -> "httpx.Response":
        from httpx import TransportError

        server = self._find()
        if server is None:
            raise _Away("no server is ready")
        try:
            answer = self._client.get(f"{server.url}/livez", timeout=REQUEST_TIMEOUT_S)
            check_instance(server, instance_in(answer.content))
            answer = self._client.request(
                method,
                f"{server.url}{path}",
                timeout=REQUEST_TIMEOUT_S,
                extensions={"trace": _keep_the_connection},
                **request,
            )
        except TransportError as error:
            raise _Away(f"no answer from the service ({type(error).__name__})") from error
        if answer.status_code in WORTH_ANOTHER_TRY:
            raise _Away(f"the service answered {answer.status_code}")
        return answer


def _keep_the_connection(step: str, _: Mapping[str, Any]) -> None:
    """Raise _Away if httpx would send the request on a new connection, where the server has not identified itself
    yet."""
    if step == "connection.connect_tcp.started":
        raise _Away("the service closed the connection")


def _too_long(line: Line) -> Outcome:
    from contracts.problems import PROBLEMS
    from services.runtime.http.problems import as_data, problem_document

    code = "event-too-large"
    document = as_data(problem_document(code, {"size_bytes": line.size_bytes, "limit_bytes": MAX_LEAF_BYTES}))
    return Outcome(line, PROBLEMS[code].status, None, document)
