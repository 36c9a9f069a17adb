"""Every refusal, worded once, as RFC 9457 problem documents. `contracts/problems.yaml` is generated from PROBLEMS.

A refusal is an exception that carries facts; its class name is its code. To add one: the class, and its line here.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from contracts.events.codec import InvalidEvent
from contracts.strict_json import MalformedJson
from services.runtime.database import DATABASE_AWAY, is_away
from services.runtime.http.readers import ReaderGone
from services.runtime.refusals import MAX_NAME_CHARACTERS, DatabaseUnavailable, Refusal, code_of, pointer_to

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1
CLIENT_CLOSED_REQUEST = 499
"""As nginx has it in its log."""
MAX_ERRORS = 100
MAX_POINTER_CHARACTERS = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What one code means. `detail` is filled with the facts of the refusal; `remedy` says what to do."""

    status: int
    title: str
    detail: str
    remedy: str


PROBLEMS: Mapping[str, Problem] = MappingProxyType(
    {
        # The request as such.
        "malformed-request": Problem(
            400, "This is not an HTTP request", "{detail}", "Percent-encode the path and query; keep headers small."
        ),
        "head-too-large": Problem(
            431,
            "The head of the request is too large",
            "The request line and headers, or the trailers, have more than {limit_bytes} bytes.",
            "Send fewer or shorter headers, and a shorter query.",
        ),
        "head-too-slow": Problem(
            408,
            "The head of the request came too slowly",
            "The request line and headers were not whole after {timeout_s:g} seconds.",
            "Send the whole request at once, on a new connection.",
        ),
        "malformed-json": Problem(
            400, "The body is not JSON that every reader understands alike", "{detail}", "Send strict JSON in UTF-8."
        ),
        "invalid-body": Problem(
            400, "The body does not have the expected shape", "{detail}", "Correct what `errors` points to."
        ),
        "invalid-event": Problem(
            400, "An event does not have the shape of its type", "{detail}", "Correct what `errors` points to."
        ),
        "unknown-type": Problem(
            400, "There is no such event type", "{detail}", "Use a type of contracts/schemas/events."
        ),
        "duplicate-event-id": Problem(
            400,
            "An event id is used twice in one request",
            "Event {event_id} is given twice.",
            "Send each event once, each with an id of its own.",
        ),
        "invalid-parameter": Problem(
            400, "A parameter, path id or header cannot be used", "{detail}", "Correct what `errors` names."
        ),
        "body-incomplete": Problem(
            400, "The body ended early", "The client left before the body was whole.", "Send the whole body."
        ),
        "body-too-slow": Problem(
            408,
            "The body came too slowly",
            "The body was not whole after {timeout_s:g} seconds.",
            "Send it again; an event id that already arrived is recognized.",
        ),
        "body-too-large": Problem(
            413,
            "The body is too large",
            "A body has at most {limit_bytes} bytes.",
            "Send fewer events in one request.",
        ),
        "unsupported-media-type": Problem(
            415,
            "The body is not sent as JSON",
            "The Content-Type must be {accepted}; a charset, if given, must be utf-8.",
            "Send one of these, and name it in Content-Type.",
        ),
        "unsupported-encoding": Problem(
            415, "The body is encoded", "A Content-Encoding is not accepted.", "Send the body as it is."
        ),
        "foreign-host": Problem(
            421,
            "The Host is not this service",
            "While access is open, the service answers only on localhost, 127.0.0.1 and [::1].",
            "Call it by one of these names.",
        ),
        "not-acceptable": Problem(
            406,
            "No representation fits the Accept header",
            "It is offered as {offered}.",
            "Accept one of these, or omit the header.",
        ),
        "method-not-allowed": Problem(
            405, "The path takes another method", "{detail}", "See /openapi.json, or the Allow header."
        ),
        # What is absent.
        "not-found": Problem(404, "There is no such path", "{detail}", "See /openapi.json for the paths."),
        "unknown-ledger": Problem(
            404, "There is no such ledger", "There is no ledger {ledger}.", "Create it with PUT /v1/ledgers/{{ledger}}."
        ),
        "unknown-practitioner": Problem(
            404,
            "The practitioner has no events",
            "Ledger {ledger} has no events of {practitioner_id} at position {position}.",
            "Append one, or ask for a later state of knowledge.",
        ),
        "unknown-determination": Problem(
            404,
            "There is no such determination",
            "{determination!r} is not a determination.",
            "See /docs for the list.",
        ),
        "unknown-indicator": Problem(
            404,
            "The ledger has no such indicator",
            "No pack of ledger {ledger} has an indicator {indicator!r}.",
            "See GET /v1/ledgers/{{ledger}}/indicators for the list.",
        ),
        "unknown-event": Problem(
            404, "There is no such event", "Ledger {ledger} has no event {event_id}.", "Look it up in the feed."
        ),
        "unknown-local-standard": Problem(
            404,
            "There is no such local standard",
            "No local standard {standard_id} is on record.",
            "See GET /v1/ledgers/{{ledger}}/local-standards for the list.",
        ),
        "unknown-organization": Problem(
            404,
            "There is no such organization",
            "No organization {organization} is on record by that day.",
            "See GET /v1/ledgers/{{ledger}}/organizations for the list.",
        ),
        # Conflicts.
        "ledger-differs": Problem(
            409,
            "The ledger exists and differs",
            "Ledger {ledger} has jurisdiction {jurisdiction} and title {title!r}.",
            "A ledger never changes: choose another name, or send the values it has.",
        ),
        "event-id-taken": Problem(
            409,
            "The event id holds other content",
            "Event {event_id} is recorded {how}.",
            "Send exactly what was recorded, or use a new id. To change a fact, record event.corrected.",
        ),
        "local-standard-taken": Problem(
            409,
            "The local standard exists and differs",
            "Local standard {standard_id} is recorded at position {position} with other content.",
            "A registered standard never changes: register the new one under a new id.",
        ),
        "local-standard-ends-otherwise": Problem(
            409,
            "The local standard ends on another day",
            "Local standard {standard_id} ends on {last_day}, as recorded at position {position}.",
            "If that day is a mistake, void the end first; then record the right one.",
        ),
        "local-standard-voided": Problem(
            409,
            "The local standard, or its end, is voided",
            "A void of local standard {standard_id} is recorded at position {position}.",
            "A void is final. Register the right standard under a new id.",
        ),
        "version-mismatch": Problem(
            412,
            "The stream is not at the version that was expected",
            "The stream of {practitioner_id} is at version {current}.",
            "Read the stream again, decide again, and send its current ETag.",
        ),
        "weak-tag": Problem(
            412,
            "A weak tag never matches",
            "If-Match compares strongly (RFC 9110, 13.1.1), so a tag that begins with W/ never matches. The stream of "
            "{practitioner_id} is at version {current}.",
            'Send the tag as this service gives it: "v17". A proxy that compresses answers makes tags weak: let it '
            "pass them on as they are, they are compressed already.",
        ),
        # Refused by a rule.
        "personal-data-in-text": Problem(
            422,
            "A text holds personal data",
            "{detail}",
            "Leave out identity and mobile numbers: what is recorded can never be erased.",
        ),
        "private-not-enabled": Problem(422, "Personal data cannot be kept yet", "{detail}", "Leave `private` out."),
        "event-too-large": Problem(
            422,
            "An event is too large",
            "The event would take {size_bytes} bytes, and the limit is {limit_bytes}.",
            "Shorten its texts or split it.",
        ),
        "target-of-another-practitioner": Problem(
            422,
            "The target belongs to another stream",
            "Event {target} belongs to another practitioner.",
            "Append a correction or void to the stream of its target.",
        ),
        "void-of-a-void": Problem(
            422, "A void cannot be voided", "Event {target} is a void.", "Record the fact again under a new id."
        ),
        "target-would-be-invalid": Problem(
            422,
            "The correction would make its target invalid",
            "Event {target} would not be valid: {detail}.",
            "Correct the patch; null removes a member.",
        ),
        "linked-already": Problem(
            422,
            "The stream is linked already",
            "{practitioner_id} is linked to {same_as}.",
            "If that link was a mistake, void it first.",
        ),
        "link-in-a-circle": Problem(
            422,
            "The link would lead back to its own stream",
            "{same_as} is {practitioner_id} already.",
            "Record the link in the stream of the id that is given up, and name the id that stays.",
        ),
        "link-to-nobody": Problem(
            422,
            "The ledger knows nobody of the id linked to",
            "The ledger has no events of {same_as}.",
            "Correct the id, or record the events of that person first.",
        ),
        "too-many-linked": Problem(
            422,
            "One person would have too many ids",
            "The person would have {ids} ids, and the limit is {most}.",
            "Check whether all of them are about one person, and void the links that are wrong.",
        ),
        "outside-jurisdiction": Problem(
            422,
            "The place lies outside the ledger's jurisdiction",
            "{jurisdiction} does not lie inside {ledger_jurisdiction}.",
            "Record it in a ledger of its own place, or in a national one.",
        ),
        "end-before-beginning": Problem(
            422,
            "The last day lies before the first",
            "Local standard {standard_id} takes effect on {effective_from}.",
            "Send a last day that is not earlier. A standard recorded by mistake is voided, not ended.",
        ),
        "known-at-too-recent": Problem(
            422,
            "That state of knowledge is not settled yet",
            "known_at must lie at least {settling_s:g} seconds in the past.",
            "Leave known_at out to ask about the newest state.",
        ),
        "position-past-head": Problem(
            422,
            "The ledger does not reach that position",
            "Position {position} is beyond the head, {head}.",
            "Ask for a position no later than the head.",
        ),
        # On our side.
        "answer-too-costly": Problem(
            503,
            "The answer would cost too much",
            "It was not computed within {timeout_s:g} seconds.",
            "Ask for less at once: one determination instead of all, fewer places, or fewer days. While others ask for "
            "as much, try again later.",
        ),
        "projection-behind": Problem(
            503,
            "The read model has not caught up",
            "Its rows are at position {position}, and those that are due are being judged again.",
            "Try again after Retry-After seconds. Without min_position, only an upgrade is waited for.",
        ),
        "damaged-event": Problem(
            503,
            "The store is damaged",
            "What is stored at position {position} is not what was recorded there.",
            "Tell the operator: ledgerctl doctor names everything that is damaged, and a backup has it whole.",
        ),
        "damaged-ledger": Problem(
            503,
            "The store is damaged",
            "The head of {ledger} and its events do not fit together.",
            "Tell the operator: ledgerctl doctor names everything that is damaged, and a backup has it whole.",
        ),
        "unreadable-pack": Problem(
            503,
            "The ledger's pinned rules cannot be read",
            "Pack {digest}: {why}.",
            "Tell the operator: ledgerctl doctor names the packs. Restore them from a backup, or run a newer release.",
        ),
        "clocks-apart": Problem(
            503,
            "The clocks disagree",
            "The clocks of the service and the database differ by {seconds:+.1f} s. Nothing was recorded.",
            "Tell the operator: NTP must set the clocks of both hosts. Then send the request again.",
        ),
        "too-many-connections": Problem(
            503,
            "Too many connections are open",
            "Every connection that the service can hold is busy with a request.",
            "Try again after Retry-After seconds, and keep fewer connections open.",
        ),
        "database-unavailable": Problem(
            503,
            "The database is unavailable",
            "The database is unreachable or too slow. An append may or may not have been recorded.",
            "Try again after Retry-After seconds; send an append with the same event ids.",
        ),
        "internal-error": Problem(
            500,
            "The service failed",
            "The failure is logged as incident {incident}.",
            "Report the incident id. An append may be sent again with the same event ids.",
        ),
    }
)

