"""Every refusal as an RFC 9457 problem document, in the words of `contracts/problems.yaml` (ADR-0033).

A refusal is an exception that carries facts; its class name is its code. To add one: the class, and its words there.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import uuid4

import asyncpg
import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from contracts.events.codec import InvalidEvent
from contracts.languages import Lang
from contracts.mistakes import Mistakes, Names, Phrase
from contracts.problems import PROBLEMS, ExampleOfAPhrase
from contracts.sentences import in_one_sentence, in_words, said
from contracts.strict_json import MalformedJson
from services.runtime.database import DATABASE_AWAY, is_away
from services.runtime.http.invalid import mistakes_in
from services.runtime.http.languages import OF_PROBLEMS, TAGS, language_of_problem
from services.runtime.http.readers import ReaderGone
from services.runtime.refusals import DatabaseUnavailable, Refusal, code_of

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1
CLIENT_CLOSED_REQUEST = 499
"""As nginx has it in its log."""
MAX_POINTER_CHARACTERS = 500
NO_FACTS: Mapping[str, Any] = MappingProxyType({})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
IN_ENGLISH = ("why",)
"""The facts that are written in English only: what is wrong with a pack, in the words of its authors' checks."""

_log = logging.getLogger(__name__)


# Pointers for refusals that carry none of their own: the whole body, a path id, a header.
PLACES = {
    "unknown-problem": "{code}",
    "unknown-event-type": "{type}",
    "unknown-ledger": "{ledger}",
    "unknown-practitioner": "{practitioner_id}",
    "unknown-determination": "{determination}",
    "unknown-event": "{event_id}",
    "foreign-host": "Host",
    "unsupported-media-type": "Content-Type",
    "not-acceptable": "Accept",
    "unsupported-encoding": "Content-Encoding",
}
_HTTP_ERRORS = {404: "not-found", 405: "method-not-allowed"}


class ProblemError(Struct, frozen=True):
    """One mistake, in one language. `code` is that of the problem where it says all."""

    pointer: str
    code: str
    detail: str


class ProblemDocument(Struct, frozen=True, omit_defaults=True):
    """One occurrence of a problem, in one language. `error_count` says how many there are, if some are untold."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str
    errors: list[ProblemError] = []
    error_count: int | None = None


class Rendered(Struct, frozen=True):
    """A problem in another form than JSON, with the headers that go with it."""

    body: bytes
    media_type: str
    headers: Mapping[str, str]


Render: TypeAlias = Callable[[ProblemDocument], Rendered]
RENDER = "ledger.problem"
"""Where in an ASGI scope stands what renders a problem with which the request is answered, if not as JSON."""


class ProblemResponse(Response):
    """A problem, which becomes bytes when it is sent: as JSON, or as the scope of its request says."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: ProblemDocument, headers: Mapping[str, str]) -> None:
        super().__init__(msgspec.json.encode(problem), problem.status, headers)
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (render := scope.get(RENDER)) is not None:
            rendered: Rendered = render(self._problem)
            self.body = rendered.body
            self.headers.update({**rendered.headers, "Content-Type": rendered.media_type})
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def problem_document(
    code: str,
    facts: Mapping[str, Any] = NO_FACTS,
    errors: Sequence[ProblemError] = (),
    lang: Lang = OF_PROBLEMS,
    error_count: int | None = None,
) -> ProblemDocument:
    """Return the problem document of `code`, worded with `facts`."""
    words = PROBLEMS[code].words(lang)
    return ProblemDocument(
        type=f"/problems/{code}",
        title=words.title,
        status=PROBLEMS[code].status,
        detail=_detail(code, facts, lang),
        code=code,
        remedy=words.remedy,
        errors=list(errors),
        error_count=error_count,
    )


