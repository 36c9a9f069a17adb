"""Each kind of rule owns its result, and everything else that uses the fields of results derives them from there."""

from types import NoneType
from typing import Any, Literal, get_args, get_origin

import pytest
from msgspec import structs

from contracts.document import plain
from contracts.events.values import DeterminationId
from contracts.policies.shipped import shipped
from services.core.answers.shapes import RESULTS
from services.core.questions.standing import STANDING
from services.core.rules.kinds.kind import Kind
from services.core.rules.kinds.registry import ANSWERS, KINDS
from services.core.rules.kinds.undefined import Undefined
from services.core.rules.result import Result, words_of
from services.core.rules.verdict import UNJUDGED
from services.core.words.advice import CHANGES
from services.core.words.catalogue import CONDITIONS, FIELDS, VALUES
from services.projections.store.standings import KEY_FIELDS
from tests.documents import document_of

OF_RESULTS = sorted({answers.result for answers in ANSWERS.values()}, key=lambda result: result.__name__)
TOLD_WITH_ANOTHER = {"unit": "amount", "months": "years"}
"""The fields that a page shows together with another."""


def fields() -> dict[str, Any]:
    """Return the type of each field of any result, without null."""
    typed = {field.name: field.type for result in OF_RESULTS for field in structs.fields(result)}
    return {name: get_args(kind)[0] if NoneType in get_args(kind) else kind for name, kind in typed.items()}


def test_every_determination_has_a_kind_and_every_kind_but_the_undefined_answers_one() -> None:
    assert set(ANSWERS) == set(get_args(DeterminationId))
    assert {answers.kind for answers in ANSWERS.values()} == set(KINDS.values()) - {Undefined}


def test_the_results_of_determinations_are_all_those_that_their_kinds_give() -> None:
    given = {(kind, result) for kind in KINDS.values() for result in kind.RESULTS}
    assert {(answers.kind, answers.result) for answers in ANSWERS.values()} == given


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind is not Undefined], ids=lambda kind: str(kind.__name__)
)
def test_a_kind_has_the_statuses_of_one_that_judges(kind: type[Kind]) -> None:
    assert kind.STATUSES
    assert not kind.STATUSES & UNJUDGED


@pytest.mark.parametrize("result", OF_RESULTS, ids=lambda result: str(result.__name__))
def test_an_empty_result_says_nothing_and_nothing_missing_becomes_false_or_zero(result: type[Result]) -> None:
    assert set(map(repr, structs.asdict(result()).values())) <= {"None", "()"}
    assert result().facts_alone() == result()


@pytest.mark.parametrize("result", OF_RESULTS, ids=lambda result: str(result.__name__))
def test_what_people_filter_by_and_what_time_changes_are_fields_of_the_result(result: type[Result]) -> None:
    assert {*result.ANNOUNCED, *([result.KEY] if result.KEY else [])} <= set(result.__struct_fields__)


@pytest.mark.parametrize("name", get_args(DeterminationId))
def test_the_published_fields_are_those_of_the_result_in_their_order(name: str) -> None:
    assert list(RESULTS[name]) == list(plain(ANSWERS[name].result()))


def test_a_row_keeps_for_each_determination_the_field_that_people_filter_by() -> None:
    assert list(KEY_FIELDS) == [name for name in STANDING if name != "certificate.senior_route"]


def test_a_page_has_a_name_for_each_field_that_it_shows_and_for_no_other() -> None:
    """Lists are told one by one; another name is that of the last day of a registration that has ended."""
    shown = {name for name, kind in fields().items() if get_origin(kind) is not tuple} - set(TOLD_WITH_ANOTHER)
    assert set(FIELDS) - {"held_until"} == shown


def test_what_a_result_says_in_code_has_words_of_its_field() -> None:
    of_words = {name for name, kind in fields().items() if get_origin(kind) is Literal} - set(TOLD_WITH_ANOTHER)
    assert set(VALUES) == of_words | {"route"}
    for result in OF_RESULTS:
        for name in set(result.__struct_fields__) & of_words:
            assert set(words_of(result, name)) <= set(VALUES[name]), (result, name)


def test_the_routes_to_professional_quality_that_shipped_texts_name_have_words() -> None:
    """A route has the name that its pack gives it, and other names are shown as they are written."""
    rules = [text["rules"] for place in shipped() for text in document_of(place)["editions"]]
    qualities = [of_text["talent"]["talent"]["quality"] for of_text in rules if "talent" in of_text]
    routes = [route for quality in qualities for route in quality["any_of"]]
    held = {name for route in routes for name, part in route.items() if "a_person_decides" not in part}
    assert held == set(VALUES["route"])


def test_the_conditions_of_shipped_allowances_have_words() -> None:
    """A condition too has the name that its pack gives it, and other names are shown as they are written."""
    rules = [text["rules"] for place in shipped() for text in document_of(place)["editions"]]
    payments = [of_text["allowance"]["payment"] for of_text in rules if "payment" in of_text.get("allowance", {})]
    assert {name for payment in payments for part in payment["requires"]["all_of"] for name in part} == set(CONDITIONS)


def test_each_field_that_time_may_change_has_a_sentence_for_it_and_no_other_has() -> None:
    assert set(CHANGES) == {name for result in OF_RESULTS for name in result.ANNOUNCED}
