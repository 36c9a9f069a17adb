"""A document that a ledger has pinned can be read, whatever a later release knows and checks."""

from datetime import date
from typing import Any

import msgspec
import pytest

from contracts.policies import pinned
from contracts.policies.digest import digest_of_document
from contracts.policies.language import LANGUAGE
from contracts.policies.packs import PinnedPack, UnreadablePackError
from contracts.policies.pinned import VERSIONS, Version, read_pack
from contracts.policies.shipped import shipped
from contracts.policies.upcast import upcast
from services.core.questions.standing import STANDING
from services.core.rules.book import compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from tests.documents import Document, document_of
from tests.lives import CHENGDU_WORKER, facts_of, someone
from tools.old_packs import kept

ZHENGZHOU, NATION = "410100", "100000"
FIRST_LANGUAGE_NATIONAL = "sha256:94aa19fe6f039814db603737d1b6e91d91017daab9410330b4e4b36cda059a2f"
OLD = next(text for text in kept().texts if msgspec.json.decode(text.document)["jurisdiction"] == ZHENGZHOU)
"""A text that the pack of a place had in language 1."""


def read(document: Document) -> PinnedPack:
    return read_pack(msgspec.json.encode(document))


def test_a_pack_of_language_1_is_read_in_the_newest_and_keeps_its_digest() -> None:
    document = msgspec.json.decode(OLD.document)
    pack = read(document)
    assert pack.digest == OLD.digest != digest_of_document(upcast(document))
    assert pack.pack == read(upcast(document)).pack
    assert pack.current["language"] == LANGUAGE


def test_a_determination_is_asked_by_its_name_of_today_whatever_a_pinned_pack_calls_it() -> None:
    """`recognition` was called `qualification`."""
    nation = next(text for text in kept().texts if text.pinned.pack.jurisdiction == NATION)
    newest = document_of(NATION)
    once = msgspec.json.decode(msgspec.json.encode(newest).replace(b'"recognition":', b'"qualification":'))
    assert once != newest
    for document in (msgspec.json.decode(nation.document), once):
        pack = read(document)
        named = {name for edition in pack.pack.editions for name in edition.rules}
        expected = {name for example in pack.pack.examples for name in example.expect}
        assert "recognition" in named & expected
        assert "qualification" not in named | expected
    assert read(once).pack == read(newest).pack


def test_old_national_rules_lend_their_terms_to_a_text_of_today() -> None:
    """A ledger may adopt a new text of its city beside the national pack that it pinned long ago."""
    national = next(text for text in kept().texts if text.digest == FIRST_LANGUAGE_NATIONAL)
    rules = compose("510107", {**shipped(), NATION: national.pinned}, ())
    facts = facts_of(CHENGDU_WORKER.but(someone.registered("2026-01-15", "2029-01-14")))
    assert [name for name in STANDING if not evaluate(rules, facts, Question(name, date(2026, 5, 1)))] == []


@pytest.mark.parametrize("written", [{}, {"language": 1}])
def test_a_pack_that_names_no_language_is_of_the_first(written: Document) -> None:
    document = {name: value for name, value in msgspec.json.decode(OLD.document).items() if name != "language"}
    assert read({**document, **written}).digest == OLD.digest


def test_every_language_leads_to_the_next_and_the_newest_to_none() -> None:
    assert [*VERSIONS] == [*range(1, LANGUAGE + 1)]
    assert [version.to_next is None for version in VERSIONS.values()] == [False] * (LANGUAGE - 1) + [True]


def test_a_pack_is_read_through_every_language_after_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def to_next(document: Document) -> Document:
        return {**document, "language": LANGUAGE + 1, "name": {"zh": "后来", "en": "Later"}}

    later = {LANGUAGE: Version(digest_of_document, to_next), LANGUAGE + 1: Version(digest_of_document)}
    documents = msgspec.json.decode(OLD.document), document_of(ZHENGZHOU)
    monkeypatch.setattr(pinned, "VERSIONS", {**VERSIONS, **later})
    packs = [read(document) for document in documents]
    assert [(pack.pack.name.en, pack.current["language"]) for pack in packs] == [("Later", LANGUAGE + 1)] * 2
    assert [pack.digest for pack in packs] == [OLD.digest, shipped()[ZHENGZHOU].digest]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"{", "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b'{"language": 3}', "language 3, which this release does not know"),
        (b'{"language": "1"}', "language '1', which this release does not know"),
        (b'{"language": true}', "language True, which this release does not know"),
        (b"{}", "not have the shape of a pack"),
        (b'{"jurisdiction": "410100", "name": 7, "editions": []}', "not have the shape of a pack"),
        (b'{"jurisdiction": "410100", "name": {"zh": "", "en": ""}, "editions": 7}', "not have the shape of a pack"),
        (b'{"language": 2}', "not have the shape of a pack"),
        (b'{"language": 2, "jurisdiction": "410100", "name": 7, "editions": []}', "not have the shape of a pack"),
    ],
)
def test_what_is_no_pack_is_refused_with_the_reason(document: bytes, why: str) -> None:
    with pytest.raises(UnreadablePackError, match=why):
        read_pack(document)


def of_pack(document: Document) -> Document:
    return document


def of_edition(document: Document) -> Document:
    edition: Document = document["editions"][0]
    return edition


def of_days(document: Document) -> Document:
    in_force: Document = of_edition(document)["in_force"]
    return in_force


@pytest.mark.parametrize("part", [of_pack, of_edition, of_days])
def test_a_member_of_a_later_release_is_never_passed_over(part: Any) -> None:
    """Else a rule could be left out that another release applies under the same digest."""
    document = document_of(ZHENGZHOU)
    part(document)["only_on_weekdays"] = True
    with pytest.raises(UnreadablePackError, match="only_on_weekdays"):
        read(document)
