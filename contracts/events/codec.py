"""Raw JSON to events and back, strict in both directions.

The leaf is the exact canonical JSON (RFC 8785) that is hashed and stored; nobody re-serializes to verify. Position and
version are not in it: the order of the ledger gives them.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from contracts.events.catalogue import OUT_OF_RANGE, PRACTITIONER_TYPES, Broken, Data, EventCorrected
from contracts.events.personal import holds_personal_data, may_hold_personal_data
from contracts.events.stored import as_stored
from contracts.events.values import (
    FIRST_DAY,
    LAST_DAY,
    MAX_TEXT_CHARACTERS,
    TEXT_PATTERN,
    Day,
    Digest,
    Text,
)
from contracts.events.versions import VERSIONS, Versions
from contracts.events.wording import explain
from contracts.mistakes import Mistake, Mistakes, Names, Phrase, near, phrase, shown
from contracts.sentences import in_one_sentence

LEAF_VERSION = 1
MAX_LEAF_BYTES = 65_535
ID_MEMBERS = frozenset({"standard", "standard_id", "target", "employment", "organization", "same_as"})
"""Members of `data` that hold an id and so no free text."""
NO_PRIVATE, NUMBER_OF_A_PERSON = phrase("no-private-data-yet"), phrase("number-of-a-person")
MAX_MEMBER_INTEGER = 99_999
"""The largest number that a member takes; a correction of an unknown target cannot smuggle in others."""

_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode
_text = re.compile(TEXT_PATTERN)
_member_name = re.compile(r"^[a-z][a-z_]{0,62}(?![\s\S])")


@dataclass(eq=False)
class InvalidEvent(Exception):
    """An event does not have the shape of its type. `mistakes` has all that is wrong if it was looked for, else the
    first, with JSON pointers into the input."""

    mistakes: Mistakes

    @classmethod
    def of(cls, mistake: Mistake) -> "InvalidEvent":
        """Return the refusal for one mistake."""
        return cls(Mistakes.of(mistake.pointer, mistake.what))

    @property
    def pointer(self) -> str:
        """Where the first mistake is."""
        return self.mistakes.first.pointer

    def __str__(self) -> str:
        return f"{self.pointer}: {in_one_sentence(self.mistakes, 'en')}"


class UnreadableLeaf(ValueError):
    """The stored bytes are not an event that any release can have stored."""


@dataclass(eq=False)
class UnknownType(InvalidEvent):
    """The catalogue has no such type."""


@dataclass(eq=False)
class PersonalDataInText(InvalidEvent):
    """A free text holds an identity or mobile number, which can never be erased."""


@dataclass(eq=False)
class PrivateNotEnabled(InvalidEvent):
    """`private` is reserved for personal data stored apart; that part is not built."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the fact comes from."""

    system: Text | UnsetType = UNSET
    document: Text | UnsetType = UNSET
    digest: Digest | UnsetType = UNSET
    """The SHA-256 of the scanned certificate or decision."""

    def __post_init__(self) -> None:
        if self.system is UNSET and self.document is UNSET and self.digest is UNSET:
            raise Broken("", phrase("all-left-out", names=Names(("system", "document", "digest"), "and")))


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What surrounds the data of an event."""

    event_id: UUID
    type: str
    occurred_on: Day
    data: dict[str, Any]
    source: Source | UnsetType = UNSET
    private: Any = UNSET


class NewEvent(msgspec.Struct, frozen=True):
    """A valid event as its client sent it. `written` and `source` are what is stored of its `data` and `source`, as
    canonical JSON; `data` is the struct of its type."""

    event_id: UUID
    type: str
    schema_version: int
    occurred_on: Day
    data: Data
    written: bytes
    source: bytes | None = None

    @property
    def raw(self) -> dict[str, Any]:
        """The data as it was sent, in JSON values."""
        raw: dict[str, Any] = _decode(self.written)
        return raw

    @property
    def content(self) -> bytes:
        """What must be equal when an event id is sent again: the content as sent, whatever its type has become
        since."""
        source = None if self.source is None else msgspec.Raw(self.source)
        return content(self.type, self.occurred_on.isoformat(), msgspec.Raw(self.written), source)


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hashed content. Members are encoded in the order of their names."""

    v: int
    ledger: str
    practitioner_id: str
    event_id: UUID
    type: str
    schema_version: int
    occurred_on: str
    recorded_at: str
    recorded_by: str
    source: dict[str, Any] | None
    data: dict[str, Any]


class LeafAsWritten(Leaf, frozen=True, forbid_unknown_fields=True):
    """A leaf whose `source` and `data` stay the JSON that was stored: it can be handed on without being written again.
    A day encodes as it was written."""

    occurred_on: date  # type: ignore[assignment]
    source: msgspec.Raw  # type: ignore[assignment]
    data: msgspec.Raw  # type: ignore[assignment]


