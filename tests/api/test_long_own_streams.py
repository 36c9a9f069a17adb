"""However long a ledger's streams of rules and of organizations are, they are read beside the event loop."""

import threading
from typing import Any

import httpx
import pytest

from contracts.events.revisions import Recorded
from services.ledger.api import answering
from services.ledger.domain import standards as domain
from services.projections import rulebook
from services.runtime import computing, journal
from services.runtime.stored_events import StoredStream
from tests.api.client import LEDGER, append
from tests.api.test_organizations import BODY, ORGANIZATIONS, numbered, recorded
from tests.api.test_standards import ONE, STANDARDS, listed, registered
from tests.lives import someone

FOR_EVER_S = 600.0


@pytest.fixture
async def made_so(made: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service with a person, two organizations and two standards."""
    await append(made, someone.employed("2020-01-01", "510104"))
    await recorded(made, BODY, numbered(2, organization="erxianqiao"))
    await registered(made)
    await registered(made, standard_id="jinjiang-2025")
    return made


async def ask_everything(client: httpx.AsyncClient) -> None:
    for path in (
        ORGANIZATIONS,
        f"{ORGANIZATIONS}/taoxilu",
        STANDARDS,
        f"{LEDGER}/indicators",
        f"{LEDGER}/indicators/I-05",
        f"{LEDGER}/practitioners/P-1/determinations/allowance",
        f"{LEDGER}/practitioners/P-1/timeline?determination=allowance&axis=known_at",
    ):
        answer = await client.get(path)
        assert answer.status_code == httpx.codes.OK, answer.text
    ended = await client.post(f"{ONE}/end", json={"last_day": "2024-12-31"})
    assert ended.status_code == httpx.codes.CREATED, ended.text


async def test_neither_reading_nor_composing_them_is_done_on_the_event_loop(
    made_so: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_loop: list[str] = []

    def note(what: str) -> None:
        if threading.current_thread() is threading.main_thread():
            on_the_loop.append(what)

    read, compose = StoredStream.recorded, rulebook.rulebook_of

    def seen_read(stream: StoredStream) -> list[Recorded]:
        note(stream.practitioner_id)
        return read(stream)

    def seen_compose(*arguments: Any) -> Any:
        note("rulebook")
        return compose(*arguments)

    for module in (journal, rulebook):
        monkeypatch.setattr(module, "MAX_READ_AT_ONCE", -1)
    monkeypatch.setattr(StoredStream, "recorded", seen_read)
    monkeypatch.setattr(rulebook, "rulebook_of", seen_compose)
    await ask_everything(made_so)
    assert on_the_loop == []


async def test_long_ones_are_read_by_who_computes_large_answers(
    made_so: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await listed(made_so), (await made_so.get(ORGANIZATIONS)).json()
    monkeypatch.setattr(answering, "MAX_SMALL_EVENTS", 0)
    monkeypatch.setattr(computing, "LARGE_TIME_S", FOR_EVER_S)  # However busy the machine is.
    assert (await listed(made_so), (await made_so.get(ORGANIZATIONS)).json()) == before
    assert (await made_so.get(f"{ORGANIZATIONS}/nowhere")).json()["code"] == "unknown-organization"
    assert (await made_so.post(f"{STANDARDS}/none/end", json={})).json()["code"] == "unknown-local-standard"
    await ask_everything(made_so)


def test_ends_are_looked_at_once_for_all_standards() -> None:
    """Each standard looked at the ends of all."""
    looks = 0

    class Raw(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:
            nonlocal looks
            looks += 1
            return super().__getitem__(name)

    events = [
        Recorded(
            stream="_rules", position=2 * number + later, version=2 * number + later, event_id=f"e{number}-{later}",
            type=type_, occurred_on="2024-01-01", raw=Raw(standard_id=f"s-{number}"), schema_version=1,
        )
        for number in range(100)
        for later, type_ in enumerate((domain.REGISTERED, domain.ENDED), 1)
    ]  # fmt: skip
    found = domain.histories(events)
    assert [len(one.ends) for one in found.values()] == [1] * 100
    assert looks <= 2 * len(events)
