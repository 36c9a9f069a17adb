"""The register of the readings of clauses, and of the names of their alternatives (docs/policies/rules.md 1.3).

What an alternative means stands in the packs, as a choice where it acts. Answers take every reading by default. For
each reading that a rule uses, it is evaluated again under each alternative, and those that change the status are listed
in the answer. Each reading of the register stands in one of the two tables, so none decides in silence.
"""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

Choice: TypeAlias = Literal[
    "printed_date",
    "civil_count",
    "closed_both_ends",
    "whole_calendar_years",
    "round_up",
    "registration_year",
    "employment_year",
    "one_to_one",
    "forty_five_minutes",
    "pro_rata_by_day",
    "all_hours",
    "sum",
    "alike_counts_once",
    "issue_date",
    "day_before",
    "first_of_next_month",
    "implied_by_service",
    "any_record_ever",
    "synonyms",
    "ignore",
    "reject_the_event",
    "map_by_number",
    "pro_rata_by_month",
    "any_not_yet_rewarded",
    "start_of_year",
    "decided_inside",
    "issue",
    "first_only",
    "every_employee",
    "until_made",
    "only_the_last_day",
    "not_concerned",
    "every_certificate_held",
    "any_authority",
]

ALTERNATIVES: Mapping[str, tuple[Choice, ...]] = {
    "R-01": ("printed_date",),
    "R-02": ("civil_count",),
    "R-04": ("closed_both_ends", "whole_calendar_years"),
    "R-05": ("round_up",),
    "R-06": ("registration_year", "employment_year"),
    "R-07": ("one_to_one", "forty_five_minutes"),
    "R-08": ("pro_rata_by_day",),
    "R-09": ("all_hours",),
    "R-10": ("sum", "alike_counts_once"),
    "R-11": ("issue_date",),
    "R-12": ("day_before",),
    "R-13": ("first_of_next_month",),
    "R-15": ("implied_by_service",),
    "R-16": ("any_record_ever",),
    "R-17": ("synonyms",),
    "R-18": ("ignore",),
    "R-19": ("reject_the_event",),
    "R-20": ("map_by_number",),
    "R-22": ("pro_rata_by_month",),
    "R-23": ("any_not_yet_rewarded",),
    "R-25": ("start_of_year",),
    "R-31": ("every_employee",),
    "R-33": ("until_made",),
    "R-34": ("every_certificate_held",),
    "R-36": ("any_authority",),
    "R-37": ("only_the_last_day",),
    "R-38": ("not_concerned",),
    "R-39": ("decided_inside",),
    "R-40": ("issue",),
    "R-41": ("first_only",),
    "R-42": ("any_record_ever",),
}

WITHOUT_ALTERNATIVE: Mapping[str, str] = {
    "R-03": "the register has none",
    "R-14": "of several certificates added up, too, somebody is eligible or not",
    "R-21": "whether a shortfall is a violation is told in words",
    "R-24": "both figures are given",
    "R-26": "no figure of the packs has deadlines of this kind",
    "R-27": "whether a measure is needed for the payment is told in words",
    "R-28": "both ratios are given",
    "R-29": "both ratios are given",
    "R-30": "both figures are given",
    "R-32": "the register has none",
    "R-35": "the register has none",
}
"""The readings without an alternative that could change a status, each with the reason why."""
KNOWN_READINGS = frozenset({*ALTERNATIVES, *WITHOUT_ALTERNATIVE})


class Assumption(Struct, frozen=True):
    """One reading taken by an alternative instead of its default."""

    reading: str
    choice: str


def choice_order(reading: str) -> Callable[[str], tuple[int, str]]:
    """Return the key by which the alternatives of a reading are in the order of the register, others after them."""
    names: tuple[str, ...] = ALTERNATIVES.get(reading, ())
    return lambda name: (names.index(name) if name in names else len(names), name)
