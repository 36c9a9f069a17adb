"""What is reported twice, in another order, in another spelling or with less to identify it answers as before.

The laws of design §7.8 (ADR-0028), over random careers and without a second reading: the engine's answers about a
career and about the same career told otherwise are compared.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from functools import cache
from random import Random
from typing import Any, NamedTuple, get_args, get_type_hints
from uuid import UUID, uuid5

import pytest
from msgspec.structs import fields

from contracts.document import plain
from contracts.events.catalogue import CORRECTION, PRACTITIONER_TYPES, REVISION_TYPES, VOID
from contracts.events.revisions import Recorded, reading_of, resolve
from contracts.events.values import Text
from contracts.folding import folded
from services.core.answers.document import evidence
from services.core.facts.facts import Employment, Facts
from services.core.facts.fold import fold
from services.core.rules.book import Rules
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from tests.campaign.careers import Career, Event, career
from tests.campaign.test_oracle import ONE_DAY, drawing, questions, recorded, rules_of

MOST_DOUBLES = 2
OTHER_WIDTHS: Mapping[int, str] = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {" ": "\N{IDEOGRAPHIC SPACE}"}
)
JOB, POST, END_OF_A_JOB = "employment.started", "promotion.granted", "employment.ended"
REGISTRATION = "registration.granted"
ORDERED = {JOB, POST, REGISTRATION, "registration.ended", "training.completed"}
"""Where the position decides on purpose. Of two jobs, posts or registrations that begin on one day the one recorded
last is the present one; of two ends, or two reports of one training (R-10), the one recorded first counts."""


class Said(NamedTuple):
    """What an answer says that a fact told otherwise may not change, and the ids of the events on which it rests."""

    status: str
    result: Mapping[str, Any]
    evidence: frozenset[str]


Answers = Sequence[Said]


@cache
def asked(seed: int) -> Sequence[tuple[Rules, Question]]:
    """Return what is asked about a career, however it is told."""
    life = career(seed)
    drawn = list(questions(drawing(seed), life))
    rules = {place: rules_of(life, place) for place, _ in drawn}
    return [(rules[place], question) for place, question in drawn]


@cache
def answers_as_recorded(seed: int) -> Answers:
    return answers(seed, career(seed).events)


@cache
def answers_without_revisions(seed: int) -> Answers:
    return answers(seed, unrevised(seed))


def unrevised(seed: int) -> Sequence[Event]:
    """Return a career as it was recorded first, so that every event says what it says."""
    return [event for event in career(seed).events if event["type"] not in REVISION_TYPES]


def answers(seed: int, events: Sequence[Event]) -> Answers:
    return answers_about(seed, facts_of(events))


def answers_about(seed: int, facts: Facts) -> Answers:
    """Return the answers to what is asked about a career, of a person of whom these are the facts."""
    return [said(rules, facts, question) for rules, question in asked(seed)]


def facts_of(events: Sequence[Event]) -> Facts:
    return fold(resolve(numbered(events)))


def numbered(events: Sequence[Event]) -> list[Recorded]:
    return recorded(Career(0, "", tuple(events), ()))


def said(rules: Rules, facts: Facts, question: Question) -> Said:
    """Return what an answer says, texts that it repeats as they are compared."""
    node = evaluate(rules, facts, question).node
    result = {name: folded(value) if name == "post" and value else value for name, value in plain(node.result).items()}
    return Said(node.status, result, frozenset(source.event_id for source in evidence(node)))


def unmentioned(given: Answers, event_id: str) -> Answers:
    """Return the answers without the member of a result that names each report of a training, where it is of this."""
    return [
        answer._replace(result=answer.result | {"not_counted": others})
        if len(others := [left for left in listed if left["event_id"] != event_id]) < len(listed)
        else answer
        for answer in given
        for listed in [answer.result.get("not_counted", ())]
    ]


# Told twice


def told_twice(seed: int) -> Iterator[tuple[list[Event], Event]]:
    """Yield a career in which some event is reported again later, with the double; no event that was voided."""
    random, events = drawing(seed), career(seed).events
    voided = voided_in(events)
    standing = [at for at, event in enumerate(events) if event["event_id"] not in voided]
    for at in random.sample(standing, min(MOST_DOUBLES, len(standing))):
        double = {**events[at], "event_id": another_id(events[at]["event_id"])}
        later = random.randint(at + 1, len(events))
        yield [*events[:later], double, *events[later:]], double


def voided_in(events: Iterable[Event]) -> Collection[str]:
    return {event["data"]["target"] for event in events if event["type"] == VOID}


def another_id(event_id: str) -> str:
    return str(uuid5(UUID(event_id), "again"))


def test_what_is_told_twice_changes_no_answer(seed: int) -> None:
    """Facts, corrections and voids. What names a job may name the double of it."""
    for events, double in told_twice(seed):
        given = unmentioned(answers(seed, naming_either(drawing(seed), events, double)), double["event_id"])
        assert given == answers_as_recorded(seed), (seed, double)


def naming_either(random: Random, events: Sequence[Event], double: Event) -> list[Event]:
    """Return the events, some of those that name the job of which this is the double naming the double."""
    return [
        {**event, "data": event["data"] | {"employment": double["event_id"]}}
        if (named := event["data"].get("employment"))
        and another_id(named) == double["event_id"]
        and random.random() < 0.5
        else event
        for event in events
    ]


def test_a_double_and_its_void_are_as_if_neither_had_been(seed: int) -> None:
    for events, double in told_twice(seed):
        given = unmentioned(answers(seed, [*events, void_of(double)]), double["event_id"])
        assert given == answers_as_recorded(seed), (seed, double)


def sent_again(seed: int) -> Iterator[tuple[list[Event], Event, Event]]:
    """Yield a career with an event corrected at its end, its double as it reads then, and what revises it after that.

    The first is corrected once more, or its correction is, or is voided.
    """
    random, events = drawing(seed), career(seed).events
    voided = voided_in(events)
    told = [event for event in events if event["type"] not in REVISION_TYPES and event["event_id"] not in voided]
    for event in random.sample(told, min(MOST_DOUBLES, len(told))):
        first = correction_of(event, patch_for(event, seed + 1), "更正")
        corrected = [*events, first]
        reading = reading_of(numbered(corrected), event["event_id"])
        double = {"occurred_on": reading.occurred_on, "data": reading.raw, "event_id": another_id(event["event_id"])}
        patch = patch_for(event, seed + 2)
        for revision in (
            correction_of(event, patch, "再次更正"),
            correction_of(first, {"data": {"set": patch}}, "更正有误"),
            void_of(first),
        ):
            yield corrected, event | double, revision


def patch_for(event: Event, seed: int) -> dict[str, Any]:
    """Return what makes an event say what one of its type says in another career, or else of another day."""
    alike = [other for other in career(seed).events if other["type"] == event["type"]]
    if not alike:
        return {"occurred_on": next((other["occurred_on"] for other in career(seed).events), "2020-02-29")}
    told = drawing(seed).choice(alike)
    return {"data": without(told, "employment")["data"]} if told["data"] else {"occurred_on": told["occurred_on"]}


def correction_of(event: Event, patch: Mapping[str, Any], reason: str) -> Event:
    return revision_of(event, CORRECTION, reason, set=patch)


def void_of(event: Event) -> Event:
    return revision_of(event, VOID, "重复登记")


def revision_of(event: Event, type_: str, reason: str, **more: Any) -> Event:
    data = {"target": event["event_id"], "reason": reason, **more}
    event_id = str(uuid5(UUID(event["event_id"]), reason))
    return {"event_id": event_id, "type": type_, "occurred_on": event["occurred_on"], "data": data}


def test_a_double_stays_one_however_the_first_is_corrected_since(seed: int) -> None:
    for events, double, revision in sent_again(seed):
        given = unmentioned(answers(seed, [*events, double, revision]), double["event_id"])
        assert given == answers(seed, [*events, revision]), (seed, double, revision)


# Told in another order


def test_facts_of_one_day_may_be_recorded_in_any_order(seed: int) -> None:
    """Save where the position decides on purpose. Which of two equal facts an answer names is for the order to say."""
    given = answers(seed, list(reordered(drawing(seed), unrevised(seed))))
    assert judged(given) == judged(answers_without_revisions(seed)), seed


def judged(given: Answers) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the answers without the events that they name."""
    return [(answer.status, answer.result) for answer in given]


