"""A document that a ledger has pinned can be read, whatever a later release knows and checks."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest
from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo

from contracts.events.values import Jurisdiction
from contracts.policies.digest import digest_of
from contracts.policies.language import LANGUAGE, Edition, Pack
from contracts.policies.packs import UnreadablePackError
from contracts.policies.pinned import Version, read_pack
from contracts.policies.shape import bare, is_struct, members_of
from contracts.policies.shipped import shipped

ZHENGZHOU = shipped()["410100"]
PROMISED = Path(__file__).parents[1] / "golden" / f"pack-language-{LANGUAGE}.json"


class NextPack(Struct, frozen=True):
    """A pack as a next version of the language might have it: `texts` were editions, and a member is new."""

    jurisdiction: Jurisdiction
    texts: tuple[Edition, ...]
    language: Literal[2]
    status: str


def in_next_version(value: dict[str, Any]) -> dict[str, Any]:
    return {"jurisdiction": value["jurisdiction"], "texts": value["editions"], "language": 2, "status": "in force"}


NEXT = {1: Version(Pack, in_next_version), 2: Version(NextPack)}


def test_a_pack_of_an_earlier_language_is_read_in_the_newest_and_keeps_its_digest() -> None:
    read = read_pack(ZHENGZHOU.document, NEXT)
    assert read.digest == ZHENGZHOU.digest
    assert isinstance(read.pack, NextPack)
    assert (read.pack.texts, read.pack.status) == (ZHENGZHOU.pack.editions, "in force")


def test_a_pack_of_the_newest_language_has_the_digest_of_its_own_shape() -> None:
    document = msgspec.json.encode(in_next_version(msgspec.json.decode(ZHENGZHOU.document)))
    read = read_pack(document, NEXT)
    assert read.digest == digest_of(read.pack) != ZHENGZHOU.digest


class WiderPack(Pack, frozen=True):
    """A pack as a later release might have it, in the same version: with a member more."""

    only_on_weekdays: bool = False


@pytest.mark.parametrize("only_on_weekdays", [True, False])
def test_a_rule_that_an_earlier_release_would_pass_over_shows_in_the_digest(only_on_weekdays: bool) -> None:
    document = msgspec.json.encode(
        msgspec.json.decode(ZHENGZHOU.document) | {"only_on_weekdays": only_on_weekdays}, order="sorted"
    )
    pinned_by_the_later_one, read_by_this_one = read_pack(document, {1: Version(WiderPack)}), read_pack(document)
    assert (pinned_by_the_later_one.digest == read_by_this_one.digest) == (not only_on_weekdays)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"{", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b'{"language": 2}', "language 2, which this release does not know"),
        (b'{"language": "1"}', "language '1', which this release does not know"),
        (b"{}", "not have the shape of a pack"),
        (b'{"jurisdiction": "410100", "name": 7, "editions": []}', "not have the shape of a pack"),
        (b'{"jurisdiction": "410100", "name": {"zh": "", "en": ""}, "editions": 7}', "not have the shape of a pack"),
    ],
)
def test_what_is_no_pack_is_refused_with_the_reason(document: bytes, why: str) -> None:
    with pytest.raises(UnreadablePackError, match=why):
        read_pack(document)


# The language keeps its promise to packs that are pinned. What it promises stands in a file to which one may add.


def described() -> dict[str, dict[str, dict[str, Any]]]:
    """Return every struct of the language with its members: their defaults, and their words where these are closed."""
    return {
        shape.__name__: {
            name: {"default": _default(member), "words": sorted(map(str, _words(member.type)))}
            for name, member in members_of(shape).items()
        }
        for shape in _structs(Pack, {})
    }


def _structs(kind: Any, shapes: dict[type[Struct], None]) -> Iterable[type[Struct]]:
    for part in _parts(kind):
        if is_struct(part) and part not in shapes:
            shapes[part] = None
            for member in members_of(part).values():
                _structs(member.type, shapes)
    return shapes


def _parts(kind: Any) -> Iterator[Any]:
    """Yield a type and all types that it is made of."""
    kind = bare(kind)
    yield kind
    if get_origin(kind) is not Literal:
        for part in get_args(kind):
            yield from _parts(part)


def _words(kind: Any) -> Iterator[Any]:
    for part in _parts(kind):
        if get_origin(part) is Literal:
            yield from get_args(part)


def _default(member: FieldInfo) -> Any:
    if member.default_factory is not NODEFAULT:
        return member.default_factory()
    return "required" if member.default is NODEFAULT else member.default


def test_within_a_version_of_the_language_nothing_goes_and_what_comes_has_a_default() -> None:
    """Otherwise pinned packs would change their meaning: raise LANGUAGE, and keep the old shape beside the new one."""
    promised, now = (msgspec.json.decode(raw) for raw in (PROMISED.read_bytes(), msgspec.json.encode(described())))
    for shape, members in promised.items():
        for name, member in members.items():
            assert now[shape][name]["default"] == member["default"], f"{shape}.{name}"
            assert set(member["words"]) <= set(now[shape][name]["words"]), f"{shape}.{name}"
        added = {name: described_member for name, described_member in now[shape].items() if name not in members}
        assert [name for name, described_member in added.items() if described_member["default"] == "required"] == [], (
            shape
        )


def test_every_member_and_word_of_the_language_is_promised() -> None:
    """A new member is promised from its first release on: each line of the failure goes into the file that it names."""
    promised, now = (msgspec.json.decode(raw) for raw in (PROMISED.read_bytes(), msgspec.json.encode(described())))
    missing = [(shape, members) for shape, members in now.items() if shape not in promised]
    missing += [
        (shape, {name: member})
        for shape, members in now.items()
        for name, member in members.items()
        if shape in promised and promised[shape].get(name) != member
    ]
    lines = [f"{shape}: {msgspec.json.encode(members).decode()}" for shape, members in missing]
    assert "\n".join(lines) == "", f"tests/golden/{PROMISED.name} lacks"
