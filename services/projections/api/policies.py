"""The packs of this release over HTTP: their rules on a day, and their last days."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from contracts.events.values import LAST_DAY
from contracts.places import parents
from contracts.policies.choices import resolved
from contracts.policies.shipped import shipped
from services.projections.api.answering import as_tagged_json, documented_answer
from services.projections.api.parameters import PlaceCode
from services.projections.api.state import today_of
from services.runtime.http.parameters import CivilDay
from services.runtime.http.strict_route import StrictRoute

router = APIRouter(prefix="/v1/policies", route_class=StrictRoute, tags=["policies"])


@router.get(
    "", summary="The packs of this release", responses=documented_answer("policies", "Every pack, without its rules.")
)
async def list_policies() -> Response:
    """Every pack with its digest and editions. A ledger answers by the packs that it has pinned, named by digest."""
    return as_tagged_json(describe_packs())


@router.get(
    "/watch",
    summary="What runs out, and when each text was last verified",
    responses=documented_answer(
        "policy_watch", "Last days, nearest first, and when each text was last verified, oldest first."
    ),
)
async def watch_policies(request: Request, on: CivilDay = None) -> Response:
    """Last days of texts, and of periods in them, before the day and from it on."""
    return as_tagged_json(describe_last_days(on or today_of(request)))


@router.get(
    "/{jurisdiction}",
    summary="The packs of a place on a day",
    responses=documented_answer(
        "policy", "The packs that apply to the place, the most specific first, each with its rules."
    ),
)
async def read_policy(
    request: Request,
    jurisdiction: Annotated[
        PlaceCode,
        Path(description="A place; it inherits from its city, its province and the nation.", examples=["510100"]),
    ],
    on: Annotated[CivilDay, Query(description="The day, by default today.", examples=["2025-05-10"])] = None,
) -> Response:
    """The editions in force on the day, the one begun last first, each as it is written: terms, rules, indicators.

    A parameter with several values is a choice: the first belongs to a reading, the others to its alternatives.
    """
    return as_tagged_json(describe_place(jurisdiction, on or today_of(request)))


def describe_packs() -> dict[str, Any]:
    """Return every pack without its rules."""
    return {
        "policies": [
            {
                **_pack(document),
                "editions": [
                    {
                        **_edition(edition),
                        "determinations": list(edition.get("rules", {})),
                        "indicators": list(edition.get("indicators", {})),
                    }
                    for edition in document["editions"]
                ],
            }
            for document in _documents().values()
        ]
    }


def describe_last_days(on: date) -> dict[str, Any]:
    """Return the last days of the packs: those to come, and those past."""
    day = on.isoformat()
    last_days = sorted(_last_days(), key=lambda end: str(end["last_day"]))
    verified = [
        {
            "jurisdiction": document["jurisdiction"],
            "name": document["name"],
            "edition": edition["edition"],
            "last_verified_on": edition["last_verified_on"],
        }
        for document in _documents().values()
        for edition in document["editions"]
    ]
    return {
        "on": day,
        "ending": [end for end in last_days if end["last_day"] >= day],
        "ended": [end for end in last_days if end["last_day"] < day],
        "verified": sorted(verified, key=lambda text: str(text["last_verified_on"])),
    }


def describe_place(jurisdiction: str, on: date) -> dict[str, Any]:
    """Return the packs that apply to a place, each with its editions in force on the day."""
    documents = _documents()
    return {
        "jurisdiction": jurisdiction,
        "on": on.isoformat(),
        "packs": [
            {**_pack(documents[code]), "editions": list(_in_force(documents[code], on))}
            for code in parents(jurisdiction)
            if code in documents
        ],
    }


def _documents() -> Mapping[str, Mapping[str, Any]]:
    """Return the documents of the shipped packs by place."""
    return {place: pinned.current for place, pinned in shipped().items()}


def _pack(document: Mapping[str, Any]) -> dict[str, Any]:
    place = document["jurisdiction"]
    return {"jurisdiction": place, "name": document["name"], "digest": shipped()[place].digest}


def _edition(edition: Mapping[str, Any]) -> dict[str, Any]:
    in_force = resolved(edition["in_force"], None)
    return {
        "edition": edition["edition"],
        "clause": edition["clause"],
        "document": edition["document"],
        "first_day": in_force["first_day"],
        "last_day": in_force.get("last_day"),
        "last_verified_on": edition["last_verified_on"],
    }


def _in_force(document: Mapping[str, Any], day: date) -> Iterator[dict[str, Any]]:
    """Yield the editions in force on the day, as written."""
    for edition in document["editions"]:
        about = _edition(edition)
        if about["first_day"] <= day.isoformat() <= (about["last_day"] or LAST_DAY.isoformat()):
            yield {
                **about,
                "terms": edition.get("terms", {}),
                "determinations": edition.get("rules", {}),
                "indicators": edition.get("indicators", {}),
            }


def _last_days() -> Iterator[dict[str, Any]]:
    """Yield every last day that a pack states: of an edition, and of a period inside a rule."""
    for document in _documents().values():
        for edition in document["editions"]:
            about = {
                "jurisdiction": document["jurisdiction"],
                "name": document["name"],
                "edition": edition["edition"],
            }
            if last_day := _edition(edition)["last_day"]:
                yield {**about, "determination": None, "clause": edition["clause"], "last_day": last_day}
            for name, rule in edition.get("rules", {}).items():
                for last in _last_days_of_periods(resolved(rule, None)):
                    yield {**about, "determination": name, "clause": rule["clause"], "last_day": last}


def _last_days_of_periods(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(period := value.get("period"), Mapping):
            yield period["last_day"]
        for child in value.values():
            yield from _last_days_of_periods(child)
    elif isinstance(value, list):
        for child in value:
            yield from _last_days_of_periods(child)
