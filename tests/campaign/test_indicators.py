"""How a random career counts, against a second implementation of the indicator register (docs/policies/rules.md
1.10)."""

from datetime import date
from itertools import product
from random import Random

from contracts.document import plain
from services.core.questions.count import classify, indicators_of
from services.core.questions.judge import Unreadable, answer_each
from services.core.questions.whatif import Person
from services.core.rules.kinds.registry import ANSWERS
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import UNJUDGED
from tests.campaign import test_oracle
from tests.campaign.careers import career, questioned_days
from tests.campaign.life import Life, inside
from tests.campaign.oracle import oracle
from tests.campaign.test_oracle import NATIONAL, OF_A_PLACE, PINNED, drawing, played, recorded, standards_of

DAYS = 4
FIRST_CAREERS = 1_500
END_OF_2025 = date(2025, 12, 31)
# By indicator of people: whose, which question, the statuses that count, the deadline.
REGISTER = {
    "I-01": ("532300", "talent", "met", END_OF_2025),
    "I-02": ("532300", "talent", "met", END_OF_2025),
    "I-06": ("532300", "continuing_education.plan_period", "met", END_OF_2025),
    "I-07": ("510100", "certificate", "valid", END_OF_2025),
    "I-11": ("410100", "technical_staff", "valid", END_OF_2025),
    "I-12": ("410100", "grade", "conforming not_conforming", END_OF_2025),
    "I-17": ("410100", "continuing_education.annual", "met", None),
    "I-19": ("410100", "supervisor", "valid", None),
    "I-20": ("350000", "technical_staff", "valid", END_OF_2025),
    "I-25": ("350000", "allowance", "eligible", None),
}

WORKED_HERE = ("I-06", "I-17")
"""R-37: those of a window, which concern whoever worked in the place within it, wherever they are on its last day."""


def place_read(read: Life, day: date, home: str) -> str:
    """Return where the person's main work is, else where they were enrolled, else the ledger's place."""
    main = [fact for fact in read.employments_on(day) if not fact.data.get("concurrent")]
    if main:
        return str(max(main, key=lambda fact: (fact.day, fact.position)).data["jurisdiction"])
    enrolled = [fact for fact in read.of("practitioner.enrolled") if fact.day <= day and "jurisdiction" in fact.data]
    return str(max(enrolled, key=lambda fact: (fact.day, fact.position)).data["jurisdiction"]) if enrolled else home


def naive(read: Life, standards: tuple[dict[str, object], ...], id_: str, as_of: date, home: str) -> str | None:
    """Return how a person counts; None if the person is not among the place's people."""
    jurisdiction, determination, holds, deadline = REGISTER[id_]
    day = as_of if deadline is None or as_of < deadline else deadline
    place = place_read(read, day, home)
    here = inside(place, jurisdiction)
    if not here and id_ not in WORKED_HERE:
        return None
    said = oracle(read, determination, day, place if here else jurisdiction, None, None, standards)
    if said["status"] in ("not_in_force", "not_applicable", "undefined_in_policy"):
        return "excluded" if here else None
    if id_ == "I-25" and "role" in said["result"]["missing"]:
        return "excluded"
    if id_ == "I-02" and said["result"]["route"] != "certificate":
        return "not_counted"
    if id_ == "I-07" and said["status"] == "valid":  # as the allowance reads a certificate.
        of_allowance = oracle(read, "allowance", day, place, None, None, standards)["result"]
        if "certificate" in of_allowance.get("missing", ()):
            return "not_counted"
        if "certificate" in of_allowance.get("unresolved", ()):
            return "open"
    if said["status"] == "needs_review" and id_ != "I-12":
        return "open"
    return "counted" if said["status"] in holds.split() else "not_counted"


def days(random: Random, seed: int) -> list[date]:
    life, _, _ = played(seed)
    return [*questioned_days(random, life, DAYS), END_OF_2025, date(2026, 1, 1)]


def test_a_career_counts_as_a_naive_reading_of_the_register_says(seed: int) -> None:
    life, _, _ = played(seed)
    read = Life(life.events)
    person, rulebook = Person(f"P-{seed}", recorded(life)), Rulebook(life.home, PINNED, standards_of(life))
    for as_of in days(drawing(seed), seed):
        for asked in indicators_of(PINNED.values(), as_of):
            if asked.indicator.organizations is not None or asked.indicator.determination is None:
                continue
            names = (asked.indicator.determination, *asked.indicator.provided)
            here = asked.pinned.pack.jurisdiction
            [answers] = answer_each([person], rulebook, names, asked.decided_on, here, asked.looks_back)
            counted_as = None
            if answers is not None:
                assert not isinstance(answers, Unreadable)
                node, *others = (answer.node for answer in answers)
                provided = [plain(other.result) for other in others]
                counted_as = classify(asked.indicator, node.status, plain(node.result), provided).counted_as
            assert counted_as == naive(read, life.standards, asked.id, as_of, life.home), (seed, asked.id, as_of)


def test_every_indicator_counts_somebody_of_the_first_careers() -> None:
    """Otherwise the implementation above could agree by counting nobody."""
    seen = set()
    for seed in range(FIRST_CAREERS):
        life = career(seed)
        read = Life(life.events)
        seen |= {(id_, naive(read, life.standards, id_, END_OF_2025, life.home)) for id_ in REGISTER}
    assert {(id_, "counted") for id_ in REGISTER} <= seen
    assert {(id_, None) for id_ in REGISTER} <= seen


def test_some_of_the_first_careers_count_where_their_place_is_no_more() -> None:
    gone = set()
    for life in map(career, range(FIRST_CAREERS)):
        read = Life(life.events)
        for id_, year in product(WORKED_HERE, (2023, 2024, 2025)):
            day = date(year, 12, 31)
            if not inside(place_read(read, day, life.home), REGISTER[id_][0]):
                gone.add((id_, naive(read, life.standards, id_, day, life.home)))
    assert {(id_, counted_as) for id_ in WORKED_HERE for counted_as in ("counted", "open", None)} <= gone


def test_the_packs_may_count_by_the_words_of_the_design_alone() -> None:
    for name, answers in ANSWERS.items():
        said = {*test_oracle.STATUSES[name].split(), *(OF_A_PLACE.split() if name not in NATIONAL else ())}
        assert said - UNJUDGED == answers.kind.STATUSES, name
