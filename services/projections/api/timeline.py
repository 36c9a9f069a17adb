"""The timeline of one answer over HTTP: the days, or the states of knowledge, at which it changes, and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from math import isqrt
from operator import attrgetter
from typing import Annotated, Any, Literal, TypeAlias

import asyncpg
import msgspec
from fastapi import APIRouter, Query, Request, Response
from msgspec import Struct, to_builtins

from contracts.document import plain
from contracts.events.identity import events_of
from contracts.events.revisions import Recorded
from contracts.mistakes import Mistakes, phrase
from contracts.policies.packs import PinnedPack
from services.core.questions.known import AnswerSummary, Knowledge, UndatedQuestion, person_known
from services.core.questions.standing import DETERMINATIONS
from services.core.questions.timeline import (
    Budget,
    Cause,
    first_day_of_effect,
    walk_days,
    walk_knowledge,
)
from services.core.rules.engine import ENGINE
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import period_of
from services.projections.api.answering import as_json, documented_answer
from services.projections.api.parameters import ExamYear, Level, Period, Place, look_at_question
from services.projections.api.state import now_of, policy_books, today_of
from services.projections.rulebook import PolicyBooks, check_readable, rulebook_of
from services.runtime import journal
from services.runtime.clock import china_day
from services.runtime.computing import SMALL_COST_EVENTS, Unread
from services.runtime.http.computed import computed_json
from services.runtime.http.paging import link_to_next
from services.runtime.http.parameters import (
    DEFAULT_PAGE_EVENTS,
    CivilDay,
    KnownAt,
    KnownAtPosition,
    LedgerId,
    Limit,
    Position,
    PractitionerId,
)
from services.runtime.http.problems import documented_problems
from services.runtime.http.strict_route import StrictRoute, given, looked_at_by
from services.runtime.journal import RULES_STREAM, Connection, ManyEvents
from services.runtime.known_at import check_reached, resolve_known_at
from services.runtime.ledgers import LedgerRow, ledger_named
from services.runtime.stored_events import PackedStream, StoredPerson, StoredStream

Axis: TypeAlias = Literal["as_of", "known_at"]

MAX_SMALL_EVENTS = isqrt(SMALL_COST_EVENTS)
"""A timeline may look at every event of the person and of the rules as often as there are events."""

router = APIRouter(
    prefix="/v1/ledgers/{ledger}/practitioners/{practitioner_id}", route_class=StrictRoute, tags=["query"]
)


class StoredHistory(Struct, frozen=True):
    """What is stored of one person and of the ledger's rules up to a position, not read yet, and every pack pinned by
    then."""

    ledger: LedgerRow
    position: int
    practitioner_id: str
    streams: Sequence[StoredStream | PackedStream]
    rules: Sequence[StoredStream]
    packs: Mapping[str, PinnedPack]


@dataclass(frozen=True)
class History:
    """One person and the ledger's rules as recorded up to a position, with every pack pinned by then.

    `own` has the events of the person's streams, and for what was known before those of all that were ever linked with
    them; `practitioner_id` is empty outside of any ledger, as are their streams.
    """

    ledger: LedgerRow
    position: int
    own: Sequence[Recorded]
    rule_events: Sequence[Recorded]
    recorded_at: Mapping[int, str]
    packs: Mapping[str, PinnedPack]
    practitioner_id: str = ""

    def known(self, own: Sequence[Recorded], rule_events: Sequence[Recorded]) -> Knowledge | None:
        """Return what beginnings of both amount to, with those streams that were about the person then; None if the
        person was unknown."""
        events = events_of(self.practitioner_id, own)
        return self._knowing(events, rule_events) if events else None

    @property
    def known_at_the_end(self) -> Knowledge:
        """What everything amounts to."""
        return self._knowing(events_of(self.practitioner_id, self.own), self.rule_events)

    def _knowing(self, events: Sequence[Recorded], rule_events: Sequence[Recorded]) -> Knowledge:
        book = rulebook_of(self.ledger, rule_events)
        packs = {place: self.packs[digest] for place, digest in book.digests.items()}
        return person_known(events, Rulebook(self.ledger.jurisdiction, packs, book.standards))

    def recorded_on(self, position: int) -> date:
        """Return the civil day in China on which the event was recorded."""
        return china_day(datetime.fromisoformat(self.recorded_at[position]))


def look_at_axis(request: Request, found: Mistakes) -> None:
    """Add what only the other axis takes."""
    asked = given(request)
    if asked.get("axis", "as_of") == "as_of":
        for name in ("as_of", "after"):
            if name in asked:
                found.add(f"?{name}", phrase("only-on-the-other-axis", axis="known_at"))


def look_at_days(request: Request, found: Mistakes) -> None:
    """Add it if the last day comes before the first one."""
    asked = given(request)
    with suppress(KeyError, ValueError):
        if date.fromisoformat(asked["to"]) < date.fromisoformat(asked["from"]):
            found.add("?from", phrase("after-the-end", end="?to"))


@router.get(
    "/timeline",
    summary="When and why one answer changes",
    responses=documented_answer("timeline", "The answer at the beginning, and every change of it.")
    | documented_problems("unknown-ledger", "unknown-practitioner", "known-at-too-recent"),
)
@looked_at_by(look_at_question, look_at_axis, look_at_days)
async def read_timeline(
    request: Request,
    ledger: LedgerId,
    practitioner_id: PractitionerId,
    determination: Annotated[
        str,
        Query(description="Which question.", json_schema_extra={"enum": list(DETERMINATIONS)}, examples=["allowance"]),
    ],
    axis: Annotated[
        Axis, Query(description="`as_of`: along the days. `known_at`: along what the ledger learned of one day.")
    ] = "as_of",
    from_: Annotated[
        CivilDay,
        Query(alias="from", description="First day; of recording with axis=known_at.", examples=["2022-01-01"]),
    ] = None,
    to: Annotated[
        CivilDay, Query(description="Last day, inclusive; of recording with axis=known_at.", examples=["2025-12-31"])
    ] = None,
    as_of: Annotated[CivilDay, Query(description="The day in question, with axis=known_at.")] = None,
    after: Annotated[Position | None, Query(description="Continue after this position, with axis=known_at.")] = None,
    jurisdiction: Place = None,
    period: Period = None,
    level: Level = None,
    year: ExamYear = None,
    known_at: KnownAt = None,
    known_at_position: KnownAtPosition = None,
    limit: Limit = DEFAULT_PAGE_EVENTS,
) -> Response:
    """Every day on which status or result changes, or every position at which the answer about one day changes.

    The window of a rolling rule moves every day; it is left out and does not count as a change. Causes are facts, rules
    (an edition or a local standard) and time; on the knowledge axis facts, corrections and rules. A page that is
    `truncated` continues from `next_from`, with axis=known_at by `after=next_after`.
    """
    today = today_of(request)
    async with request.app.state.pool.acquire() as connection:
        position = await resolve_known_at(connection, ledger, known_at, known_at_position, now_of(request))
        check_reached("?after", after or 0, position)
        stored = await _stored(connection, policy_books(request), ledger, practitioner_id, position, axis)
    exam_year = int(year) if year else None
    asked_period = period_of(period) if period else None
    question = UndatedQuestion(determination, jurisdiction, asked_period, level, year=exam_year)
    asked = {"period": period, "level": level, "year": exam_year}
    about = {
        "ledger": ledger,
        "practitioner_id": practitioner_id,
        "determination": determination,
        **{name: value for name, value in asked.items() if value is not None},
        "jurisdiction": jurisdiction,
        "axis": axis,
    }
    if axis == "as_of":
        days = question, from_, to, today, Budget(limit)
        answer = await computed_json(request, timeline_of, stored, along_days, about, *days)
        link = link_to_next(request, **{"from": next_in(answer).next_from})
    else:
        states = question, as_of or today, today, (from_, to), after or 0, Budget(limit)
        answer = await computed_json(request, timeline_of, stored, along_knowledge, about, *states)
        link = link_to_next(request, after=next_in(answer).next_after)
    return as_json(answer, link)


class Next(Struct):
    """Where a timeline goes on, if it is truncated."""

    next_from: str | None = None
    next_after: int | None = None


def next_in(answer: msgspec.Raw) -> Next:
    """Return where an answer that was computed elsewhere goes on."""
    return msgspec.json.decode(answer, type=Next)


def timeline_of(
    stored: StoredHistory, along: Callable[..., dict[str, Any]], about: Mapping[str, Any], *asked: Any
) -> dict[str, Any]:
    """Return the timeline along days or knowledge. Raises DamagedEvent."""
    return along({**about, "practitioner_id": stored.practitioner_id}, read(stored), *asked)


def along_days(
    about: Mapping[str, Any],
    history: History,
    question: UndatedQuestion,
    first: date | None,
    last: date | None,
    today: date,
    budget: Budget,
) -> dict[str, Any]:
    """Return the timeline from `first`, by default the day of the earliest fact, to `last`, by default today."""
    knowledge = history.known_at_the_end
    begins = first or min(first_day_of_effect(knowledge) or today, last or today)
    ends = last or max(begins, today)
    page = walk_days(knowledge, question, begins, ends, budget)
    changes = [
        {"on": change.on, **_summary(change.summary), "causes": _causes(change.causes)} for change in page.changes
    ]
    answer: dict[str, Any] = plain(
        {
            **about,
            "from": begins,
            "to": ends,
            "known_at_position": history.position,
            "projected": ends > today,
            "engine": ENGINE,
            "opening": _summary(page.opening),
            "changes": changes,
            "truncated": page.next_from is not None,
            "next_from": page.next_from,
        }
    )
    return answer


def along_knowledge(
    about: Mapping[str, Any],
    history: History,
    question: UndatedQuestion,
    as_of: date,
    today: date,
    recorded: tuple[date | None, date | None],
    after: int,
    budget: Budget,
) -> dict[str, Any]:
    """Return the timeline of one day over what was recorded on certain days, after position `after`."""
    first, last = recorded
    positions = sorted(history.recorded_at)
    before = [at for at in positions if first is not None and history.recorded_on(at) < first]
    until = [at for at in positions if last is None or history.recorded_on(at) <= last]
    start, end = max(after, before[-1] if before else 0), until[-1] if until else 0
    own = [event for event in history.own if event.position <= max(start, end)]
    rule_events = [event for event in history.rule_events if event.position <= max(start, end)]
    page = walk_knowledge(question, as_of, own, rule_events, history.known, budget, after=start)
    changes = [
        {
            "position": change.position,
            "recorded_at": history.recorded_at[change.position],
            **_summary(change.summary),
            "causes": _causes(change.causes),
        }
        for change in page.changes
    ]
    answer: dict[str, Any] = plain(
        {
            **about,
            "from": first,
            "to": last,
            "as_of": as_of,
            "known_at_position": history.position,
            "projected": as_of > today,
            "engine": ENGINE,
            "opening": None if page.opening is None else _summary(page.opening),
            "changes": changes,
            "truncated": page.next_from is not None,
            "next_after": page.next_from,
        }
    )
    return answer


def _summary(summary: AnswerSummary) -> dict[str, Any]:
    return {"status": summary.status, "result": summary.result}


def _causes(causes: Sequence[Cause]) -> Any:
    return to_builtins(causes)


async def _stored(
    connection: Connection, books: PolicyBooks, ledger: str, practitioner_id: str, position: int, axis: Axis
) -> StoredHistory | Unread[StoredHistory]:
    """Return what is stored up to a position, still unread if it is long.

    Raises UnknownLedger, UnknownPractitioner, UnreadablePack."""
    rules = await journal.stored_streams(connection, ledger, (RULES_STREAM,), up_to=position)
    at_most = max(MAX_SMALL_EVENTS - sum(stream.version for stream in rules), 0)
    try:
        person = await journal.person(connection, ledger, practitioner_id, up_to=position, at_most=at_most)
        if axis == "known_at":
            ever_linked = await journal.ever_linked(connection, ledger, person.practitioner_id, up_to=position)
            streams = await journal.stored_streams(connection, ledger, ever_linked, up_to=position, at_most=at_most)
            person = StoredPerson(person.practitioner_id, streams)
    except ManyEvents:
        person = None
    packs: dict[str, PinnedPack] = {}
    for known in await books.known_one_after_another(connection, ledger, position):
        check_readable(await books.rulebook(connection, known), known.digests)
        for digest in known.digests.values():
            packs[digest] = await books.pack(connection, digest)
    row = await ledger_named(connection, ledger)
    if person is not None:
        return StoredHistory(row, position, person.practitioner_id, person.streams, rules, packs)

    async def read(pool: asyncpg.Pool) -> StoredHistory:
        whole = await journal.person_in_pages(pool, ledger, practitioner_id, up_to=position, ever=axis == "known_at")
        return StoredHistory(row, position, whole.practitioner_id, whole.streams, rules, packs)

    return Unread(read)


def read(stored: StoredHistory) -> History:
    """Return the history, read. Raises DamagedEvent."""
    recorded_at: dict[int, str] = {}
    own, rule_events = [_read(each, recorded_at) for each in (stored.streams, stored.rules)]
    return History(stored.ledger, stored.position, own, rule_events, recorded_at, stored.packs, stored.practitioner_id)


def _read(streams: Iterable[StoredStream | PackedStream], recorded_at: dict[int, str]) -> list[Recorded]:
    """Return the events of streams in order of position, and note when each was recorded."""
    events = []
    for stream in streams:
        for stored, leaf in stream.leaves():
            recorded_at[stored.position] = leaf.recorded_at
            events.append(Recorded.of(leaf, stored.position, stored.version))
    return sorted(events, key=attrgetter("position"))