# Pointers for refusals that carry none of their own: the whole body, a path id, a header.
PLACES = {
    "malformed-json": "",
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


def problem_document(
    code: str, facts: Mapping[str, Any] = MappingProxyType({}), errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Return the problem document of `code`, worded with `facts`."""
    problem = PROBLEMS[code]
    document: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail.format_map(facts),
        "code": code,
    }
    return {**document, "errors": errors} if errors else document


def problem_response(
    code: str,
    facts: Mapping[str, Any] = MappingProxyType({}),
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the problem document of `code` as a response."""
    document = problem_document(code, facts, errors)
    return Response(msgspec.json.encode(document), PROBLEMS[code].status, headers, MEDIA_TYPE)


def refusal_response(refusal: Exception) -> Response:
    """Return the problem document of a Refusal, or of a refusal of the contracts (InvalidEvent, MalformedJson)."""
    document = _refusal_document(refusal)
    headers = _headers(document["code"], vars(refusal))
    return Response(msgspec.json.encode(document), document["status"], headers, MEDIA_TYPE)


def problem_of(error: Exception) -> dict[str, Any]:
    """Return the problem document of any exception, as part of a larger answer. Failures of our own are logged."""
    if isinstance(error, Refusal | InvalidEvent | MalformedJson):
        return _refusal_document(error)
    if database_is_away(error):
        return problem_document("database-unavailable")
    incident = str(uuid4())
    _log.error("incident %s", incident, exc_info=error)
    return problem_document("internal-error", {"incident": incident})


def database_is_away(error: Exception) -> bool:
    """Distinguish a database that was away from a service that was about to stop."""
    return isinstance(error, DatabaseUnavailable) or is_away(error)


def _refusal_document(refusal: Exception) -> dict[str, Any]:
    facts = {"detail": str(refusal), **vars(refusal)}
    code = code_of(type(refusal))
    detail = PROBLEMS[code].detail.format_map(facts)
    pointer = facts.get("pointer", PLACES.get(code))
    errors = [] if pointer is None else [{"pointer": pointer[:MAX_POINTER_CHARACTERS], "detail": detail}]
    return problem_document(code, facts, errors)


def _headers(code: str, facts: Mapping[str, Any]) -> Mapping[str, str] | None:
    if PROBLEMS[code].status == HTTPStatus.PRECONDITION_FAILED:
        return {"ETag": f'"v{facts["current"]}"'}
    if PROBLEMS[code].status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_S)}
    return None


