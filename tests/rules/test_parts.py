"""A condition has exactly one operator and a rule exactly one form, and all of them are known."""

import pytest
from msgspec import Struct, structs

from contracts.policies.language import Condition, Rule, Text
from services.core.rules.parts import FORMS, OPERATORS, operator_of, spec_of

OF_A_CONDITION = {"text", "interpretation", "clause"}
OF_A_RULE = {*OF_A_CONDITION, "document", "further_clauses", "key_terms", "readings", "source_status"}


@pytest.mark.parametrize(
    ("whole", "known", "others"), [(Condition, OPERATORS, OF_A_CONDITION), (Rule, FORMS, OF_A_RULE)]
)
def test_each_member_is_known_as_what_it_is(whole: type[Struct], known: tuple[str, ...], others: set[str]) -> None:
    assert {field.name for field in structs.fields(whole)} == {*known, *others}
    assert not set(known) & others


def test_what_asks_or_answers_nothing_is_refused() -> None:
    text = Text(zh="无", en="none")
    with pytest.raises(ValueError, match="exactly one of employed"):
        operator_of(Condition(text))
    with pytest.raises(ValueError, match="exactly one of highest_certificate"):
        spec_of(Rule("XX-01", text))
