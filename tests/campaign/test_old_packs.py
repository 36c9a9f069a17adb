"""Every text that a pack of this repository ever had answers as it did, because ledgers have pinned it."""

from collections import defaultdict

from tools.old_packs import all_changed_answers, kept

OLD = kept()


def test_every_text_that_a_pack_ever_had_answers_as_it_did() -> None:
    assert len(OLD.texts) >= 55
    assert list(all_changed_answers(OLD)) == []


def test_no_text_ever_changes_its_digest() -> None:
    assert [text.digest for text in OLD.texts] == [text.pinned.digest for text in OLD.texts]


def test_texts_of_one_digest_differ_in_words_alone_and_answer_alike() -> None:
    """So a ledger may be told its pack in the words of a later release."""
    answers, documents = defaultdict(set), defaultdict(set)
    for text in OLD.texts:
        answers[text.digest, text.nation].add(tuple(text.answers))
        documents[text.digest].add(bytes(text.document))
    assert max(map(len, documents.values())) > 1
    assert [len(group) for group in answers.values()] == [1] * len(answers)
