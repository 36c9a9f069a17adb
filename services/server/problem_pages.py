"""Pages about problems: what each code means, for people and programs; and a problem itself as a page, for a browser
that opened an address. Every other client gets the problem document."""

import json
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, FastAPI, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.contextvars import get_contextvars

from contracts.languages import Lang
from contracts.mistakes import Names, listed_near
from contracts.problems import PROBLEMS
from services.runtime.http.entity_tags import digest_tag
from services.runtime.http.languages import CHOSEN, OF_PROBLEMS, TAGS, language_of, language_of_problem
from services.runtime.http.negotiation import NotAcceptable, preferred
from services.runtime.http.problems import (
    MEDIA_TYPE,
    RENDER,
    ProblemDocument,
    Rendered,
    documented_problems,
    example_document,
)
from services.runtime.http.strict_route import StrictRoute
from services.runtime.refusals import Refusal
from services.server.pages import HEADERS, page

HTML = "text/html"
EXAMPLE = "unknown-ledger"
MAX_QUOTED_CHARACTERS = 100


@dataclass(eq=False)
class UnknownProblem(Refusal):
    """There is no problem of the code. `near` has those that may be meant."""

    asked: str
    near: Names


def described(code: str, lang: Lang) -> dict[str, Any]:
    """Return what a problem means, in one language."""
    words = PROBLEMS[code].words(lang)
    return {
        "code": code,
        "type": f"/problems/{code}",
        "status": PROBLEMS[code].status,
        "title": words.title,
        "when": words.when,
        "remedy": words.remedy,
    }


class ProblemInShort(BaseModel):
    """What one code means."""

    code: str
    type: Annotated[str, Field(description="The path of its page, which is the `type` of its documents.")]
    status: Annotated[int, Field(ge=400, le=599)]
    title: Annotated[str, Field(description="What it means.")]
    when: Annotated[str, Field(description="When it happens.")]
    remedy: Annotated[str, Field(description="What to do.")]


class ProblemMeanings(BaseModel):
    """Every code."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"problems": [described(EXAMPLE, OF_PROBLEMS)]}]})
    problems: list[ProblemInShort]


class ProblemMeaning(ProblemInShort):
    """What one code means, with one occurrence of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**described(EXAMPLE, OF_PROBLEMS), "example": example_document(EXAMPLE, OF_PROBLEMS)}]
        }
    )
    example: Annotated[dict[str, Any], Field(description="A problem document.")]


Language = Annotated[
    Lang | None,
    Query(description="By default as Accept-Language prefers, else a page in zh and JSON in en.", examples=["en"]),
]
AS_A_PAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {HTML: {"schema": {"type": "string"}, "example": '<!DOCTYPE html><html lang="en">…</html>'}}}
}

router = APIRouter(route_class=StrictRoute, tags=["problems"])


@router.get(
    "/problems",
    summary="Every problem",
    response_model=ProblemMeanings,
    responses=AS_A_PAGE | documented_problems("invalid-parameter", "not-acceptable"),
)
async def list_problems(request: Request, lang: Language = None) -> Response:
    """Each code by which a request may be refused, or fail, in words: as JSON or as a page."""
    lang, is_page = _wanted(request, lang)
    problems = [described(code, lang) for code in PROBLEMS]
    if is_page:
        return _page(page("problems.html.jinja", lang, problems=problems), lang)
    return _json({"problems": problems}, lang)


@router.get(
    "/problems/{code}",
    summary="One problem",
    response_model=ProblemMeaning,
    responses=AS_A_PAGE | documented_problems("invalid-parameter", "unknown-problem", "not-acceptable"),
)
async def read_problem(
    request: Request,
    code: Annotated[str, Path(description="The `code` of a problem.", examples=[EXAMPLE])],
    lang: Language = None,
) -> Response:
    """What it means, when it happens, what to do, and an example: as JSON or as a page."""
    if code not in PROBLEMS:
        raise UnknownProblem(code[:MAX_QUOTED_CHARACTERS], listed_near(code, PROBLEMS))
    lang, is_page = _wanted(request, lang)
    problem = {**described(code, lang), "example": example_document(code, lang)}
    if is_page:
        example = json.dumps(problem["example"], ensure_ascii=False, indent=2)
        return _page(page("problem_meaning.html.jinja", lang, problem=problem, example=example), lang)
    return _json(problem, lang)


def _wanted(request: Request, lang: Lang | None) -> tuple[Lang, bool]:
    """Return in which language, and whether as a page."""
    if preferred(request, ("application/json", HTML)) == HTML:
        return lang or language_of(request), True
    return lang or language_of_problem(request.scope), False


def _page(text: str, lang: Lang) -> Response:
    return Response(text, headers={**HEADERS, "Content-Language": TAGS[lang]}, media_type=HTML)


def _json(value: Any, lang: Lang) -> Response:
    body = msgspec.json.encode(value)
    headers = {"ETag": digest_tag(body), "Content-Language": TAGS[lang], "Vary": "Accept, Accept-Language"}
    return Response(body, headers=headers, media_type="application/json")


def install(app: FastAPI) -> None:
    """Show problems as pages in browsers. Before `requests.install`, so that a page is answered as every other answer:
    to HEAD, and compressed."""
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: ProblemPages(build())  # type: ignore[method-assign]  # As in `requests.install`.


class ProblemPages:
    """ASGI middleware, to stand around everything that may answer with a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_browsed(scope):
            lang = language_of(Request(scope))
            scope[CHOSEN] = lang
            scope[RENDER] = partial(_page_of, lang)
        await self._app(scope, receive, send)


def _is_browsed(scope: Scope) -> bool:
    """Whether a page is wanted more than a document of data. No API client asks for that."""
    request = Request(scope)
    try:
        return "accept" in request.headers and preferred(request, (MEDIA_TYPE, "application/json", HTML)) == HTML
    except NotAcceptable:
        return False


def _page_of(lang: Lang, problem: ProblemDocument) -> Rendered:
    """Return the page of a problem. It names its request where the service failed: what a past day refuses is the same
    for ever, byte for byte."""
    failed = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    request_id = get_contextvars().get("request_id") if failed else None
    text = page("problem.html.jinja", lang, problem=problem, request_id=request_id)
    return Rendered(text.encode(), f"{HTML}; charset=utf-8", HEADERS)
