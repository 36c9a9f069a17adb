"""What was accepted once is read as it stands, however strictly a later release judges what is new."""

from datetime import date
from typing import Annotated, Any, cast

import pytest
from msgspec import Meta, UnsetType, defstruct, to_builtins
from msgspec.structs import asdict, fields

from contracts.events.catalogue import ALL_TYPES, Broken, Data
from contracts.events.codec import InvalidEvent, parse_data, read_data
from contracts.events.examples import example_event
from contracts.events.revisions import Recorded, resolve
from contracts.events.stored import as_stored
from contracts.events.versions import Step, Versions
from contracts.mistakes import phrase
from tests.lives import id_of


def refuse(_: Data) -> None:
    raise Broken("", phrase("not-taken"))


def strict(shape: type[Data]) -> type[Data]:
    """Return the next version of a shape, which takes nothing: no text and no code is allowed."""
    none: Any = Annotated[str, Meta(pattern="^$x")]
    texts = [member for member in fields(as_stored(shape)) if member.type in (str, str | UnsetType)]
    members = [(text.name, none) if text.required else (text.name, none | UnsetType, text.default) for text in texts]
    made = defstruct(shape.__name__, members, bases=(shape,), namespace={"check": refuse}, frozen=True, kw_only=True)
    return cast(type[Data], made)


def recorded(type_: str, **other: Any) -> Recorded:
    """Return the example of a type as the journal gives it; `other` data was accepted once, and is no longer."""
    example = to_builtins(example_event(type_))
    return Recorded(1, 1, id_of(1), type_, example["occurred_on"], {**example["data"], **other})


@pytest.mark.parametrize("type_", ALL_TYPES)
def test_what_was_accepted_is_read_however_strict_a_later_release_is(type_: str) -> None:
    on, raw = example_event(type_)["occurred_on"], example_event(type_)["data"]
    stricter = Versions({**ALL_TYPES, type_: strict(ALL_TYPES[type_])}, [Step(type_, ALL_TYPES[type_])])
    with pytest.raises(InvalidEvent):
        parse_data(type_, date.fromisoformat(on), raw, versions=stricter)
    assert asdict(read_data(type_, raw, stricter)) == asdict(read_data(type_, raw))


@pytest.mark.parametrize("type_", ALL_TYPES)
def test_a_recorded_event_reads_as_it_was_sent(type_: str) -> None:
    on, raw = example_event(type_)["occurred_on"], example_event(type_)["data"]
    sent, read = parse_data(type_, date.fromisoformat(on), raw), read_data(type_, raw)
    assert isinstance(read, type(sent))
    assert to_builtins(read) == to_builtins(sent)


def test_a_number_that_an_earlier_release_took_for_no_personal_data_is_read() -> None:
    (fact,) = resolve([recorded("training.completed", course="call 13800138000")]).facts
    assert fact.data.course == "call 13800138000"  # type: ignore[attr-defined]  # Of this type.
