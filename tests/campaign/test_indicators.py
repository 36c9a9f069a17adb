"""How a random career counts, against a second implementation of the indicator register (docs/policies/rules.md
1.10)."""

from datetime import date
from random import Random

from contracts.document import plain
from services.core.facts.place import place_on
from services.core.questions.count import classify, indicators_of
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import ANSWERS
from services.core.rules.verdict import UNJUDGED, Question
from tests.campaign import test_oracle
from tests.campaign.careers import career, questioned_days
from tests.campaign.life import Life, inside
from tests.campaign.oracle import oracle
from tests.campaign.test_oracle import NATIONAL, OF_A_PLACE, PINNED, drawing, played, rules_of

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
    if not inside(place, jurisdiction):
        return None
    said = oracle(read, determination, day, place, None, None, standards)
    if said["status"] in ("not_in_force", "not_applicable", "undefined_in_policy"):
        return "excluded"
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
    life, facts, _ = played(seed)
    read = Life(life.events)
    for as_of in days(drawing(seed), seed):
        for asked in indicators_of(PINNED.values(), as_of):
            if asked.indicator.organizations is not None or asked.indicator.determination is None:
                continue
            place = place_on(facts, asked.decided_on, life.home)
            counted_as = None
            if inside(place, REGISTER[asked.id][0]):
                node, *others = (
                    evaluate(rules_of(life, place), facts, Question(name, asked.decided_on)).node
                    for name in (asked.indicator.determination, *asked.indicator.provided)
                )
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


def test_the_packs_may_count_by_the_words_of_the_design_alone() -> None:
    for name, answers in ANSWERS.items():
        said = {*test_oracle.STATUSES[name].split(), *(OF_A_PLACE.split() if name not in NATIONAL else ())}
        assert said - UNJUDGED == answers.kind.STATUSES, name
