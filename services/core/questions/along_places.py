"""What would change an answer for who asks without naming a place, and is known to leave this one. Pure."""

from collections.abc import Iterable
from datetime import date

from msgspec import structs

from contracts.events.values import Day
from services.core.calendar import ONE_DAY
from services.core.questions.missing import Entry
from services.core.questions.whole import WholeAnswer
from services.core.questions.would_change import what_stays
from services.core.rules.verdict import Node
from services.core.words.sentences import entry, verdict_in_words, why

MAX_MOVES = 8
"""How many changes of place are looked over for the first change of status."""
LAST_WORD = date.max.isoformat()


def along_places(here: WholeAnswer, place_until: Day | None, later: Iterable[WholeAnswer]) -> list[Entry]:
    """Return what would change `here` for who asks without naming a place, and leaves this one after `place_until`.

    `later` is the same question on the first day of each place that follows, under the rules of that place.
    """
    if place_until is None or place_until >= date.max:
        return list(here.would_change)
    told = [one for one in here.would_change if one["need"] != "time"]
    ends = [one["until"] for one in told if one["need"] == "in_force" and "until" in one]
    if min(ends, default=LAST_WORD) <= place_until.isoformat():
        return told + _in_time(here)
    stay = here
    for moves, then in enumerate(later):
        passing = [one for one in _in_time(stay) if one["on"] < then.as_of.isoformat()]
        told += passing
        if moves == MAX_MOVES or any(one["status"] != here.node.status for one in passing):
            return told
        # Where neither text has the rule, another text is no change.
        silent = then.node.status == here.node.status == "undefined_in_policy"
        if not silent and (then.policy.digest != here.policy.digest or then.node.status != here.node.status):
            return [*(one for one in told if not _opens_from(one, then.as_of)), _moved(here, then)]
        told += what_stays(here.determination, _after(stay.node, passing), then.node, then.as_of)
        stay = then
    return told + _in_time(stay)


def _opens_from(need: Entry, day: Day) -> bool:
    """Say whether a renewal opens no sooner than the day, when another answer stands."""
    opens: str = need["from"] if need["need"] == "renewal" else ""
    return opens >= day.isoformat()


def _after(node: Node, passing: Iterable[Entry]) -> Node:
    """Return the answer as it stands after what time has changed of it while its status stays."""
    for one in passing:
        node = structs.replace(node, reason=one["reason"], result={**node.result, **one.get("result", {})})
    return node


def _in_time(determination: WholeAnswer) -> list[Entry]:
    return [one for one in determination.would_change if one["need"] == "time"]


def _moved(here: WholeAnswer, then: WholeAnswer) -> Entry:
    """Return what the answer becomes on the first day in another place; other rules are told only where they are."""
    members = {"on": then.as_of.isoformat(), "status": then.node.status, "reason": then.node.reason}
    sentence = "time"
    if then.policy.digest != here.policy.digest:
        sentence = "place"
        members["until"] = (then.as_of - ONE_DAY).isoformat()
    words = {"status": verdict_in_words(then.determination, then.node.status)}
    reason = why(then.node.status, then.node.reason)
    if reason is None:
        return entry(sentence, {"need": sentence, **members}, **words)
    return entry(f"{sentence}_because", {"need": sentence, **members}, **words, reason=reason)
