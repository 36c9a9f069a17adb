"""What schemathesis is told of the service beside its OpenAPI document. It runs in `.venv/contract` and imports this.

No check is off. A failure is passed over only where no schema can say what the service asks, each kind for its reason.
"""

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData

LINES = ("application/jsonl", "application/x-ndjson")
STREAM = "text/event-stream"
PROBLEM = "application/problem+json"
STREAM_WAIT_S = 1
CONDITIONS = {"If-Match": "*", "If-None-Match": '"v0"'}
"""Which hold for whoever has events. The phase of coverage writes letters and digits alone into headers, though that is
what the document excludes; the phases that draw values do better."""
END_VOIDED = "voidStandardEnd"
"""A new local standard has no end yet: that is made by a request of its own."""
BAD_REQUEST, MULTI_STATUS = 400, 207

BY_THE_LEDGER = {
    "end-before-beginning",
    "known-at-too-recent",
    "link-in-a-circle",
    "link-to-nobody",
    "linked-already",
    "outside-jurisdiction",
    "position-past-head",
    "target-of-another-practitioner",
    "target-would-be-invalid",
    "too-many-linked",
    "version-mismatch",
    "void-of-a-void",
    "weak-tag",
}
"""Problems of requests that another state of the ledger, or another moment, would let through."""
BY_THE_WHOLE = {"duplicate-event-id", "event-too-large", "personal-data-in-text"}
"""Problems of requests that are right in each of their parts."""
BY_OTHER_VALUES = {
    "after-the-end",
    "amounts-do-not-add-up",
    "begins-after-it-ends",
    "ends-before-it-begins",
    "given-together",
    "level-of-an-exam",
    "not-the-day-of-the-event",
    "nothing-to-filter-by",
    "only-on-the-other-axis",
    "place-without-local-scope",
    "takes-no-language",
    "takes-no-period",
    "takes-no-year",
    "wrong-period",
}
"""Mistakes of a value beside another one."""
BY_MEANING = {"cursor-not-issued", "cursor-of-others", "too-many-places"}
"""Mistakes of a value by itself that no word of JSON Schema tells: places that differ are at most ten."""
WHOLE_NUMBER = re.compile(r"must be a whole number, not -?\d+\.0")
"""To JSON Schema, 2.0 is a whole number."""
NO_DAY = re.compile(r"must be a year or a day, from 1900 to 2199, not '\d{4}-\d{2}-\d{2}'")
"""A day of no calendar is of the right form."""

_forms: dict[str, Iterator[str]] = {}


@schemathesis.serializer(*LINES)
def lines(_: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/jsonl", "text/csv", STREAM)
def text(_: schemathesis.DeserializationContext, response: schemathesis.Response) -> str:
    return response.content.decode()


@schemathesis.hook
def before_call(_: schemathesis.HookContext, case: schemathesis.Case, __: dict[str, Any]) -> None:
    """Ask for every form in which an operation answers, in turn. A stream ends when nothing comes."""
    if case.meta.phase.name is TestPhase.COVERAGE and not has_a_wrong_header(case):
        case.headers.update({name: CONDITIONS[name] for name in CONDITIONS if name in case.headers})
    forms = case.operation.definition.raw["responses"].get("200", {}).get("content", {})
    if len(forms) > 1:
        form = next(_forms.setdefault(case.operation.label, cycle(forms)))
        case.headers.setdefault("Accept", form)
        if form == STREAM:
            case.query.setdefault("wait", STREAM_WAIT_S)


def has_a_wrong_header(case: schemathesis.Case) -> bool:
    """Whether a header is what is meant to be wrong with a request of the phase of coverage."""
    return case.meta.generation.mode.is_negative and case.meta.phase.data.parameter_location is ParameterLocation.HEADER


@schemathesis.hook
def filter_failure(
    _: schemathesis.HookContext, failure: Failure, case: schemathesis.Case, response: schemathesis.Response
) -> bool:
    match failure:
        case RejectedPositiveData():
            return not is_beyond_schemas(problem_of(response))
        case AcceptedNegativeData():
            return not is_refused_within(case, response)
        case EnsureResourceAvailability():
            return case.operation.definition.raw["operationId"] != END_VOIDED
    return True


def problem_of(response: schemathesis.Response) -> dict[str, Any]:
    """Return why a request was refused. Who was told by a page asks again to be told by a document."""
    if response.headers["content-type"] == [PROBLEM]:
        return response.json()
    again = response.request.copy()
    again.headers["Accept"] = f"{PROBLEM}, {again.headers['Accept']};q=0.5"
    with requests.Session() as session:
        return session.send(again).json()


def is_beyond_schemas(problem: dict[str, Any]) -> bool:
    mistakes = problem.get("errors", ())
    return problem["code"] in BY_THE_LEDGER | BY_THE_WHOLE or (
        problem["status"] == BAD_REQUEST and bool(mistakes) and all(map(is_beyond_a_schema, mistakes))
    )


def is_beyond_a_schema(mistake: dict[str, str]) -> bool:
    return mistake["code"] in BY_OTHER_VALUES | BY_MEANING or any(
        form.fullmatch(mistake["detail"]) for form in (WHOLE_NUMBER, NO_DAY)
    )


def is_refused_within(case: schemathesis.Case, response: schemathesis.Response) -> bool:
    """Whether a bulk is answered, and an event in it is refused: each is answered by itself."""
    wrong = {location for location in ParameterLocation if case.meta.is_negative_at(location)}
    return (
        response.status_code == MULTI_STATUS
        and wrong == {ParameterLocation.BODY}
        and any(item["status"] == BAD_REQUEST for item in response.json()["items"])
    )