def documented_problems(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return `responses` for the OpenAPI document of a route that may answer with these codes."""
    responses: dict[int | str, dict[str, Any]] = {}
    for code in codes:
        problem = PROBLEMS[code]
        media = responses.setdefault(problem.status, {"description": problem.title, "content": {MEDIA_TYPE: {}}})
        media["content"][MEDIA_TYPE].setdefault("examples", {})[code] = {
            "value": {
                "type": f"/problems/{code}",
                "title": problem.title,
                "status": problem.status,
                "detail": problem.detail,
                "code": code,
            }
        }
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


async def _refused(_: Request, error: Exception) -> Response:
    return refusal_response(error)


async def _database_away(_: Request, error: Exception) -> Response:
    _log.warning("the database is away: %s: %s", type(error).__name__, error)
    return problem_response("database-unavailable", headers={"Retry-After": str(RETRY_AFTER_S)})


async def _disconnected(_: Request, __: Exception) -> Response:
    return problem_response("body-incomplete")


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)  # For the log; nobody reads it.


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError(error)
    invalid = error.errors()[:MAX_ERRORS]
    errors = [{"pointer": _pointer(e["loc"]), "detail": e["msg"].removeprefix("Value error, ")} for e in invalid]
    code = "invalid-body" if invalid[0]["loc"][0] == "body" else "invalid-parameter"
    detail = f"{errors[0]['pointer'] or 'the body'}: {errors[0]['detail']}"
    return problem_response(code, {"detail": detail}, errors)


def _pointer(location: Sequence[int | str]) -> str:
    place, *path = (str(part)[:MAX_NAME_CHARACTERS] for part in location)
    match place:
        case "body":
            return pointer_to(*path)
        case "query":
            return f"?{path[0]}"
        case "path":
            return f"{{{path[0]}}}"
    return path[0]


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise TypeError(error)
    code = _HTTP_ERRORS.get(error.status_code)
    if code is None:
        return Response(status_code=error.status_code, headers=error.headers)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (methods := _methods_at(request)):
        headers["Allow"] = ", ".join(methods)
    return problem_response(code, {"detail": HTTPStatus(error.status_code).description}, headers=headers)


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
    return problem_response("internal-error", {"incident": incident})
