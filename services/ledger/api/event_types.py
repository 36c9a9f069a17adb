"""The event types over HTTP: what may be recorded, in JSON Schema, with an example and in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.events.catalogue import ALL_TYPES, ORGANIZATION_TYPES, PRACTITIONER_TYPES
from contracts.events.examples import example_event
from contracts.events.schema import data_schema, event_schema
from contracts.events.versions import VERSIONS
from contracts.mistakes import Names, listed_near
from services.core.words.events import member_name, type_name
from services.core.words.sentences import as_member, in_words
from services.core.words.vocabularies import vocabulary
from services.ledger.api.answering import JSON
from services.runtime.http.entity_tags import digest_tag
from services.runtime.http.problems import documented_problems
from services.runtime.http.strict_route import StrictRoute
from services.runtime.refusals import Refusal

PATH = "/v1/event-types"
MAX_QUOTED_CHARACTERS = 100


@dataclass(eq=False)
class UnknownEventType(Refusal):
    """There is no event type of the name. `near` has those that may be meant."""

    type: str
    near: Names


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InBothLanguages(_Answer):
    """The same in Chinese and English."""

    zh: str
    en: str


class EventTypeInShort(_Answer):
    """One event type: in whose stream it stands, and where the rest is told."""

    type: str
    name: InBothLanguages
    description: str
    stream: Annotated[
        Literal["practitioner", "rules", "organizations"],
        Field(description="Events of a practitioner are appended; the others are made by routes of their own."),
    ]
    version: Annotated[int, Field(description="The version in which events of the type are written today.")]
    url: str


class EventTypes(_Answer):
    """Every event type of this release."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_types": [
                        {
                            "type": "practitioner.linked",
                            "name": {"zh": "同一人的两个编号", "en": "Two ids of one person"},
                            "description": "This stream and that of `same_as` are about one person.",
                            "stream": "practitioner",
                            "version": 1,
                            "url": f"{PATH}/practitioner.linked",
                        }
                    ]
                }
            ]
        }
    )
    event_types: list[EventTypeInShort]


class Member(_Answer):
    """A member of the data: its name in words, and its codes in words if it has a closed vocabulary."""

    name: InBothLanguages
    codes: dict[str, InBothLanguages]


class EventType(EventTypeInShort):
    """Everything about one event type."""

    versions: Annotated[list[int], Field(description="Every version that this release reads, the last one current.")]
    schema_: Annotated[
        dict[str, Any], Field(alias="schema", description="JSON Schema of the whole event, as a client sends it.")
    ]
    data_schema: Annotated[dict[str, Any], Field(description="JSON Schema of `data` alone.")]
    example: Annotated[dict[str, Any], Field(description="An event that is accepted as it stands.")]
    members: dict[str, Member]


router = APIRouter(prefix=PATH, route_class=StrictRoute, tags=["ledger"])


@router.get("", summary="What may be recorded", response_model=EventTypes)
async def list_event_types() -> Response:
    """Every event type of this release, those of a practitioner first."""
    return _tagged(_all())


@router.get(
    "/{type}", summary="One event type", response_model=EventType, responses=documented_problems("unknown-event-type")
)
async def read_event_type(
    type_: Annotated[str, Path(alias="type", description="The event type.", examples=["training.completed"])],
) -> Response:
    """Its JSON Schema, whole and of the data alone, an example, and its members and their codes in both languages."""
    if type_ not in ALL_TYPES:
        raise UnknownEventType(type_[:MAX_QUOTED_CHARACTERS], listed_near(type_, ALL_TYPES))
    return _tagged(_one(type_))


@cache
def _all() -> bytes:
    return msgspec.json.encode({"event_types": [in_short(type_) for type_ in ALL_TYPES]})


@cache
def _one(type_: str) -> bytes:
    return msgspec.json.encode(described(type_))


def in_short(type_: str) -> dict[str, Any]:
    """Return an event type as the list has it."""
    return {
        "type": type_,
        "name": as_member(type_name(type_)),
        "description": (ALL_TYPES[type_].__doc__ or "").strip(),
        "stream": _stream(type_),
        "version": VERSIONS.current(type_),
        "url": f"{PATH}/{type_}",
    }


def described(type_: str) -> dict[str, Any]:
    """Return everything about an event type."""
    return {
        **in_short(type_),
        "versions": [*range(1, VERSIONS.current(type_) + 1)],
        "schema": event_schema(type_),
        "data_schema": data_schema(type_),
        "example": example_event(type_),
        "members": {name: _member(type_, name) for name in ALL_TYPES[type_].__struct_fields__},
    }


def _member(type_: str, name: str) -> Mapping[str, Any]:
    words, hint = vocabulary(type_, name), get_type_hints(ALL_TYPES[type_])[name]
    codes = {code: as_member(in_words(words, code)) for code in _codes(hint) if code in words}
    return {"name": as_member(member_name(name)), "codes": codes}


def _codes(hint: Any) -> Iterator[str]:
    """Yield the codes that a member of a type takes: a vocabulary may have words for those of others, too."""
    for part in get_args(hint):
        if isinstance(part, str):
            yield part
        else:
            yield from _codes(part)


def _stream(type_: str) -> str:
    if type_ in PRACTITIONER_TYPES:
        return "practitioner"
    return "organizations" if type_ in ORGANIZATION_TYPES else "rules"


def _tagged(body: bytes) -> Response:
    return Response(body, headers={"ETag": digest_tag(body)}, media_type=JSON)