def example_document(code: str, lang: Lang) -> dict[str, Any]:
    """Return one occurrence of a problem as its document."""
    example = PROBLEMS[code].example
    facts: dict[str, Any] = {
        name: fact.made() if isinstance(fact, ExampleOfAPhrase) else fact for name, fact in example.facts.items()
    }
    if example.mistake is not None:
        facts["mistakes"] = Mistakes.of(example.pointer or "", example.mistake.made())
    return as_data(_document(code, facts, example.pointer, lang))


def as_data(problem: ProblemDocument) -> dict[str, Any]:
    """Return a problem as part of a larger answer."""
    members: dict[str, Any] = msgspec.to_builtins(problem)
    return members


def problem_response(
    code: str,
    facts: Mapping[str, Any] = NO_FACTS,
    errors: Sequence[ProblemError] = (),
    headers: Mapping[str, str] = NO_HEADERS,
    lang: Lang = OF_PROBLEMS,
) -> Response:
    """Return the problem document of `code` as a response."""
    return _response(problem_document(code, facts, errors, lang), headers, lang)


def refusal_response(refusal: Exception, lang: Lang = OF_PROBLEMS) -> Response:
    """Return the problem document of a Refusal, or of a refusal of the contracts (InvalidEvent, MalformedJson)."""
    document = _refusal_document(refusal, lang)
    return _response(document, _headers(document.code, vars(refusal)), lang)


def problem_of(error: Exception, lang: Lang = OF_PROBLEMS, prefix: str = "") -> dict[str, Any]:
    """Return the problem document of any exception, as part of a larger answer. Failures of our own are logged.

    Pointers begin behind `prefix`."""
    if isinstance(error, Refusal | InvalidEvent | MalformedJson):
        return as_data(_refusal_document(error, lang, prefix))
    if database_is_away(error):
        return as_data(problem_document("database-unavailable", lang=lang))
    incident = str(uuid4())
    _log.error("incident %s", incident, exc_info=error)
    return as_data(problem_document("internal-error", {"incident": incident}, lang=lang))


def headers_of_problem(code: str, lang: Lang) -> dict[str, str]:
    """Return what the headers of a problem document say of its language, and of what it depends on."""
    detail = PROBLEMS[code].words(lang).detail
    quotes_english = lang != "en" and any(f"{{{fact}}}" in detail for fact in IN_ENGLISH)
    languages = f"{TAGS[lang]}, en" if quotes_english else TAGS[lang]
    return {"Content-Language": languages, "Vary": "Accept, Accept-Language"}


def _response(document: ProblemDocument, headers: Mapping[str, str], lang: Lang) -> Response:
    return ProblemResponse(document, {**headers_of_problem(document.code, lang), **headers})


def database_is_away(error: Exception) -> bool:
    """Distinguish a database that was away from a service that was about to stop."""
    return isinstance(error, DatabaseUnavailable) or is_away(error)


def _refusal_document(refusal: Exception, lang: Lang, prefix: str = "") -> ProblemDocument:
    facts, code = {**vars(refusal)}, code_of(type(refusal))
    if "mistakes" in facts:
        facts["mistakes"] = facts["mistakes"].behind(prefix)
    pointer: str | None = facts.get("pointer", PLACES.get(code))
    return _document(code, facts, None if pointer is None else pointer.removeprefix(prefix), lang)


def _document(code: str, facts: Mapping[str, Any], pointer: str | None, lang: Lang) -> ProblemDocument:
    """Return the document of mistakes, if the facts have some, else of what is wrong at one place or at none."""
    mistakes: Mistakes | None = facts.get("mistakes")
    if mistakes is None:
        errors = [] if pointer is None else [_error(pointer, code, _detail(code, facts, lang))]
        return problem_document(code, facts, errors, lang)
    errors = [_error(told.pointer, told.what.code, in_words(told.what, lang)) for told in mistakes.told]
    error_count = None if mistakes.count == len(errors) else mistakes.count
    return problem_document(code, facts, errors, lang, error_count)


