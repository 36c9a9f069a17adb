"""A table shows in a spreadsheet what it says."""

from typing import Any

import pytest

from services.projections.api.tables import first_line, lines
from tests.tables import unprotected


@pytest.mark.parametrize(
    "id_", ["000123", "1-2", "2024-03", "12345678901234567890", "1E5", "MAR1", "TRUE", "-1", "P-1"]
)
def test_an_id_is_a_text_that_no_spreadsheet_reads_as_anything_else(id_: str) -> None:
    """Unprotected, Excel makes 123, a day, 1.23E+19, 100000, 1 March, a truth and a number of them."""
    for column in ("practitioner_id", "standard", "organization", "jurisdiction", "people"):
        written = lines([column], [[id_]]).decode()
        assert written == f'"=""{id_}"""\r\n'
        assert unprotected(f'="{id_}"') == id_


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (900, "900"),
        ("900.00", "900.00"),
        ("2024-03-01", "2024-03-01"),
        ({"from": "2024-01-01", "until": "2024-12-31"}, "2024-01-01/2024-12-31"),
        (["registration", "service"], "registration service"),
        ([], ""),
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2", "'-2"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
    ],
)
def test_a_value_is_shown_and_never_run(value: Any, shown: str) -> None:
    assert lines(["amount", "unit"], [[value, "CNY"]]).decode() == f"{shown},CNY\r\n"


def test_many_ids_in_one_cell_are_left_as_they_are_where_no_formula_could_hold_them() -> None:
    few, many = ["1", "2"], [str(number) for number in range(200)]
    assert lines(["people"], [[few], [many]]).decode().splitlines() == ['"=""1 2"""', " ".join(many)]


def test_a_table_begins_with_the_mark_by_which_excel_knows_utf_8() -> None:
    assert first_line(["practitioner_id", "amount"]) == b"\xef\xbb\xbfpractitioner_id,amount\r\n"
