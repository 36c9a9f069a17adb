"""Each language keeps its promise to packs that are pinned.

What it promises stands in a file, to which one may add: `tests/golden/pack-language-<number>.json`.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import pytest
from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import FieldInfo

from contracts.policies import language_1
from contracts.policies.language import LANGUAGE, InForce, Pack, Rule, Term
from contracts.policies.shape import bare, is_struct, members_of
from services.core.rules.kinds.registry import KINDS, WORDS
from services.core.rules.terms import TERMS

GOLDEN = Path(__file__).parents[1] / "golden"
PROMISED_OF_FIRST, PROMISED = (GOLDEN / f"pack-language-{number}.json" for number in (1, LANGUAGE))
ACTING: tuple[type[Struct], ...] = (*WORDS.values(), *KINDS.values(), *TERMS.values())
FOUND = {(shape, name) for shape in (InForce, Rule, Term) for name in ("choices", "kind", "parameters")}
"""Members that no document has: what they hold is found in it when it is read."""


def described_of_first() -> dict[str, dict[str, dict[str, Any]]]:
    """Return every struct of language 1 with its members: their defaults, and their words where these are closed."""
    return {
        shape.__name__: {
            name: {"default": _default(member), "words": sorted(map(str, _words(member.type)))}
            for name, member in members_of(shape).items()
        }
        for shape in _structs(language_1.Pack, {})
    }


def described() -> dict[str, dict[str, dict[str, Any]]]:
    """Return all that a document of this language is made of, with its members: their types and defaults."""
    around = {shape.__name__: shape for shape in _structs(InForce, _structs(Pack, {}))}
    sorts: Mapping[str, Mapping[str, type[Struct]]] = {
        "pack": around,
        "word": WORDS,
        "kind": KINDS,
        "term": TERMS,
        "inside": {shape.__name__: shape for shape in acting() if shape not in (*ACTING, *around.values())},
    }
    return {
        f"{sort} {name}": {
            member: {"type": _type_of(about.type), "default": _default(about)}
            for member, about in members_of(shape).items()
            if (shape, member) not in FOUND
        }
        for sort, shapes in sorts.items()
        for name, shape in shapes.items()
    }


def acting() -> Iterable[type[Struct]]:
    """Return words, kinds and terms, and all that they are made of."""
    shapes: dict[type[Struct], None] = {}
    for one in ACTING:
        _structs(one, shapes)
    return shapes


def _structs(kind: Any, shapes: dict[type[Struct], None]) -> dict[type[Struct], None]:
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


def _type_of(kind: Any) -> dict[str, Any]:
    """Return a type as JSON: its words, its list or map, or its name with the limits of a value."""
    arguments = [part for part in get_args(kind) if part is not NoneType]
    match get_origin(kind):
        case origin if origin is Annotated:
            limits = (one for one in arguments[1:] if isinstance(one, Meta))
            return {**_type_of(arguments[0]), **{name: value for one in limits for name, value in _limits(one)}}
        case origin if origin in (Union, UnionType):
            types = [_type_of(part) for part in arguments]
            return types[0] if len(types) == 1 else {"any_of": types}
        case origin if origin is Literal:
            return {"words": sorted(map(str, arguments))}
        case origin if origin is tuple:
            return {"list": _type_of(arguments[0])}
        case origin if origin is Mapping:
            return {"keys": _type_of(arguments[0]), "values": _type_of(arguments[1])}
    return {"is": kind.__name__}


def _limits(meta: Meta) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name in ("ge", "le", "pattern") if (value := getattr(meta, name)) is not None)


def _default(member: FieldInfo) -> Any:
    if member.default_factory is not NODEFAULT:
        return member.default_factory()
    return "required" if member.default is NODEFAULT else member.default


def accepts(now: Mapping[str, Any], promised: Mapping[str, Any]) -> bool:
    """Say whether every value of a type that was promised is one of the type that there is now."""
    if "any_of" in promised:
        return all(accepts(now, one) for one in promised["any_of"])
    if "any_of" in now:
        return any(accepts(one, promised) for one in now["any_of"])
    if now.keys() - promised.keys() or now.get("is") != promised.get("is"):
        return False
    inside = [name for name in ("list", "keys", "values") if name in promised]
    return (
        {*promised.get("words", ())} <= {*now.get("words", ())}
        and all(name in now and accepts(now[name], promised[name]) for name in inside)
        and now.get("pattern", promised.get("pattern")) == promised.get("pattern")
        and ("ge" not in now or now["ge"] <= promised["ge"])
        and ("le" not in now or now["le"] >= promised["le"])
    )


def promised_and_now() -> tuple[dict[str, Any], dict[str, Any]]:
    return msgspec.json.decode(PROMISED.read_bytes()), msgspec.json.decode(msgspec.json.encode(described()))


def test_language_1_never_changes_but_for_words_of_events_that_are_new() -> None:
    promised = msgspec.json.decode(PROMISED_OF_FIRST.read_bytes())
    now = msgspec.json.decode(msgspec.json.encode(described_of_first()))
    assert {shape: {*members} for shape, members in now.items()} == {
        shape: {*members} for shape, members in promised.items()
    }
    for shape, members in promised.items():
        for name, member in members.items():
            assert now[shape][name]["default"] == member["default"], f"{shape}.{name}"
            assert {*member["words"]} <= {*now[shape][name]["words"]}, f"{shape}.{name}"


def test_within_a_version_of_the_language_nothing_goes_and_what_comes_may_be_left_out() -> None:
    """Otherwise pinned packs could not be read or would change their meaning: raise LANGUAGE, and write an upcaster."""
    promised, now = promised_and_now()
    for shape, members in promised.items():
        for name, member in members.items():
            assert member["default"] in ("required", now[shape][name]["default"]), f"{shape}: {name}"
            assert accepts(now[shape][name]["type"], member["type"]), f"{shape}: {name}"
        added = now[shape].keys() - members
        assert [name for name in added if now[shape][name]["default"] == "required"] == [], shape


@pytest.mark.parametrize(
    "change",
    [
        lambda roles: {**roles, "words": roles["words"][1:]},
        lambda roles: {**roles, "words": [*roles["words"], "other_word"], "pattern": "^a"},
        lambda roles: {"list": roles},
        lambda roles: {"is": "str"},
    ],
)
def test_a_type_that_takes_less_than_was_promised_breaks_the_promise(change: Any) -> None:
    roles = described()["word employed"]["roles"]["type"]["list"]
    assert accepts({"list": {"words": [*roles["words"], "other_word"]}}, {"list": roles})
    assert accepts({"any_of": [{"is": "int"}, {"list": roles}]}, {"list": roles})
    assert not accepts({"list": change(roles)}, {"list": roles})


@pytest.mark.parametrize(("ge", "le", "kept"), [(1, 1_200, True), (0, 2_000, True), (2, 1_200, False), (1, 9, False)])
def test_limits_may_only_become_wider(ge: int, le: int, kept: bool) -> None:
    months = described()["word served"]["within_months"]["type"]
    assert accepts({**months, "ge": ge, "le": le}, months) == kept


def test_every_member_and_word_of_the_language_is_promised() -> None:
    """A new member is promised from its first release on: each line of the failure goes into the file that it names."""
    promised, now = promised_and_now()
    missing = [(shape, members) for shape, members in now.items() if shape not in promised]
    missing += [
        (shape, {name: member})
        for shape, members in now.items()
        for name, member in members.items()
        if shape in promised and promised[shape].get(name) != member
    ]
    lines = [f"{shape}: {msgspec.json.encode(members).decode()}" for shape, members in missing]
    assert "\n".join(lines) == "", f"tests/golden/{PROMISED.name} lacks"


def test_what_is_left_out_of_a_rule_or_a_term_has_no_value_instead() -> None:
    """So no default can change: packs that are pinned would be judged otherwise under the same digest."""
    defaults = {
        f"{shape.__name__}.{name}": _default(member) for shape in acting() for name, member in members_of(shape).items()
    }
    assert {name: value for name, value in defaults.items() if value not in ("required", None, False)} == {}
