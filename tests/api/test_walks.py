"""The walks in ARCHITECTURE.md: a request enters only those rooms, and runs every file named there."""

import asyncio
import re
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import httpx
import pytest

from tests.api.client import LEDGER, append
from tests.lives import CHENGDU_WORKER, http, someone

ROOT = Path(__file__).parents[2]
MOST_ROOMS = 8
STEP = re.compile(r"^\| \d+ \| `(?P<room>[^`]+)` \| (?P<files>[^|]+) \|", re.MULTILINE)
GROUND = frozenset({"services/runtime", "services/server", "services/core", "contracts"})
"""What every room stands on: `contracts/` whole, and what lies directly in the others."""


def drawn(heading: str) -> dict[str, list[str]]:
    """Return the rooms of a walk in order, each with the files that are named."""
    _, _, text = (ROOT / "ARCHITECTURE.md").read_text().partition(f"\n## {heading}\n")
    steps = STEP.finditer(text.partition("\n## ")[0])
    return {step["room"].rstrip("/"): re.findall(r"`([^`]+)`", step["files"]) for step in steps}


APPEND = drawn("An append, from HTTP to HTTP")
QUESTION = drawn("A question, from HTTP to HTTP")


@dataclass
class Walk:
    """Our files that ran, relative to the root. With a `task`, files that other tasks ran are left out."""

    task: "asyncio.Task[object] | None" = None
    files: set[str] = field(default_factory=set)

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        file = Path(frame.f_code.co_filename)
        if event == "call" and file.is_relative_to(ROOT) and (self.task is None or self._is_mine()):
            self.files.add(file.relative_to(ROOT).as_posix())

    def _is_mine(self) -> bool:
        try:
            return asyncio.current_task() is self.task
        except RuntimeError:  # A thread without a loop, which was started for this walk.
            return True

    @property
    def rooms(self) -> set[str]:
        """The folders, without those that every room builds on."""
        ours = {room_of(file) for file in self.files if file.startswith("services/")}
        return ours - GROUND

    def ran(self, room: str, name: str) -> bool:
        """Whether a file of a room ran, or any of a folder in it."""
        path = f"{room}/{name}"
        return any(file.startswith(path) for file in self.files) if name.endswith("/") else path in self.files


def room_of(file: str) -> str:
    """Return the folder of a file; a folder inside a room of the core belongs to that room."""
    parts = file.split("/")[:-1]
    return "/".join(parts[:3] if parts[:2] == ["services", "core"] else parts)


def entered(walk: dict[str, list[str]]) -> set[str]:
    return {room for room in walk if not room.startswith("contracts/")}


@asynccontextmanager
async def followed(walk: Walk) -> AsyncIterator[None]:
    """Record what runs in this thread and in threads started meanwhile: those that compute start with the first
    question."""
    threading.setprofile(walk)
    sys.setprofile(walk)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def named(walk: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for room, files in walk.items():
        yield from ((room, file) for file in files)


@pytest.mark.parametrize("walk", [APPEND, QUESTION], ids=["append", "question"])
def test_a_walk_is_short_and_names_files_that_are_there(walk: dict[str, list[str]]) -> None:
    assert 3 < len(walk) <= MOST_ROOMS
    assert all(walk.values())
    assert [file for room, file in named(walk) if not (ROOT / room / file).exists()] == []


async def test_an_append_walks_through_the_rooms_that_are_drawn(made: httpx.AsyncClient) -> None:
    course, void = (http(life) for life in (someone.trained("2023-05-06", "60", called="c"), someone.voided("c")))
    walk = Walk()
    async with followed(walk):
        for sent in (course, void):
            answer = await made.post(f"{LEDGER}/practitioners/{someone.person}/events", json={"events": sent})
            assert answer.status_code == httpx.codes.CREATED, answer.text
    assert walk.rooms == entered(APPEND)
    assert [(room, file) for room, file in named(APPEND) if not walk.ran(room, file)] == []


async def test_a_question_walks_through_the_rooms_that_are_drawn(made: httpx.AsyncClient) -> None:
    await append(made, CHENGDU_WORKER)
    walk = Walk(asyncio.current_task())
    async with followed(walk):
        answer = await made.get(f"{LEDGER}/practitioners/{CHENGDU_WORKER.person}/determinations/allowance")
    assert answer.status_code == httpx.codes.OK
    assert walk.rooms == entered(QUESTION)
    assert [(room, file) for room, file in named(QUESTION) if not walk.ran(room, file)] == []
