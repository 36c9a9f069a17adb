"""Every mistake of events at once, for a body that was refused (ADR-0033).

`parse_event` stops at the first mistake, which is what a valid event needs. What it refuses is looked through here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct, UnsetType
from msgspec.structs import astuple, fields

from contracts.events.catalogue import OUT_OF_RANGE, PRACTITIONER_TYPES, Broken, Data, EventCorrected
from contracts.events.codec import (
    NO_PRIVATE,
    Envelope,
    InvalidEvent,
    NewEvent,
    PersonalDataInText,
    PrivateNotEnabled,
    UnknownType,
    parse_data,
    parse_event,
    patch_mistakes,
    personal_data_in,
    unknown_type,
)
from contracts.events.revisions import Recorded, in_the_target, merged
from contracts.events.stored import as_stored
from contracts.events.values import FIRST_DAY, LAST_DAY, MAX_ITEMS, Day
from contracts.events.versions import VERSIONS, Versions
from contracts.events.wording import explain
from contracts.mistakes import MOST_TOLD, Fact, Mistakes, NamesMeant, Phrase, one_of, phrase, said_of

SHAPE_FIRST = (InvalidEvent, UnknownType, PrivateNotEnabled, PersonalDataInText)
"""Of mistakes of several kinds, the kind that the whole is refused as: the first of these."""
MAX_NAME_CHARACTERS = 100
NO_TEXT = "\0"
"""What no pattern of ours takes."""


class MistakesOfEvents(Mistakes):
    """Mistakes of events, and of which kinds they are."""

    def __init__(self, most: int = MOST_TOLD, meant: NamesMeant | None = None) -> None:
        super().__init__(most, meant)
        self._kinds: set[type[InvalidEvent]] = set()

    def add(self, pointer: str, what: Phrase, kind: type[InvalidEvent] = InvalidEvent) -> None:
        """Add a mistake of one kind."""
        super().add(pointer, what)
        self._kinds.add(kind)

    def add_untold(self, count: int) -> None:
        """Count mistakes of shape without telling them."""
        super().add_untold(count)
        self._kinds.add(InvalidEvent)

    def refusal(self) -> InvalidEvent:
        """Return the refusal of all of them."""
        kind = next(kind for kind in SHAPE_FIRST if kind in self._kinds)
        return kind(self)


def new_event(
    value: Any,
    pointer: str = "",
    types: Collection[str] = PRACTITIONER_TYPES,
    versions: Versions = VERSIONS,
    most: int = MOST_TOLD,
    meant: NamesMeant | None = None,
) -> NewEvent:
    """Return `value` as a new event, as `parse_event` does. A refusal tells `most` mistakes."""
    found = MistakesOfEvents(most, meant)
    try:
        return parse_event(value, pointer, types, versions, found.meant.near)
    except InvalidEvent:
        look_through(value, pointer, found, types, versions)
        raise found.refusal() from None


def new_events(values: Sequence[Any], pointer: str) -> list[NewEvent]:
    """Return the events of a list at `pointer`. A refusal tells the mistakes of all of them."""
    found = MistakesOfEvents()
    near = found.meant.near
    try:
        return [parse_event(value, f"{pointer}/{index}", near=near) for index, value in enumerate(values)]
    except InvalidEvent:
        look_through_all(values, pointer, found)
        raise found.refusal() from None


def new_data(type_: str, occurred_on: Day, raw: Any) -> Data:
    """Return the `data` of a new event, as `parse_data` does. A refusal tells every mistake."""
    try:
        return parse_data(type_, occurred_on, raw)
    except InvalidEvent:
        found = MistakesOfEvents()
        look_through_data(type_, occurred_on, raw, "", found)
        raise found.refusal() from None


def mistakes_of_correction(
    target: Recorded, correction: Recorded, first: InvalidEvent, pointer: str, versions: Versions
) -> Mistakes:
    """Return what is wrong with the target once it is corrected, with pointers into the patch at `pointer` where it
    has the member. What was found `first` is all, if that is not a matter of its shape."""
    version, occurred_on, raw = merged(target, correction, versions)
    in_target, found = MistakesOfEvents(), MistakesOfEvents()
    look_through_shape(versions.shape(target.type, version), date.fromisoformat(occurred_on), raw, "", in_target)
    for mistake in in_target.told:
        at = f"/data{mistake.pointer}"
        if _reaches(correction.raw["set"], at):
            found.add(pointer + at, mistake.what)
        else:
            found.add(pointer, in_the_target(mistake))
    found.add_untold(in_target.count - found.count)
    return found if found.count else Mistakes.of(pointer, in_the_target(first.mistakes.first))


def _reaches(value: Any, pointer: str) -> bool:
    for name in pointer.split("/")[1:]:
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True


def look_through_all(values: Iterable[Any], pointer: str, found: MistakesOfEvents) -> None:
    """Add the mistakes of a list of events."""
    for index, value in enumerate(values):
        look_through(value, f"{pointer}/{index}", found)


def look_through(
    value: Any,
    pointer: str,
    found: MistakesOfEvents,
    types: Collection[str] = PRACTITIONER_TYPES,
    versions: Versions = VERSIONS,
) -> None:
    """Add the mistakes of one event."""
    _walk(value, Envelope, pointer, found)
    if not isinstance(value, dict):
        return
    if "private" in value:
        found.add(f"{pointer}/private", NO_PRIVATE, PrivateNotEnabled)
    type_, occurred_on = value.get("type"), _day(value.get("occurred_on"))
    if isinstance(type_, str) and type_ not in types:
        found.add(f"{pointer}/type", unknown_type(type_, found.meant.near(type_, types)), UnknownType)
    if occurred_on is not None and not FIRST_DAY <= occurred_on <= LAST_DAY:
        found.add(f"{pointer}/occurred_on", said_of(value["occurred_on"], OUT_OF_RANGE))
        occurred_on = None
    data = value.get("data")
    if isinstance(data, dict) and isinstance(type_, str) and type_ in types:
        look_through_data(type_, occurred_on, data, f"{pointer}/data", found, versions)
    _add_personal_data(value.get("source"), f"{pointer}/source", found)


def look_through_shape(
    shape: type[Data], occurred_on: Day | None, raw: Any, pointer: str, found: MistakesOfEvents
) -> None:
    """Add the mistakes of data against the shape of one version of a type; without a day, those that need none."""
    before = found.count
    if not isinstance(raw, dict):
        _walk(raw, shape, pointer, found)
        return
    _walk_members(raw, shape, pointer, found)
    if found.count == before:
        _add_contradictions(shape, occurred_on, raw, pointer, found)


def _add_contradictions(
    shape: type[Data], occurred_on: Day | None, raw: Any, pointer: str, found: MistakesOfEvents | Mistakes
) -> None:
    """Add where members, each right by itself, contradict each other or the day."""
    data: Data = msgspec.convert(raw, as_stored(shape))  # Which checks nothing by itself.
    for name, value in zip(data.__struct_fields__, astuple(data), strict=True):
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            found.add(f"{pointer}/{name}", said_of(str(value), OUT_OF_RANGE))
    checks: list[Callable[[], None]] = [data.check]
    if occurred_on is not None:
        checks.append(lambda: data.check_against(occurred_on))
    for check in checks:
        try:
            check()
        except Broken as broken:
            found.add(pointer + broken.pointer, broken.what)


def look_through_data(
    type_: str,
    occurred_on: Day | None,
    raw: Any,
    pointer: str,
    found: MistakesOfEvents,
    versions: Versions = VERSIONS,
) -> None:
    """Add the mistakes of the `data` of a new event of a type."""
    shape = versions.types[type_]
    look_through_shape(shape, occurred_on, raw, pointer, found)
    if not isinstance(raw, dict):
        return
    patch = raw.get("set")
    if shape is EventCorrected and isinstance(patch, dict) and isinstance(patch.get("data"), dict):
        for mistake in patch_mistakes(patch["data"], f"{pointer}/set/data"):
            found.add(mistake.pointer, mistake.what)
    _add_personal_data(raw, pointer, found)


def _add_personal_data(raw: Any, pointer: str, found: MistakesOfEvents) -> None:
    for mistake in personal_data_in(raw, pointer):
        found.add(mistake.pointer, mistake.what, PersonalDataInText)


def _day(value: Any) -> Day | None:
    try:
        return msgspec.convert(value, date)
    except msgspec.ValidationError:
        return None


def _walk(value: Any, kind: Any, pointer: str, found: Mistakes) -> None:
    """Add what is wrong inside of a value, and if nothing is, what is wrong with it as a whole."""
    before, bare = found.count, _bare(kind)
    if isinstance(value, dict) and _is_a(bare, Data):
        _walk_members(value, bare, pointer, found)
        if found.count == before:
            _add_contradictions(bare, None, value, pointer, found)
        return
    if isinstance(value, dict) and _is_a(bare, Struct):
        _walk_members(value, bare, pointer, found)
    elif isinstance(value, dict) and get_origin(bare) is dict:
        of_names, of_values = get_args(bare)
        for name, child in value.items():
            at = f"{pointer}/{_escaped(name)}"
            _walk(name, of_names, at, found)
            _walk(child, of_values, at, found)
    elif isinstance(value, list) and get_origin(bare) is tuple:
        for index, child in enumerate(value[:MAX_ITEMS]):
            _walk(child, get_args(bare)[0], f"{pointer}/{index}", found)
    if found.count > before or bare is Any:
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        mistake = explain(error, pointer)
        is_inside = mistake.pointer != pointer or isinstance(error.__cause__, Broken)
        found.add(mistake.pointer, mistake.what if is_inside else _exactly(mistake.what, value, bare))


def _walk_members(value: Mapping[str, Any], shape: type[Struct], pointer: str, found: Mistakes) -> None:
    members = _members(shape)
    for name, (kind, is_required) in members.items():
        if name in value:
            _walk(value[name], kind, f"{pointer}/{name}", found)
        elif is_required:
            found.add(f"{pointer}/{name}", phrase("missing", expected=_expected(kind)))
    unknown = [name for name in value if name not in members]
    for count, name in enumerate(unknown):
        if found.are_told_no_more:
            found.add_untold(len(unknown) - count)
            return
        meant = found.meant.nearest(name, members)
        found.add(f"{pointer}/{_escaped(name)}", phrase("unknown-member", meant=meant))


def _exactly(what: Phrase, value: Any, bare: Any) -> Phrase:
    """Return what is wrong with a whole value, with what was found there."""
    if get_origin(bare) is Literal and isinstance(value, str):
        what = phrase("not-one-of", expected=one_of(get_args(bare)))
    return said_of(value, what)


def _expected(kind: Any) -> Fact | None:
    """Return what a member must be; None if it may be anything."""
    bare = _bare(kind)
    if get_origin(bare) is Literal:
        return one_of(get_args(bare))
    for refused in (NO_TEXT, None):
        try:
            msgspec.convert(refused, kind)
        except msgspec.ValidationError as error:
            if (expected := explain(error).what.facts.get("expected")) is not None:
                return expected
    return None


@cache
def _members(shape: type[Struct]) -> Mapping[str, tuple[Any, bool]]:
    """Return the type of each member of a struct, and whether it is required."""
    hints = get_type_hints(shape, include_extras=True)
    return {member.name: (_set(hints[member.name]), member.required) for member in fields(shape)}


def _set(kind: Any) -> Any:
    """Return the type of a member where it is not left out."""
    if get_origin(kind) in (Union, UnionType):
        return reduce(or_, (one for one in get_args(kind) if one is not UnsetType))
    return kind


def _bare(kind: Any) -> Any:
    """Return a type without its constraints."""
    return _bare(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _is_a(bare: Any, base: type) -> bool:
    return isinstance(bare, type) and issubclass(bare, base)


def _escaped(name: str) -> str:
    return name[:MAX_NAME_CHARACTERS].replace("~", "~0").replace("/", "~1")
