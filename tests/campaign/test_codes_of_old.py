"""A code that was recorded when a vocabulary had it is judged and told for ever."""

from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from msgspec import structs, to_builtins

from contracts.events.catalogue import PRACTITIONER_TYPES, REVISION_TYPES
from contracts.events.examples import example_event
from contracts.events.revisions import Recorded, resolve
from services.core.facts.fold import fold
from services.core.facts.oddities import findings_of
from services.core.questions.standing import STANDING
from services.core.questions.whole import whole_answer
from services.core.rules.verdict import Question
from services.core.words.events import Names, event_in_words
from services.core.words.sentences import Lang
from tests.lives import PINNED, id_of, rules_of
from tests.published import whole_document


def has_codes(hint: Any) -> bool:
    return get_origin(hint) is Literal or any(map(has_codes, get_args(hint)))


FACT_TYPES = [type_ for type_ in PRACTITIONER_TYPES if type_ not in REVISION_TYPES]
CODES = [
    (type_, member)
    for type_ in FACT_TYPES
    for member, hint in get_type_hints(PRACTITIONER_TYPES[type_], include_extras=True).items()
    if has_codes(hint)
]
"""Every member that takes the words of a closed vocabulary, with its type."""
ASKED = [
    (rules_of(place), determination)
    for place, pinned in PINNED.items()
    for determination in STANDING
    if any(determination in edition.rules for edition in pinned.pack.editions)
]
"""Each determination by the rules of each place that has a text about it."""


def recorded(number: int, type_: str, **other: Any) -> Recorded:
    """Return the example of a type as the journal gives it, with other data."""
    example = to_builtins(example_event(type_))
    return Recorded(number, number, id_of(number), type_, example["occurred_on"], {**example["data"], **other})


@pytest.mark.parametrize(("type_", "member"), CODES)
def test_a_code_that_no_vocabulary_has_any_more_is_judged_and_told(type_: str, member: str) -> None:
    """No rule rests on it; in a life that has everything, each question still has its answer."""
    life = [recorded(number, told) for number, told in enumerate(FACT_TYPES, 1)]
    place = FACT_TYPES.index(type_)
    was = life[place].raw.get(member)
    raw = {**life[place].raw, member: ["code_of_old"] if isinstance(was, list) else "code_of_old"}
    life[place] = structs.replace(life[place], raw=raw)
    stream, day = resolve(life), date.fromisoformat(life[place].occurred_on)
    facts = fold(stream)
    findings = findings_of(stream, facts)
    for rules, name in ASKED:
        question = Question(name, day)
        assert whole_document(whole_answer(rules, facts, question), question, findings)["determination"] == name
    assert all(event_in_words(type_, raw, Names(), lang) for lang in get_args(Lang))
