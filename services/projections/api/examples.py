"""An example of each answer for the OpenAPI document: real answers about a short history.

Computed when the document is requested, so that an example always agrees with its rule and its JSON Schema.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from contracts.document import plain
from contracts.policies.shipped import shipped
from services.core.answers.document import answer
from services.core.authoring.examples import example_stream
from services.core.facts.facts import Facts
from services.core.questions.count import Classification, figure, indicators_of
from services.core.questions.known import UndatedQuestion, employed_in
from services.core.questions.standing import stand
from services.core.questions.timeline import Budget
from services.core.questions.whole import whole_answer
from services.core.rules.book import Rules, compose
from services.core.rules.engine import ENGINE
from services.core.rules.rulebook import Rulebook
from services.core.rules.verdict import Question, judgement
from services.projections.api.comparison import OF_THE_QUESTION
from services.projections.api.policies import describe_last_days, describe_packs, describe_place
from services.projections.api.timeline import History, along_days
from services.projections.ask import facts_of, standing_document
from services.projections.count import Count, describe, report
from services.runtime.ledgers import LedgerRow

CITY, DISTRICT, ELSEWHERE = "510100", "510107", ("371500", "410100")
CITY_WITH_A_PERIOD_ENDED = "532300"
AS_OF, TODAY = date(2025, 5, 10), date(2026, 11, 22)
GIVEN: Sequence[Mapping[str, Any]] = (
    {
        "event": "employment.started",
        "on": "2021-01-01",
        "employer_type": "urban_community",
        "role": "full_time_community_worker",
        "jurisdiction": DISTRICT,
        "direct_service": True,
    },
    {"event": "certificate.obtained", "on": "2021-10-17", "level": "junior", "scope": "national", "basis": "exam"},
    {
        "event": "registration.granted",
        "on": "2022-04-01",
        "first": True,
        "valid_from": "2022-04-01",
        "valid_until": "2025-03-31",
    },
)
ABOUT: Mapping[str, Any] = {"ledger": "chengdu", "practitioner_id": "P-1"}
KNOWN: Mapping[str, Any] = {"known_at_position": len(GIVEN), "projected": False}
HOLDERS = Counter(
    {
        Classification("valid", "counted", by="basic"): 9_120,
        Classification("valid", "counted", by="junior"): 16_300,
        Classification("valid", "counted", by="intermediate"): 8_200,
        Classification("none", "not_counted"): 5_210,
    }
)


def examples() -> dict[str, dict[str, Any]]:
    """Return an example of each answer, by the name of its JSON Schema."""
    packs = shipped()
    digests = {place: pinned.digest for place, pinned in packs.items()}
    ledger = LedgerRow(ABOUT["ledger"], CITY, "成都", "ledger.invalid", datetime(2022, 1, 1, tzinfo=UTC), digests)
    events = example_stream(GIVEN)
    facts = facts_of(events)
    allowance = _determination(compose(DISTRICT, packs, ()), facts)
    history = History(ledger, len(events), events, (), {}, {pinned.digest: pinned for pinned in packs.values()})
    [holders] = [
        Count(dated, ABOUT["ledger"], Rulebook(CITY, packs, ()), len(events))
        for dated in indicators_of(packs.values(), TODAY)
        if dated.id == "I-07"
    ]
    return {
        "determination": allowance,
        "standing": _standing(compose(DISTRICT, packs, ()), facts),
        "timeline": along_days(
            {**ABOUT, "determination": "registration", "jurisdiction": None, "axis": "as_of"},
            history,
            UndatedQuestion("registration"),
            date(2022, 1, 1),
            date(2025, 12, 31),
            TODAY,
            Budget(len(events)),
        ),
        "comparison": {
            **ABOUT,
            "determination": "allowance",
            "as_of": AS_OF.isoformat(),
            **KNOWN,
            "engine": ENGINE,
            "places": [_of_place(compose(place, packs, ()), facts) for place in ELSEWHERE],
        },
        "cohort": {
            "standings": [
                {name: allowance[name] for name in ("practitioner_id", "jurisdiction", "status", "result")},
            ],
            "counts": {"eligible": 812, "not_eligible": 95, "needs_review": 40},
            "next_cursor": "ZTNiMGM0NDJQLTE",
            "position": 20480,
            "engine": ENGINE,
            "rows_due": False,
        },
        "indicators": {"indicators": [describe(holders)]},
        "indicator": report(holders, figure(holders.dated, HOLDERS), TODAY),
        "policies": {"policies": [pack for pack in describe_packs()["policies"] if pack["jurisdiction"] == CITY]},
        "policy": _shorten(describe_place(DISTRICT, AS_OF)),
        "policy_watch": _of_two_places(describe_last_days(TODAY)),
    }


def _determination(rules: Rules, facts: Facts) -> dict[str, Any]:
    question = Question("allowance", AS_OF)
    whole = whole_answer(rules, facts, question)
    return answer(whole, question, **ABOUT, **KNOWN, place_until=None, findings=())


def _standing(rules: Rules, facts: Facts) -> dict[str, Any]:
    standing = stand(rules, facts, AS_OF)
    return standing_document(
        **ABOUT,
        jurisdiction=standing.jurisdiction,
        as_of=AS_OF,
        **KNOWN,
        next_change_on=standing.next_change_on,
        determinations=plain({name: judgement(determined) for name, determined in standing.determinations.items()}),
    )


def _of_place(rules: Rules, facts: Facts) -> dict[str, Any]:
    there = _determination(rules, employed_in(facts, rules.jurisdiction))
    name = rules.packs[0].pack.name
    return {
        "jurisdiction": rules.jurisdiction,
        "name": {"zh": name.zh, "en": name.en},
        "answer": {member: value for member, value in there.items() if member not in OF_THE_QUESTION},
    }


def _shorten(place: dict[str, Any]) -> dict[str, Any]:
    """Return the packs of a place with one text, rule and indicator each: all of them would fill pages."""
    for pack in place["packs"]:
        pack["editions"] = pack["editions"][:1]
        for edition in pack["editions"]:
            for name in ("determinations", "indicators"):
                edition[name] = dict(list(edition[name].items())[-1:])
    return place


def _of_two_places(last_days: dict[str, Any]) -> dict[str, Any]:
    """Return the last days of two places, so that a new pack leaves the example as it is."""
    shown = (CITY, CITY_WITH_A_PERIOD_ENDED)
    return {
        name: [text for text in value if text["jurisdiction"] in shown] if isinstance(value, list) else value
        for name, value in last_days.items()
    }
