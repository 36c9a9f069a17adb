"""Determination and standing over HTTP: what one person's facts mean on any day, as known at any position."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from contracts.mistakes import Mistakes, Names, phrase
from services.core.questions.standing import DETERMINATIONS
from services.core.rules.verdict import Question, period_of
from services.projections import ask as answers
from services.projections.api.answering import (
    FROM_EVENTS,
    FROM_ROW,
    HTML,
    JSON,
    TEXT,
    as_tagged_json,
    documented_answer,
    tagged,
)
from services.projections.api.pages import instant_of, standing_page
from services.projections.api.parameters import (
    ExamYear,
    Include,
    Language,
    Level,
    MinPosition,
    Period,
    Place,
    look_at_question,
)
from services.projections.api.state import now_of, policy_books, today_of
from services.projections.ask import COST_OF_ALL, COST_OF_ONE, UnknownDetermination
from services.projections.live import live_standing
from services.runtime.http.computed import computed_json
from services.runtime.http.negotiation import NotAcceptable, preferred
from services.runtime.http.parameters import (
    CivilDay,
    KnownAt,
    KnownAtPosition,
    LedgerId,
    PractitionerId,
)
from services.runtime.http.problems import documented_problems
from services.runtime.http.strict_route import StrictRoute, given, looked_at_by
from services.runtime.journal import head
from services.runtime.known_at import check_reached, resolve_known_at

FORMS_OF_A_STANDING = (JSON, HTML, TEXT)


def look_at_language(request: Request, found: Mistakes) -> None:
    """Add it if a language is asked for in which there is no JSON."""
    with suppress(NotAcceptable):
        if "lang" in given(request) and preferred(request, FORMS_OF_A_STANDING) == JSON:
            found.add("?lang", phrase("takes-no-language", forms=Names((HTML, TEXT), "and")))


router = APIRouter(
    prefix="/v1/ledgers/{ledger}/practitioners/{practitioner_id}", route_class=StrictRoute, tags=["query"]
)


@router.get(
    "/determinations/{determination}",
    summary="One question about one person, answered in full",
    responses=documented_answer("determination", "The full answer.")
    | documented_problems("unknown-ledger", "unknown-practitioner", "unknown-determination", "known-at-too-recent"),
)
@looked_at_by(look_at_question)
async def read_determination(
    request: Request,
    ledger: LedgerId,
    practitioner_id: PractitionerId,
    determination: Annotated[
        str,
        Path(description="Which question.", json_schema_extra={"enum": list(DETERMINATIONS)}, examples=["allowance"]),
    ],
    as_of: CivilDay = None,
    jurisdiction: Place = None,
    period: Period = None,
    level: Level = None,
    year: ExamYear = None,
    known_at: KnownAt = None,
    known_at_position: KnownAtPosition = None,
) -> Response:
    """Status, result, clauses, evidence, alternatives, what would change it, how long it holds, and the explanation."""
    if determination not in DETERMINATIONS:
        raise UnknownDetermination(determination[:100])
    today = today_of(request)
    exam_year = int(year) if year else None
    question = Question(determination, as_of or today, period_of(period) if period else None, level, exam_year)
    async with request.app.state.pool.acquire() as connection:
        position = await resolve_known_at(connection, ledger, known_at, known_at_position, now_of(request))
        books = policy_books(request)
        stored = await answers.stored_at(connection, books, ledger, practitioner_id, position, COST_OF_ONE)
    answer = await computed_json(request, answers.determination, stored, question, today, jurisdiction)
    return as_tagged_json(answer)


@router.get(
    "/standing",
    summary="Every determination of one person",
    responses=documented_answer(
        "standing",
        "Every determination but those of a level of the exam.",
        {
            HTML: '<!DOCTYPE html><html lang="zh-CN">…</html>',
            TEXT: "社会工作者职业情况\n\n人员编号: P-1\n…",
        },
    )
    | documented_problems(
        "unknown-ledger", "unknown-practitioner", "known-at-too-recent", "position-past-head", "not-acceptable"
    ),
)
@looked_at_by(look_at_language)
async def read_standing(
    request: Request,
    ledger: LedgerId,
    practitioner_id: PractitionerId,
    as_of: CivilDay = None,
    jurisdiction: Place = None,
    include: Include = None,
    known_at: KnownAt = None,
    known_at_position: KnownAtPosition = None,
    min_position: MinPosition = None,
    lang: Language = None,
) -> Response:
    """All determinations but those of a level of the exam, under the rules of one place.

    As `text/html` or `text/plain` it is a page of sentences to read out and print, with everything that the
    determinations hold. For today and the newest state of knowledge the JSON answer is served from a stored row while
    that is fresh; `Served-From` says row or events. Both give the same bytes.
    """
    media_type = preferred(request, FORMS_OF_A_STANDING)
    today = today_of(request)
    day = as_of or today
    included = frozenset(include.split(",")) if include else frozenset[str]()
    async with request.app.state.pool.acquire() as connection:
        if min_position is not None:
            check_reached("?min_position", min_position, (await head(connection, ledger)).position)
        live = day == today and not any((jurisdiction, include, known_at)) and known_at_position is None
        if live and media_type == JSON:
            kept = await live_standing(connection, ledger, practitioner_id, today)
            if kept is not None:
                return as_tagged_json(kept, FROM_ROW)
        position = await resolve_known_at(connection, ledger, known_at, known_at_position, now_of(request))
        cost = COST_OF_ALL if included or media_type != JSON else COST_OF_ONE
        stored = await answers.stored_at(connection, policy_books(request), ledger, practitioner_id, position, cost)
        recorded_at = "" if media_type == JSON else await instant_of(connection, ledger, position)
    if media_type != JSON:
        page = await standing_page(request, stored, recorded_at, day, today, jurisdiction, media_type, lang or "zh")
        return tagged(page)
    answer = await computed_json(request, answers.standing, stored, day, today, jurisdiction, included)
    return as_tagged_json(answer, FROM_EVENTS)
