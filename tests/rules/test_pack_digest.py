"""The digest of a pack covers everything that judges, and nothing that only describes it."""

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from contracts.policies.pinned import read_pack
from contracts.policies.shipped import shipped, shipped_pack
from services.core.authoring.edits import edits_between
from services.core.authoring.load import load_pack
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from tests.documents import Document, document_of, text_with
from tests.lives import facts_of, someone

CHENGDU = "510100"
Path = tuple[str | int, ...]


def digest(document: Document) -> str:
    return read_pack(msgspec.json.encode(document)).digest


def parts(document: Document) -> Iterator[Document]:
    """Yield packs of one rule, one figure or one example each, which together have every leaf of the pack.

    A rule stands in the place of its edition among the others, which are bare.
    """
    bare = [{**edition, "determinations": {}, "indicators": {}} for edition in document["editions"]]
    for index, edition in enumerate(document["editions"]):
        for members in ("determinations", "indicators"):
            for name, one in edition.get(members, {}).items():
                only = {**bare[index], members: {name: one}}
                yield {**document, "examples": [], "editions": [*bare[:index], only, *bare[index + 1 :]]}
    for example in document["examples"]:
        yield {**document, "examples": [example], "editions": []}


def leaves(value: Any, at: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict | list) and value:
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*at, key))
    else:
        yield at


def mutated(document: Document, at: Path) -> Document:
    """Return the document with another value in one place."""
    changed = copy.deepcopy(document)
    whole = changed
    for key in at[:-1]:
        whole = whole[key]
    whole[at[-1]] = other_than(whole[at[-1]])
    return changed


def other_than(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict | list):  # An empty one, as of a condition that takes no values: it is gone.
        return None
    try:
        return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    except ValueError:
        return value + "x"


def only_tells(at: Path) -> bool:
    """Say whether a leaf is a text in two languages, a term of the source, of an example, or a day of verification."""
    in_words = at[-1] in ("zh", "en") or at[-1] == "last_verified_on" or "key_terms" in at[-2:]
    return in_words or at[0] == "examples"


@pytest.mark.parametrize("place", shipped())
def test_every_leaf_that_rules_is_in_the_digest_and_no_other(place: str) -> None:
    """Every leaf of the shipped document is changed, one at a time."""
    seen: set[Path] = set()
    for part in parts(document_of(place)):
        before, digests, ruling = digest(part), set(), 0
        for at in leaves(part):
            after = digest(mutated(part, at))
            assert (after == before) == only_tells(at), at
            digests.add(after)
            ruling += not only_tells(at)
            seen.add(at)
        assert len(digests - {before}) == ruling, "two packs that differ in one value share a digest"
    assert {at for at in leaves(document_of(place)) if at[0] != "examples"} <= seen


@pytest.mark.parametrize("place", shipped())
def test_a_default_that_is_written_changes_no_digest(place: str) -> None:
    pack = shipped()[place]
    written = msgspec.json.encode(pack.pack)
    assert len(written) > len(pack.document)
    assert read_pack(written) == read_pack(pack.document)


@pytest.mark.parametrize("place", shipped())
def test_a_shipped_pack_is_read_as_its_authors_load_it(place: str) -> None:
    assert shipped()[place].pack == load_pack(shipped()[place].document)


def of_grounds(change: Callable[[Document], object]) -> Document:
    document = document_of(CHENGDU)
    change(text_with(document, "benefit.apartment")["determinations"]["benefit.apartment"]["entitlement"]["any_of"])
    return document


@pytest.mark.parametrize("name", ["name", "text", "interpretation", "key_terms", "examples", "last_verified_on", "zh"])
def test_a_ground_is_in_the_digest_whatever_it_is_called(name: str) -> None:
    ground = {"text": {"zh": "文", "en": "text"}, "talent": {"talents": ["yi_leading"], "listed": False}}
    other = {**ground, "talent": {"talents": ["yi_leading"]}}
    without, with_it, otherwise = (
        of_grounds(lambda grounds, new=new: grounds.update(new)) for new in ({}, {name: ground}, {name: other})
    )
    assert len({digest(without), digest(with_it), digest(otherwise)}) == 3
    [edit] = edits_between(shipped_pack(without), shipped_pack(with_it))
    assert (edit.at[-1], edit.turns) == (name, "answers"), "nor is it told as a word"


@pytest.mark.parametrize("place", shipped())
def test_the_order_of_keys_is_neither_in_the_digest_nor_in_the_editions(place: str) -> None:
    backwards, forwards = read_pack(msgspec.json.encode(turned(document_of(place)))), shipped()[place]
    assert backwards.digest == forwards.digest
    assert msgspec.json.encode(backwards.pack.editions) == msgspec.json.encode(forwards.pack.editions)


def test_the_same_of_two_grounds_answers_whatever_the_order_of_keys() -> None:
    designated = someone.then("supervisor.designated", "2022-05-01", rank="senior")
    titled = designated.then("talent.designated", "2022-05-01", talent="national_leading")
    facts = facts_of(titled.employed("2021-01-01", CHENGDU))
    question = Question("benefit.child_education", date(2023, 1, 1))
    backwards = read_pack(msgspec.json.encode(turned(document_of(CHENGDU))))
    one_way, other_way = (
        evaluate(compose(CHENGDU, {**shipped(), CHENGDU: pack}, ()), facts, question)
        for pack in (shipped()[CHENGDU], backwards)
    )
    assert len(one_way.node.children) == 2
    assert one_way == other_way


def turned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: turned(child) for key, child in reversed(value.items())}
    return [turned(child) for child in value] if isinstance(value, list) else value