def _error(pointer: str, code: str, detail: str) -> ProblemError:
    return ProblemError(pointer[:MAX_POINTER_CHARACTERS], code, detail)


def _detail(code: str, facts: Mapping[str, Any], lang: Lang) -> str:
    """Return what a problem is this time. Where its words ask for `mistakes`, they are told in one sentence."""
    return PROBLEMS[code].words(lang).detail.format_map({name: _said(fact, lang) for name, fact in facts.items()})


def _said(fact: Any, lang: Lang) -> Any:
    match fact:
        case Phrase() | Names():
            return said(fact, lang)
        case Mistakes():
            return in_one_sentence(fact, lang)
    return fact


def _headers(code: str, facts: Mapping[str, Any]) -> Mapping[str, str]:
    if PROBLEMS[code].status == HTTPStatus.PRECONDITION_FAILED:
        return {"ETag": f'"v{facts["current"]}"'}
    if PROBLEMS[code].status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_S)}
    return NO_HEADERS


def documented_problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return `responses` for the OpenAPI document of a route that may answer with these codes."""
    responses: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        problem = PROBLEMS[code]
        media = responses.setdefault(problem.status, {"description": problem.en.title, "content": {MEDIA_TYPE: {}}})
        examples = media["content"][MEDIA_TYPE].setdefault("examples", {})
        examples[code] = {"value": example_document(code, OF_PROBLEMS)}
    return responses


def install(app: FastAPI) -> None:
    """Answer every exception with a problem document."""
    for refusal in (Refusal, InvalidEvent, MalformedJson):
        app.add_exception_handler(refusal, _refused)
    for away in (*DATABASE_AWAY, DatabaseUnavailable):
        app.add_exception_handler(away, _database_away)
    app.add_exception_handler(ClientDisconnect, _disconnected)
    app.add_exception_handler(ReaderGone, _gone)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    for unforeseen in (
        asyncpg.exceptions._base.DataError,
        Exception,
    ):  # The first is an InterfaceError by descent only.
        app.add_exception_handler(unforeseen, _unforeseen)


async def _refused(request: Request, error: Exception) -> Response:
    return refusal_response(error, language_of_problem(request.scope))


async def _database_away(request: Request, error: Exception) -> Response:
    _log.warning("the database is away: %s: %s", type(error).__name__, error)
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return problem_response("database-unavailable", headers=headers, lang=language_of_problem(request.scope))


async def _disconnected(request: Request, _: Exception) -> Response:
    return problem_response("body-incomplete", lang=language_of_problem(request.scope))


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)  # For the log; nobody reads it.


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError(error)
    errors = error.errors()
    code = "invalid-body" if errors[0]["loc"][0] == "body" else "invalid-parameter"
    found = Mistakes()
    mistakes_in(errors, found)
    lang = language_of_problem(request.scope)
    document = _document(code, {"mistakes": found}, None, lang)
    return _response(document, NO_HEADERS, lang)


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError(error)
    code = _HTTP_ERRORS.get(error.status_code)
    if code is None:
        return Response(status_code=error.status_code, headers=error.headers)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods_at(request)):
        headers["Allow"] = ", ".join(methods)
    return problem_response(code, headers=headers, lang=language_of_problem(request.scope))


def _methods_at(request: Request) -> list[str]:
    """Return the methods that the path takes; the framework names those of one route only."""
    paths: Mapping[str, Mapping[str, Any]] = request.app.openapi()["paths"]
    here = (operations for template, operations in paths.items() if compile_path(template)[0].match(request.url.path))
    methods = {method.upper() for operations in here for method in operations}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def _unforeseen(request: Request, error: Exception) -> Response:
    incident = str(uuid4())
    route = getattr(request.scope.get("route"), "path", "no route")
    _log.error("incident %s: %s %s", incident, request.method, route, exc_info=error)
    return problem_response("internal-error", {"incident": incident}, lang=language_of_problem(request.scope))