def reordered(random: Random, events: Sequence[Event]) -> Iterator[Event]:
    """Yield the events with those of each day in another order among themselves."""
    by_day: dict[str, list[Event]] = {}
    for event in events:
        if event["type"] not in ORDERED:
            by_day.setdefault(event["occurred_on"], []).append(event)
    for told in by_day.values():
        random.shuffle(told)
    for event in events:
        yield event if event["type"] in ORDERED else by_day[event["occurred_on"]].pop()


# Told in another spelling


def test_texts_in_another_width_are_the_same_texts(seed: int) -> None:
    """Half of the events are written otherwise, so that two reports of one thing may differ in spelling alone."""
    random = drawing(seed)
    events = [respelled(event) if random.random() < 0.5 else event for event in career(seed).events]
    assert answers(seed, events) == answers_as_recorded(seed), seed


def respelled(event: Event) -> Event:
    texts = texts_of(event["type"])
    data = {name: value.translate(OTHER_WIDTHS) if name in texts else value for name, value in event["data"].items()}
    return {**event, "data": data}


@cache
def texts_of(type_: str) -> Collection[str]:
    """Return the members of a type that hold free text."""
    hints = get_type_hints(PRACTITIONER_TYPES[type_], include_extras=True)
    return {name for name, hint in hints.items() if Text in (hint, *get_args(hint))}


