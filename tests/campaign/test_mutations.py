"""Judgements changed one at a time: for each, some recorded answer is another one.

Tried in a copy of the tree. What is changed here was once not seen, or shows a kind of rule: which text answers, which
standard, on which side of a boundary day.
"""

from dataclasses import dataclass

import pytest

from contracts.events.values import DeterminationId
from tests.campaign.copied import Copy, copied
from tools.recorded import FOLDER

RULES = "services/core/rules"
LOOK = """
import sys
from pathlib import Path
from tools.recorded import AGREED, JUDGED, changed_answers, only_about, read_record, record_of
from tools.recorded import without_what_was_to_change
from services.core.rules.engine import ENGINE
folder, *determinations = sys.argv[1:]
for engine, members in {ENGINE: JUDGED, **AGREED}.items():
    record = only_about(read_record(Path(folder) / record_of(engine).name), determinations.__contains__)
    record = record if engine == ENGINE else without_what_was_to_change(record)
    for changed in changed_answers(record, members):
        print(changed)
        sys.exit()
"""


@dataclass(frozen=True)
class Mutation:
    """A rule judged otherwise: what is changed in a module, and a determination that is then answered otherwise."""

    rule: str
    module: str
    before: str
    after: str
    determination: DeterminationId


MUTATIONS = (
    Mutation(
        "the nation answers where no text of a place is in force",
        f"{RULES}/book.py",
        "for provision in places[0]:",
        "for provision in places[-1]:",
        "allowance",
    ),
    Mutation(
        "the first text answers after the last one",
        f"{RULES}/book.py",
        "if counted.deciding_day.reached(provision.first_day):",
        "if False:",
        "reward.exam",
    ),
    Mutation("the text begun first answers", f"{RULES}/book.py", "reverse=True))", "reverse=False))", "allowance"),
    Mutation(
        "the day asked about chooses the text",
        f"{RULES}/book.py",
        "counted.deciding_day.within(",
        "day.within(",
        "continuing_education.annual",
    ),
    Mutation(
        "an answer holds since its text began",
        f"{RULES}/parts.py",
        "over_texts = self.run_of_texts or run",
        "over_texts = run",
        "allowance",
    ),
    Mutation(
        "the standard that took effect last comes before the most specific one",
        f"{RULES}/conditions/measured.py",
        "(len(stem(s.jurisdiction)), s.effective_from, s.evidence.position)",
        "(s.effective_from, s.evidence.position)",
        "reward.exam",
    ),
    Mutation(
        "of standards of one day the first recorded one comes first",
        f"{RULES}/conditions/measured.py",
        "s.effective_from, s.evidence.position)",
        "s.effective_from, -s.evidence.position)",
        "reward.exam",
    ),
    Mutation(
        "a standard widens the other roles too",
        f"{RULES}/conditions/employed.py",
        'if job.role == "other":',
        "if False:",
        "allowance",
    ),
    Mutation(
        "what is for review is met",
        f"{RULES}/combine.py",
        'return structs.replace(verdict, status="needs_review", reason=reason)',
        "return verdict",
        "allowance",
    ),
    Mutation(
        "a part that is open is as good as none where one is enough",
        f"{RULES}/combine.py",
        'else "needs_review" if "needs_review" in statuses else "not_met"',
        'else "not_met"',
        "talent.quality",
    ),
    Mutation(
        "a part that is open is as good as met where all are needed",
        f"{RULES}/combine.py",
        'else "needs_review" if "needs_review" in statuses else "met"',
        'else "met"',
        "talent.quality",
    ),
    Mutation("the tier is the lowest level", f"{RULES}/amounts.py", "given[0].level", "given[-1].level", "allowance"),
    Mutation(
        "no year has a 29 February",
        "services/core/calendar.py",
        "last = 29 if month == 1 and calendar.isleap(year) else DAYS_OF_MONTHS[month]",
        "last = DAYS_OF_MONTHS[month]",
        "professional_years",
    ),
    Mutation(
        "a day leaves its window a day late",
        "services/core/calendar.py",
        "first_kept = day + ONE_DAY if closed else day",
        "first_kept = day + ONE_DAY",
        "talent.quality",
    ),
    Mutation(
        "a certificate is held on the day of its withdrawal",
        f"{RULES}/conditions/certificates.py",
        "not (certificate.withdrawn_on and day.reached(certificate.withdrawn_on))",
        "not (certificate.withdrawn_on and certificate.withdrawn_on < day.date)",
        "certificate",
    ),
    Mutation(
        "a title is not conferred on the first and last day of the text",
        f"{RULES}/conditions/designated.py",
        "return context.first_day <= on and (last is None or on <= last)",
        "return context.first_day < on and (last is None or on < last)",
        "reward.new_talent",
    ),
    Mutation(
        "a registration is valid for a month less",
        f"{RULES}/conditions/registered.py",
        "term.months, round_up",
        "term.months - 1, round_up",
        "registration",
    ),
    Mutation(
        "a review applied for on the last day of the proof is late",
        f"{RULES}/kinds/examination.py",
        "proof.first <= review.applied_on <= proof.last",
        "proof.first <= review.applied_on < proof.last",
        "certificate.senior_route",
    ),
    Mutation(
        "the senior route is over on the last day of the proof",
        f"{RULES}/kinds/examination.py",
        "day.within(proof.first, proof.last)",
        "proof.first <= day.date < proof.last",
        "certificate.senior_route",
    ),
    Mutation(
        "a shortfall is pending through the last day of its window",
        f"{RULES}/kinds/training.py",
        "day.reached(reckoning.window.last) else",
        "reckoning.window.last < day.date else",
        "continuing_education.annual",
    ),
    Mutation(
        "hours add up in the order of their records",
        f"{RULES}/hours.py",
        "sorted(self.items, key=lambda item: item.day)",
        "self.items",
        "continuing_education.annual",
    ),
    Mutation(
        "days left over add up to months of 30 days",
        f"{RULES}/kinds/professional_years.py",
        "DAYS_OF_A_MONTH = 31",
        "DAYS_OF_A_MONTH = 30",
        "professional_years",
    ),
    Mutation(
        "the conforming post is the first one for which the certificate is enough",
        f"{RULES}/kinds/ladder.py",
        "for post in reversed(posts):\n            if post.employment",
        "for post in posts:\n            if post.employment",
        "grade",
    ),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of the code."""
    return copied(tmp_path_factory.mktemp("tree"), "contracts", "services", "tools")


def changed(copy: Copy, *determinations: DeterminationId) -> str:
    """Return a recorded answer about these that the code of the copy gives otherwise; nothing if there is none.

    Earlier engines are looked at too, in what they agree about with the running one.
    """
    done = copy.run("-c", LOOK, str(FOLDER), *determinations)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_unchanged_copy_gives_the_recorded_answers(copy: Copy) -> None:
    """Of some; that the tree gives all of them is for `test_record_judged_again`."""
    assert changed(copy, "certificate", "registration") == ""


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.rule)
def test_a_rule_judged_otherwise_changes_a_recorded_answer(copy: Copy, mutation: Mutation) -> None:
    with copy.with_fault(mutation.module, mutation.before, mutation.after):
        assert changed(copy, mutation.determination), mutation.rule
