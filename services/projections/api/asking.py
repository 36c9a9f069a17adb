"""What the routes that put one question to the rules have in common."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from fastapi import Request, Response

from services.core.questions.standing import DETERMINATIONS
from services.projections.rulebook import PolicyBooks
from services.runtime.clock import china_day
from services.runtime.parameters import InvalidParameter

ANNUAL, EXAM = "continuing_education.annual", "exam.complete"


def answered(name: str, description: str, others: Mapping[str, str] | None = None) -> dict[int | str, dict[str, Any]]:
    """Return `responses` for the OpenAPI document of a route whose answers are what the JSON Schema of a name says.

    `others` are examples of the answer by further media types. `services.server.openapi` adds schema and example.
    """
    example = {"$ref": f"#/components/examples/{name}"}
    media = {"schema": {"$ref": f"#/components/schemas/{name}"}, "examples": {name: example}}
    texts = {media_type: {"example": text} for media_type, text in (others or {}).items()}
    return {200: {"description": description, "content": {"application/json": media, **texts}}}


def check_question(determination: str, period: str | None, level: str | None, *, also: str | None = None) -> None:
    """Raise InvalidParameter where there is no such determination, nor `also`, or where it takes no period or level."""
    if determination not in (*DETERMINATIONS, also):
        raise InvalidParameter("?determination", f"must be one of {', '.join(DETERMINATIONS)}")
    if period is not None and determination != ANNUAL:
        raise InvalidParameter("?period", f"only {ANNUAL} takes a period")
    if (level is not None) != (determination == EXAM):
        raise InvalidParameter("?level", f"{EXAM} needs a level, no other determination takes one")


def now_of(request: Request) -> datetime:
    """Return the present instant."""
    instant: datetime = request.app.state.clock()
    return instant


def today_of(request: Request) -> date:
    """Return the present day in China."""
    return china_day(now_of(request))


def policy_books(request: Request) -> PolicyBooks:
    """Return the packs in memory, made at the first question."""
    state = request.app.state
    if not hasattr(state, "policy_books"):
        state.policy_books = PolicyBooks()
    books: PolicyBooks = state.policy_books
    return books


def as_json(answer: dict[str, Any]) -> Response:
    """Return the answer as JSON."""
    return Response(msgspec.json.encode(answer), media_type="application/json")
