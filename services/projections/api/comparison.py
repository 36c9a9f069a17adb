"""The same question under several packs, as if the person's employment were in each place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator

from contracts.events.values import END
from contracts.mistakes import Misfit, phrase
from contracts.places import is_code
from services.core.questions.known import employed_in
from services.core.questions.standing import DETERMINATIONS
from services.core.rules.book import Rules
from services.core.rules.engine import ENGINE
from services.core.rules.verdict import Question, period_of
from services.projections import ask as answers
from services.projections.api.answering import as_json, documented_answer
from services.projections.api.parameters import WHOLE_STANDING, ExamYear, Level, Period, look_at_question_or_standing
from services.projections.api.state import now_of, policy_books, today_of
from services.projections.ask import COST_OF_ONE, KnownPerson, StoredKnowledge
from services.runtime.http.computed import computed_json
from services.runtime.http.parameters import CivilDay, Described, KnownAt, KnownAtPosition, LedgerId, PractitionerId
from services.runtime.http.problems import documented_problems
from services.runtime.http.strict_route import StrictRoute, looked_at_by
from services.runtime.known_at import resolve_known_at

MAX_PLACES = 10
PLACES_PATTERN = f"^[1-9][0-9]{{5}}(,[1-9][0-9]{{5}}){{0,{MAX_PLACES - 1}}}{END}"
OF_THE_QUESTION = frozenset(
    {"determination", "ledger", "practitioner_id", "jurisdiction", "as_of", "period", "level", "year"}
    | {"known_at_position", "projected", "engine", "findings", "answer_digest"}
)
"""Members given once for all places, or about the facts, which are the same, or, like the digest, only of an actual
answer."""


def _places(value: str) -> str:
    places = value.split(",")
    if not all(map(is_code, places)):
        raise Misfit(phrase("wrong-form", expected=phrase("place-codes")))
    if len(places) > MAX_PLACES or len(set(places)) < len(places):
        raise Misfit(phrase("too-many-places", most=MAX_PLACES))
    return value


router = APIRouter(
    prefix="/v1/ledgers/{ledger}/practitioners/{practitioner_id}", route_class=StrictRoute, tags=["query"]
)


@router.get(
    "/comparison",
    summary="One person under several packs",
    responses=documented_answer("comparison", "The answer of each place, in the order requested.")
    | documented_problems("unknown-ledger", "unknown-practitioner", "known-at-too-recent"),
)
@looked_at_by(look_at_question_or_standing)
async def read_comparison(
    request: Request,
    ledger: LedgerId,
    practitioner_id: PractitionerId,
    jurisdictions: Annotated[
        str,
        AfterValidator(_places),
        Described({"pattern": PLACES_PATTERN}),
        Query(description=f"At most {MAX_PLACES} different places.", examples=["371500,410100,510100"]),
    ],
    determination: Annotated[
        str,
        Query(
            description="Which question; all of them by default.",
            json_schema_extra={"enum": [WHOLE_STANDING, *DETERMINATIONS]},
            examples=["allowance"],
        ),
    ] = WHOLE_STANDING,
    as_of: CivilDay = None,
    period: Period = None,
    level: Level = None,
    year: ExamYear = None,
    known_at: KnownAt = None,
    known_at_position: KnownAtPosition = None,
) -> Response:
    """Answers for each place as if every employment, with its posts, were there; all other facts stay as they are.

    Such an answer is hypothetical and carries no digest.
    """
    today = today_of(request)
    day = as_of or today
    places = jurisdictions.split(",")
    async with request.app.state.pool.acquire() as connection:
        position = await resolve_known_at(connection, ledger, known_at, known_at_position, now_of(request))
        cost, books = COST_OF_ONE * len(places), policy_books(request)
        stored = await answers.stored_at(connection, books, ledger, practitioner_id, position, cost)
    exam_year = int(year) if year else None
    question = Question(determination, day, period_of(period) if period else None, level, exam_year)
    asked = {"period": period, "level": level, "year": exam_year}
    about = {
        "ledger": ledger,
        "practitioner_id": practitioner_id,
        "determination": determination,
        "as_of": day.isoformat(),
        **{name: value for name, value in asked.items() if value is not None},
        "known_at_position": position,
        "projected": day > today,
        "engine": ENGINE,
    }
    return as_json(await computed_json(request, compared, stored, about, question, today, places))


def compared(
    stored: StoredKnowledge, about: Mapping[str, Any], question: Question, today: date, places: Sequence[str]
) -> dict[str, Any]:
    """Return the answer of each place, in order. Raises DamagedEvent, UnreadablePack."""
    known = answers.known(stored)
    about = {**about, "practitioner_id": known.practitioner_id}
    return {**about, "places": [_of_place(known.rules_of(place), known, question, today) for place in places]}


def _of_place(rules: Rules, known: KnownPerson, question: Question, today: date) -> dict[str, Any]:
    there = replace(known, facts=employed_in(known.facts, rules.jurisdiction))
    if question.determination == WHOLE_STANDING:
        answer = answers.stands(rules, there, question.as_of, today)
    else:
        answer = answers.whole(rules, there, question, today)
    name = rules.packs[0].pack.name
    return {
        "jurisdiction": rules.jurisdiction,
        "name": {"zh": name.zh, "en": name.en},
        "answer": {member: value for member, value in answer.items() if member not in OF_THE_QUESTION},
    }