def parse_event(
    value: Any,
    pointer: str = "",
    types: Collection[str] = PRACTITIONER_TYPES,
    versions: Versions = VERSIONS,
    near: Callable[[str, Collection[str]], Sequence[str]] = near,
) -> NewEvent:
    """Return `value` as a new event of one of `types`, fully checked. `near` finds the type that may be meant.

    Raises InvalidEvent, UnknownType, PersonalDataInText or PrivateNotEnabled with a pointer that starts with `pointer`.
    """
    envelope = _convert(value, Envelope, pointer)
    if envelope.private is not UNSET:
        raise PrivateNotEnabled(Mistakes.of(f"{pointer}/private", NO_PRIVATE))
    if envelope.type not in types:
        raise UnknownType(Mistakes.of(f"{pointer}/type", unknown_type(envelope.type, near(envelope.type, types))))
    if not FIRST_DAY <= envelope.occurred_on <= LAST_DAY:
        raise InvalidEvent(Mistakes.of(f"{pointer}/occurred_on", OUT_OF_RANGE))
    data, written = _parsed_and_written(envelope.type, envelope.occurred_on, envelope.data, f"{pointer}/data", versions)
    source = None
    if envelope.source is not UNSET:
        source = _without_personal_data(value["source"], f"{pointer}/source")
    version = versions.current(envelope.type)
    return NewEvent(envelope.event_id, envelope.type, version, envelope.occurred_on, data, written, source)


def parse_data(type_: str, occurred_on: Day, raw: Any, pointer: str = "", versions: Versions = VERSIONS) -> Data:
    """Return the `data` of a new event as the struct of its type. Raises InvalidEvent or PersonalDataInText."""
    return _parsed_and_written(type_, occurred_on, raw, pointer, versions)[0]


def _parsed_and_written(type_: str, occurred_on: Day, raw: Any, pointer: str, versions: Versions) -> tuple[Data, bytes]:
    data = parse_shape(versions.types[type_], occurred_on, raw, pointer)
    if isinstance(data, EventCorrected) and data.set.data is not UNSET:
        _check_patch(data.set.data, f"{pointer}/set/data")
    return data, _without_personal_data(raw, pointer)


def parse_shape(shape: type[Data], occurred_on: Day, raw: Any, pointer: str = "") -> Data:
    """Return `raw` as a struct of one version of a type. Raises InvalidEvent if that version does not accept it."""
    data: Data = _convert(raw, shape, pointer)
    try:
        data.check_against(occurred_on)
    except Broken as broken:
        raise InvalidEvent(Mistakes.of(pointer + broken.pointer, broken.what)) from broken
    return data


def read_data(type_: str, raw: Any, versions: Versions = VERSIONS) -> Data:
    """Return the `data` of a recorded event as its type's current struct, whatever its version, without checking it
    again.

    Members added since get their defaults. Raises InvalidEvent only for data that no release can have accepted.
    """
    data: Data = _convert(raw, as_stored(versions.types[type_]), "")
    return data


def canonical(value: Any) -> bytes:
    """Return canonical JSON (RFC 8785) for values without floats and with ASCII member names."""
    return _encode(value)


def content(
    type_: str, occurred_on: str, raw: dict[str, Any] | msgspec.Raw, source: dict[str, Any] | msgspec.Raw | None
) -> bytes:
    """Return as canonical JSON what must be equal when an event id is sent again. What is Raw is canonical already."""
    return _encode([type_, occurred_on, raw, source])


@lru_cache(maxsize=16)  # All events of a batch are recorded at one instant.
def timestamp(instant: datetime) -> str:
    """Return a UTC instant as `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def leaf_bytes(event: NewEvent, *, ledger: str, practitioner_id: str, recorded_at: datetime, recorded_by: str) -> bytes:
    """Return the canonical bytes that are stored and hashed."""
    # Spliced in as they are: both were encoded when they were looked through.
    data: Any = msgspec.Raw(event.written)
    source: Any = None if event.source is None else msgspec.Raw(event.source)
    return _encode(
        Leaf(
            v=LEAF_VERSION,
            ledger=ledger,
            practitioner_id=practitioner_id,
            event_id=event.event_id,
            type=event.type,
            schema_version=event.schema_version,
            occurred_on=event.occurred_on.isoformat(),
            recorded_at=timestamp(recorded_at),
            recorded_by=recorded_by,
            source=source,
            data=data,
        )
    )


def leaf_hash(leaf: bytes) -> bytes:
    """Return the RFC 6962 leaf hash, 32 bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


_leaf_decoder = msgspec.json.Decoder(Leaf)


