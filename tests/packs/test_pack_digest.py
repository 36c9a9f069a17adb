"""The digest of a pack covers everything that judges, and nothing that only describes it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from contracts.policies.digest import digest_of_document
from contracts.policies.pinned import read_pack
from contracts.policies.shipped import shipped
from services.core.authoring.load import load_pack
from services.core.questions.standing import STANDING
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from tests.documents import Document, document_of, invented_rule, invented_text, pack_with
from tests.lives import facts_of, someone

CHENGDU, NATION, PLACE = "510100", "100000", "990100"
WORD_OF_PACKS = {"zh": "称号", "en": "title"}
NAMES = ["name", "text", "interpretation", "key_terms", "examples", "last_verified_on", "told", "zh", "clause"]
"""Names that a pack may give to a part, and that elsewhere name what the digest leaves out."""
Path = tuple[str | int, ...]


def places_in(value: Any, at: Path = ()) -> Iterator[tuple[Any, str | int, Path]]:
    """Yield every place inside a document: what it is in, its key there, and the keys that lead to it."""
    if isinstance(value, dict | list):
        for key, child in [*value.items()] if isinstance(value, dict) else [*enumerate(value)]:
            yield value, key, (*at, key)
            yield from places_in(child, (*at, key))


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
    """Say whether this is a text in two languages, a term of the source, of an example or note, or a day of
    verification."""
    in_words = at[-1] in ("zh", "en") or at[-1] == "last_verified_on" or "key_terms" in at[-2:]
    return in_words or at[0] in ("examples", "notes")


@pytest.mark.parametrize("place", shipped())
def test_every_leaf_that_rules_is_in_the_digest_and_no_other(place: str) -> None:
    """Every leaf of the shipped document is changed, one at a time."""
    document = document_of(place)
    before, digests, ruling = digest_of_document(document), set(), 0
    for whole, key, at in places_in(document):
        value = whole[key]
        if value and isinstance(value, dict | list):
            continue
        whole[key] = other_than(value)
        after = digest_of_document(document)
        whole[key] = value
        assert (after == before) == only_tells(at), at
        digests.add(after)
        ruling += not only_tells(at)
    assert len(digests - {before}) == ruling, "two packs that differ in one value share a digest"
    assert digest_of_document(document) == before == shipped()[place].digest


@pytest.mark.parametrize("place", shipped())
def test_every_name_in_rules_and_terms_is_in_the_digest(place: str) -> None:
    """Every key of them is renamed, one at a time, in its place among the others."""
    document = document_of(place)
    before, digests, renamed = digest_of_document(document), set(), 0
    for whole, key, at in [*places_in(document["editions"])]:
        if isinstance(whole, dict) and at[1] in ("rules", "terms") and "told" not in at:
            members = [*whole.items()]
            whole.clear()
            whole |= {f"{name}x" if name == key else name: value for name, value in members}
            digests.add(digest_of_document(document))
            renamed += 1
            whole.clear()
            whole |= dict(members)
    assert digest_of_document(document) == before
    assert len(digests - {before}) == renamed > 0


def with_ground(name: str, words: Document) -> Document:
    """Return a pack with an invented rule, and in it a ground of this name."""
    grounds = [{"supervisor": {"designated": {"ranks": ["senior"]}}}, {name: words}]
    rule = invented_rule(entitlement={"requires": {"any_of": grounds}})
    return pack_with(PLACE, invented_text(rules={"benefit.apartment": rule})).current


@pytest.mark.parametrize("name", NAMES)
def test_a_ground_is_in_the_digest_whatever_it_is_called(name: str) -> None:
    title = {"designated": {"talents": ["yi_leading"]}}
    one, other = digest_of_document(with_ground(name, title)), digest_of_document(with_ground("other", title))
    for_review = digest_of_document(with_ground(name, {"for_review": title}))
    assert len({one, other, for_review}) == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_code_that_a_pack_declares_is_in_the_digest_whatever_it_is_called(name: str) -> None:
    document = document_of(CHENGDU)
    before = digest_of_document(document)
    document["vocabulary"]["talents"][name] = WORD_OF_PACKS
    declared = digest_of_document(document)
    document["vocabulary"]["talents"][name] = {**WORD_OF_PACKS, "en": "another word"}
    assert before != declared == digest_of_document(document)


def test_what_is_told_is_in_no_digest_whatever_the_part_is_called() -> None:
    document = with_ground("requires", {"employed": {}})
    rule = document["editions"][0]["rules"]["benefit.apartment"]
    told = {name: {"text": WORD_OF_PACKS} for name in ("requires", "clause", "entitlement", "R-16")}
    before = digest_of_document(document)
    rule["told"] |= told
    assert digest_of_document(document) == before


def test_every_value_that_a_reading_may_have_is_in_the_digest() -> None:
    """So the alternatives of an answer are those of the pack that it names."""
    days = {"R-02": "2027-02-28", "civil_count": "2027-03-01"}
    texts = [
        {**invented_text(), "in_force": {"first_day": "2024-05-01", "last_day": last}}
        for last in (days["R-02"], days, {**days, "civil_count": "2027-03-02"})
    ]
    packs = [pack_with(PLACE, text) for text in texts]
    assert [pack.pack.editions[0].in_force.last_day for pack in packs] == [date(2027, 2, 28)] * 3
    assert len({pack.digest for pack in packs}) == 3


@pytest.mark.parametrize("place", shipped())
def test_a_shipped_pack_is_read_as_its_authors_load_it(place: str) -> None:
    assert shipped()[place].pack == load_pack(shipped()[place].document)


@pytest.mark.parametrize("place", shipped())
def test_the_order_of_keys_is_not_in_the_digest(place: str) -> None:
    backwards = read_pack(msgspec.json.encode(turned(document_of(place))))
    assert (backwards.digest, backwards.pack) == (shipped()[place].digest, shipped()[place].pack)


@pytest.mark.parametrize("place", [CHENGDU, "410100", "371500", "532300"])
def test_the_order_of_keys_changes_no_answer(place: str) -> None:
    busy = someone.then("supervisor.designated", "2022-05-01", rank="senior").certified("2020-03-01")
    titled = busy.then("talent.designated", "2022-05-01", talent="national_leading").registered("2021-01-01")
    facts = facts_of(titled.employed("2021-01-01", place))
    backwards = {at: read_pack(msgspec.json.encode(turned(document_of(at)))) for at in (NATION, place)}
    one_way, other_way = compose(place, shipped(), ()), compose(place, backwards, ())
    for question in (Question(name, date(2023, 1, 1)) for name in STANDING):
        assert evaluate(one_way, facts, question) == evaluate(other_way, facts, question), question


def turned(value: Any) -> Any:
    """Return a document with the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(child) for key, child in reversed(value.items())}
    return [turned(child) for child in value] if isinstance(value, list) else value
