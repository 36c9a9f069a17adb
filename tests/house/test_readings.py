"""No reading decides in silence: each has alternatives that are tried, or says why it has none."""

import re
from pathlib import Path

from contracts.policies.choices import merged
from contracts.policies.readings import ALTERNATIVES, KNOWN_READINGS, WITHOUT_ALTERNATIVE
from tests.lives import PINNED

REGISTER = (Path(__file__).parents[2] / "docs/policies/rules.md").read_text()


def test_each_reading_of_the_register_has_alternatives_or_a_reason_why_it_has_none() -> None:
    assert set(re.findall(r"^\| (R-[0-9]{2}) \|", REGISTER, re.MULTILINE)) == KNOWN_READINGS
    assert not ALTERNATIVES.keys() & WITHOUT_ALTERNATIVE.keys()


def test_each_alternative_is_a_choice_in_a_shipped_pack_and_each_choice_there_is_one() -> None:
    found = merged(pinned.choices for pinned in PINNED.values())
    assert {reading: set(names) for reading, names in found.items()} == {
        reading: set(names) for reading, names in ALTERNATIVES.items()
    }


def test_a_reading_has_as_many_alternatives_in_the_register() -> None:
    """The register writes a semicolon between two of them, and a dash where it knows of none."""
    row = re.compile(r"^\| (R-[0-9]{2}) \| .*? \| .*? \| (.*?) \| .*? \|$", re.MULTILINE)
    told = {reading: [one for one in cell.split("; ") if one != "–"] for reading, cell in row.findall(REGISTER)}
    assert {reading: len(told.get(reading, ())) for reading in ALTERNATIVES} == {
        reading: len(names) for reading, names in ALTERNATIVES.items()
    }