def read_leaf(leaf: bytes, versions: Versions = VERSIONS) -> Leaf:
    """Return the leaf that was stored, its data in the version in which it was written.

    Raises UnreadableLeaf if no release can have stored it: it is not a leaf, or its data does not fit its type.
    Versions that only a later release knows are read.
    """
    try:
        read = _leaf_decoder.decode(leaf)
        date.fromisoformat(read.occurred_on)
        datetime.fromisoformat(read.recorded_at)
        if read.type not in versions.types or read.schema_version < 1:
            raise UnreadableLeaf(f"no release has {read.type!r} in version {read.schema_version}")
        read_data(read.type, read.data, versions)
    except (ValueError, InvalidEvent) as error:  # msgspec's errors are ValueErrors too.
        raise UnreadableLeaf(str(error)) from error
    return read


_decode_as_written = msgspec.json.Decoder(LeafAsWritten).decode


def leaf_as_written(leaf: bytes, versions: Versions = VERSIONS) -> LeafAsWritten | None:
    """Return the leaf that was stored if clients see it as it was written, else None: its data has to be brought to
    another version. Raises UnreadableLeaf as `read_leaf` does."""
    try:
        read = _decode_as_written(leaf)
        datetime.fromisoformat(read.recorded_at)
        if (shape := versions.types.get(read.type)) is None:
            raise UnreadableLeaf(f"no release has {read.type!r}")
        if versions.read_in(read.type, read.schema_version) != read.schema_version:
            return None
        _decoder_of(shape)(read.data)
    except ValueError as error:
        raise UnreadableLeaf(str(error)) from error
    return read


@cache
def _decoder_of(shape: type[Data]) -> Callable[[msgspec.Raw], Data]:
    """Return what reads the recorded data of a type, as `read_data` does."""
    return msgspec.json.Decoder(as_stored(shape)).decode


def in_todays_version(leaf: Leaf, versions: Versions = VERSIONS) -> Leaf:
    """Return a stored leaf as clients see it: in its type's current version, a correction in that of its patch."""
    version = versions.read_in(leaf.type, leaf.schema_version)
    data = versions.upcast(leaf.type, leaf.schema_version, leaf.data, to=version)
    return msgspec.structs.replace(leaf, schema_version=version, data=data)


def _convert(value: Any, shape: type[Any], pointer: str) -> Any:
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise InvalidEvent.of(explain(error, pointer)) from error


def _check_patch(patch: Any, pointer: str) -> None:
    """Raise InvalidEvent if a merge patch holds what no event can: its target may not be known yet."""
    for mistake in patch_mistakes(patch, pointer):
        raise InvalidEvent.of(mistake)


def patch_mistakes(patch: Any, pointer: str) -> Iterator[Mistake]:
    """Yield what no event can hold."""
    for at, name, value in _members(patch, pointer):
        if name is not None and not _member_name.match(name):
            yield Mistake(at, phrase("no-event-has-the-member"))
        if isinstance(value, float):
            yield Mistake(at, phrase("no-number-with-a-point"))
        if isinstance(value, int) and abs(value) > MAX_MEMBER_INTEGER:
            yield Mistake(at, phrase("no-such-number", bound=MAX_MEMBER_INTEGER))
        if isinstance(value, str) and not (len(value) <= MAX_TEXT_CHARACTERS and _text.match(value)):
            yield Mistake(at, phrase("no-such-text", most=MAX_TEXT_CHARACTERS))


def unknown_type(type_: str, meant: Sequence[str]) -> Phrase:
    """Return what is said of a type that there is not, with those that may be meant."""
    others = Names(tuple(meant), "or") if meant else None
    return phrase("not-an-event-type", found=shown(type_), meant=others)


def _without_personal_data(raw: dict[str, Any], pointer: str) -> bytes:
    """Return what is stored of a value. Raises PersonalDataInText."""
    written = _encode(raw)
    if may_hold_personal_data(written):
        for mistake in personal_data_in(raw, pointer):
            raise PersonalDataInText.of(mistake)
    return written


def personal_data_in(raw: Any, pointer: str) -> Iterator[Mistake]:
    """Yield each text that holds personal data, as a mistake."""
    # A number appears in the JSON as it does in the text, so one scan of the whole spares most events the walk.
    if not isinstance(raw, dict) or not may_hold_personal_data(_encode(raw)):
        return
    for name, member in raw.items():
        if name in ID_MEMBERS:
            continue
        for at, _, value in _members(member, f"{pointer}/{name}"):
            if isinstance(value, str) and holds_personal_data(value):
                yield Mistake(at, NUMBER_OF_A_PERSON)


def _members(value: Any, pointer: str, name: str | None = None) -> Iterator[tuple[str, str | None, Any]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _members(child, f"{pointer}/{key}", key)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _members(child, f"{pointer}/{index}")
    if name is not None or not isinstance(value, dict | list):
        yield pointer, name, value
