"""Whatever was recorded in whichever releases, each later release reads it like the one that recorded it."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType, defstruct
from msgspec.structs import asdict, fields

from contracts.events.catalogue import CORRECTION, PRACTITIONER_TYPES, REVISION_TYPES, VOID, Broken, Data
from contracts.events.examples import example_event
from contracts.events.facts import Fact
from contracts.events.revisions import Recorded, reading_of, resolve
from contracts.events.versions import Step, Versions
from contracts.mistakes import phrase
from services.ledger.domain.stream import GrowingStream
from tests.lives import id_of

FACT_TYPES = sorted(PRACTITIONER_TYPES.keys() - REVISION_TYPES.keys())
NAMES = [f"n{number}" for number in range(6)]
ADDED = ["added_first", "added_second", "added_third"]
DEFAULTS = ["by default", 7, True, UNSET]


class Release(Struct, frozen=True):
    """What a release knows, the members that it has added to the type of a history, and those that it asks for."""

    versions: Versions
    added: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


class History(Struct, frozen=True):
    """Events about one fact of a type in their order, each with the release that recorded it."""

    type: str
    releases: list[Release]
    days: list[int]
    events: list[Recorded]

    def members(self, release: Release) -> tuple[str, ...]:
        """Return the members that the type has in a release."""
        return release.versions.types[self.type].__struct_fields__


@cache
def next_shape(shape: type[Data], name: str, default: Any, *, strict: bool) -> type[Data]:
    """Return a shape with one member more. A strict one takes only what names the member, and not as its default."""

    def check(data: Any) -> None:
        shape.check(data)
        if strict and getattr(data, name) == default:
            raise Broken(f"/{name}", phrase("empty"))

    member = (name, str | int | bool | UnsetType, default)
    made = defstruct(shape.__name__, [member], bases=(shape,), namespace={"check": check}, frozen=True, kw_only=True)
    return cast(type[Data], made)


@st.composite
def releases(draw: st.DrawFn, type_: str) -> list[Release]:
    """One to four releases. Each step adds a member to the type, to corrections, or to a type that nobody looks at."""
    made = [Release(Versions())]
    steps: list[Step] = []
    for name in ADDED[: draw(st.integers(0, len(ADDED)))]:
        last = made[-1]
        changed = draw(st.sampled_from([type_, type_, CORRECTION, "policy.adopted"]))
        strict = changed == type_ and draw(st.booleans())
        before = last.versions.types[changed]
        after = next_shape(before, name, draw(st.sampled_from(DEFAULTS)), strict=strict)
        steps.append(Step(changed, before))
        versions = Versions({**last.versions.types, changed: after}, tuple(steps))
        added = (*last.added, name) if changed == type_ else last.added
        made.append(Release(versions, added, (*last.required, name) if strict else last.required))
    return made


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Facts of any one type with corrections and voids of them and of each other, before them and behind."""
    type_ = draw(st.sampled_from(FACT_TYPES))
    known = draw(releases(type_))
    names = draw(st.permutations(NAMES))
    days = sorted(draw(st.lists(st.integers(0, len(known) - 1), min_size=len(names), max_size=len(names))))
    events = []
    for number, (name, day) in enumerate(zip(names, days, strict=True), 1):
        near = draw(st.sampled_from(names[max(0, number - 3) : number + 1]))
        told = draw(an_event(type_, known[day], near))
        version = known[day].versions.current(told[0])
        events.append(Recorded(number, number, id_of(name), *told, version))
    return History(type_, known, days, events)


@st.composite
def an_event(draw: st.DrawFn, type_: str, release: Release, target: str) -> tuple[str, str, dict[str, Any]]:
    """Draw type, day and data of a fact or of a revision of `target`."""
    example = example_event(type_)
    kind = draw(st.sampled_from([type_, type_, CORRECTION, CORRECTION, CORRECTION, VOID]))
    if kind == type_:
        said = [name for name in release.added if name in release.required or draw(st.booleans())]
        return type_, example["occurred_on"], {**example["data"], **dict.fromkeys(said, "told")}
    about = {"target": id_of(target), "reason": "typed wrongly"}
    return kind, "2025-01-01", about if kind == VOID else {**about, "set": draw(patches(example["data"]))}


def patches(data: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Patches of a fact and of a correction: members that it has, will have or never has, removed or set."""
    values = st.sampled_from([None, "other", "told", "2024-02-03", 7, *data.values()])
    members = st.dictionaries(st.sampled_from([*data, *ADDED, "nickname"]), values, min_size=1, max_size=2)
    plain = st.builds(lambda members: {"data": members}, members)
    return st.one_of(
        plain,
        plain,
        st.builds(lambda day: {"occurred_on": day}, st.sampled_from(["2024-02-03", "2023-05-06"])),
        st.just({"data": {"reason": "misread"}}),
        st.builds(lambda patch: {"data": {"set": patch}}, plain),
    )


def reading(history: History, count: int, versions: Versions, members: Sequence[str]) -> Any:
    """Return how the first events of a history read: of what they tell, these members, and what does not apply."""
    stream = resolve(history.events[:count], versions)
    facts, voided = ([told(fact, members) for fact in some] for some in (stream.facts, stream.voided))
    return facts, voided, stream.findings


def told(fact: Fact, members: Sequence[str]) -> tuple[Any, ...]:
    data = asdict(fact.data)
    return fact.event_id, fact.occurred_on, fact.evidence, [data[name] for name in members]


@for_all(histories())
def test_every_later_release_reads_what_was_recorded_as_the_release_did_that_recorded_it(history: History) -> None:
    for count, day in enumerate(history.days, 1):
        recording, *later = history.releases[day:]
        members = history.members(recording)
        then = reading(history, count, recording.versions, members)
        for release in later:
            assert reading(history, count, release.versions, members) == then


@for_all(histories())
def test_what_was_added_since_has_its_default_in_all_that_was_never_told_of_it(history: History) -> None:
    first, last = history.releases[0], history.releases[-1]
    events = [event for event, day in zip(history.events, history.days, strict=True) if day == 0]
    known = history.members(first)
    shape = last.versions.types[history.type]
    defaults = {member.name: member.default for member in fields(shape) if member.name not in known}
    stream = resolve(events, last.versions)
    for fact in (*stream.facts, *stream.voided):
        assert {name: getattr(fact.data, name) for name in defaults} == defaults


@for_all(histories())
def test_deciding_reads_old_histories_as_resolving_them_does(history: History) -> None:
    for release in history.releases:
        stream = GrowingStream(versions=release.versions)
        for count, event in enumerate(history.events, 1):
            stream.add(event)
            whole = history.events[:count]
            for known in whole:
                assert stream.reading(known.event_id) == reading_of(whole, known.event_id, release.versions)