# Told with less


def test_the_employment_that_alone_can_be_meant_need_not_be_named(seed: int) -> None:
    """Two ends of one day, of which one names its job, are the same without it: then an answer names the first."""
    events = unrevised(seed)
    jobs = facts_of(events).employments
    unnamed = [without(event, "employment") if meant_without_a_name(event, jobs) else event for event in events]
    if unnamed != events:
        assert judged(answers(seed, unnamed)) == judged(answers_without_revisions(seed)), seed


def meant_without_a_name(event: Event, jobs: Sequence[Employment]) -> bool:
    """Say whether a post, or an end, names the one employment that is held on its day.

    An end whose day is the first of one job is that of another that ran up to it (ADR-0026): either can be meant.
    """
    if event["type"] not in (POST, END_OF_A_JOB):
        return False
    day = date.fromisoformat(event["data"].get("last_day", event["occurred_on"]))
    since = day - ONE_DAY if event["type"] == END_OF_A_JOB else day
    held = [job.event_id for job in jobs if job.first <= day and (job.last is None or since <= job.last)]
    return held == [event["data"].get("employment")]


def without(event: Event, pointer: str) -> Event:
    return {**event, "data": {name: value for name, value in event["data"].items() if name != pointer}}


def test_what_is_told_again_with_less_changes_no_answer(seed: int) -> None:
    """Of every type but trainings (R-10), where nothing else of the type and day is told: so one fact is meant.

    But an end without its employment is no part of the one that names it: it is that of every one that runs.
    """
    random, events = drawing(seed), unrevised(seed)
    days = Counter((event["type"], event["occurred_on"]) for event in events)
    alone = [at for at, event in enumerate(events) if days[event["type"], event["occurred_on"]] == 1]
    jobs = facts_of(events).employments
    for at in random.sample(alone, min(MOST_DOUBLES, len(alone))):
        told = events[at]
        for member in sorted(optional_members(told["type"]) & told["data"].keys()):
            if member == "employment" and means_another(told, jobs):
                continue
            less = {**without(told, member), "event_id": another_id(told["event_id"])}
            later = random.randint(at + 1, len(events))
            given = answers(seed, [*events[:later], less, *events[later:]])
            assert judged(given) == judged(answers_without_revisions(seed)), (seed, told, member)


def means_another(event: Event, jobs: Sequence[Employment]) -> bool:
    """Say whether a post, or an end, would be of another job if it did not name its employment."""
    if event["type"] == POST:
        return falls_to_another(event, jobs)
    return event["type"] == END_OF_A_JOB and ends_another(event, jobs)


def ends_another(end: Event, jobs: Sequence[Employment]) -> bool:
    """Say whether an end would end another job if it did not name its employment (ADR-0026)."""
    day = date.fromisoformat(end["data"]["last_day"])
    held = [job for job in jobs if job.holds_on(day)]
    taken = [job for job in held if job.first < day] or held
    return any(job.event_id != end["data"]["employment"] for job in taken)


def falls_to_another(post: Event, jobs: Sequence[Employment]) -> bool:
    """Say whether an appointment would be another's if it did not name its employment."""
    day = date.fromisoformat(post["occurred_on"])
    held = [job for job in jobs if job.holds_on(day)]
    return bool(held) and min(held, key=lambda job: job.concurrent).event_id != post["data"]["employment"]


@cache
def optional_members(type_: str) -> Set[str]:
    """Return what an event may leave unsaid; a job that is not said to be concurrent is not."""
    if type_ == "training.completed":
        return set()
    return {member.name for member in fields(PRACTITIONER_TYPES[type_]) if not member.required} - {"concurrent"}


POINTERS = {
    "certificate.obtained": "valid_in",
    REGISTRATION: "level",
    "supervisor.designated": "jurisdiction",
    "talent.designated": "jurisdiction",
}


@pytest.mark.parametrize("type_", POINTERS)
def test_what_says_less_answers_the_same_or_is_left_to_a_person(seed: int, type_: str) -> None:
    events = unrevised(seed)
    levels = {event["data"]["level"] for event in events if event["type"] == "certificate.obtained"}
    less = [
        without(event, POINTERS[type_]) if event["type"] == type_ and may_say_less(event, levels) else event
        for event in events
    ]
    given = answers(seed, less) if less != events else answers_without_revisions(seed)
    for whole, part, (_, question) in zip(answers_without_revisions(seed), given, asked(seed), strict=True):
        assert part.status in (whole.status, "needs_review"), (seed, question)


def may_say_less(event: Event, levels: Collection[str]) -> bool:
    """Say whether no clause gives another meaning to the event without its pointer.

    A basic certificate without its place counts in Chengdu (R-35). A registration that names a level of which there is
    no certificate is open, and without that level it covers whatever is held (R-34).
    """
    level = event["data"].get("level")
    return level is None or (level in levels if event["type"] == REGISTRATION else level != "basic")
