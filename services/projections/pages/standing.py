"""A standing as a page of plain sentences that an official can read out and print. Pure.

It is made from the JSON answers and says nothing else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from contracts.events.values import NATION, TrainingUnit
from contracts.policies.language import Rule, Text
from services.core.calendar import ONE_DAY
from services.core.questions.would_change import hours_asked
from services.core.rules.book import Provision
from services.core.rules.combine import names_of
from services.core.rules.kinds.entitlement import Entitlement
from services.core.rules.kinds.payment import Payment
from services.core.rules.kinds.registry import kind_of_rule
from services.core.rules.kinds.talent import Talent
from services.core.rules.verdict import UNJUDGED, Reason, Status
from services.core.words.catalogue import DETERMINATION_NAMES, FIELDS, FINDINGS, SOURCE_STATUSES, STATUSES, VALUES
from services.core.words.events import on_one_line
from services.core.words.labels import label
from services.core.words.sentences import Lang, as_written, in_lang, in_words, length, measured, verdict_in_words, why
from services.core.words.vocabularies import YES_NO
from services.projections.pages.page import MARKS, About, FactLine, Group, Page, Section, Step, Timeline, kind_of

MONTHS_OF_SERVICE = "professional_years"
TOLD_WHERE_TRUE = frozenset({"deemed", "reference_only"})


def page_of(
    about: About,
    answers: Sequence[Mapping[str, Any]],
    facts: Mapping[str, FactLine],
    *,
    lang: Lang,
    other_language: str,
    timeline: Timeline | None = None,
) -> Page:
    """Return the page for some answers. `facts` are the records in words, by event id."""
    answers = in_reading_order(answers)
    sections = [_section(answer, about, facts, lang) for answer in answers]
    covered = [answer["status"] not in UNJUDGED or bool(answer["clauses"]) for answer in answers]
    findings = answers[0]["findings"] if answers else ()
    cited = {source["event_id"] for answer in answers for source in answer["evidence"]}
    cited |= {event_id for answer in answers for event_id in _inputs(answer["explanation"])}
    cited |= {finding["event_id"] for finding in findings}
    return Page(
        lang=lang,
        about=_about(about, answers, lang),
        linked=about.linked,
        notices=(*_notices(about, lang), *_notes(answers, lang)),
        sections=tuple(section for section, has_clause in zip(sections, covered, strict=True) if has_clause),
        without_clause=tuple(section for section, has_clause in zip(sections, covered, strict=True) if not has_clause),
        facts=_in_order(facts[event_id] for event_id in cited if event_id in facts),
        also_recorded=_in_order(
            fact for event_id, fact in facts.items() if event_id not in cited and fact.day <= about.as_of.isoformat()
        ),
        findings=tuple(_finding(finding, facts, lang) for finding in findings),
        other_language=other_language,
        timeline=timeline,
    )


def in_reading_order(answers: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the answers in the order in which they are told. That nothing was recognized comes last: hardly anybody
    has a qualification from elsewhere."""
    return sorted(answers, key=lambda answer: answer["determination"] == "recognition" and answer["status"] == "none")


def _about(about: About, answers: Sequence[Mapping[str, Any]], lang: Lang) -> tuple[tuple[str, str], ...]:
    known = label("known_at", lang, position=about.known_at_position, recorded_at=about.recorded_at)
    return (
        (label("person", lang), about.practitioner_id),
        (label("ledger", lang), about.ledger),
        (label("place", lang), _with_code(about.place, about.jurisdiction, lang)),
        (label("as_of", lang), about.as_of.isoformat()),
        (label("known", lang), known),
        (label("next_change", lang), _next_change(about, answers, lang)),
    )


def _next_change(about: About, answers: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """Return the first of the days that the answers name, and what changes on it.

    Months of service grow by themselves and are left to their own answer; questions that no clause covers are left out.
    """
    turns = {
        answer["determination"]: answer["next_change_on"]
        for answer in answers
        if answer["next_change_on"] and answer["clauses"] and answer["determination"] != MONTHS_OF_SERVICE
    }
    if not turns:
        return label("no_change", lang)
    day: str = min(turns.values())
    names = [in_lang(in_words(DETERMINATION_NAMES, name), lang) for name, turn in turns.items() if turn == day]
    if about.moves_on is not None and day == about.moves_on.isoformat():
        names = [label("rules_of_place", lang)]
    return f"{day}{label('colon', lang)}{label('comma', lang).join(names)}"


def _notices(about: About, lang: Lang) -> Iterable[str]:
    if about.projected:
        yield label("projected", lang)
    if about.moves_on is not None:
        yield label("moves", lang, on=about.moves_on, place=about.moves_to, until=about.moves_on - ONE_DAY)


def _notes(answers: Iterable[Mapping[str, Any]], lang: Lang) -> Iterable[str]:
    """Return what packs say besides every answer, once, each with its clause."""
    noted = (note for answer in answers for note in answer["explanation"]["notes"])
    return dict.fromkeys(f"{note['clause']}{label('colon', lang)}{note['text'][lang]}" for note in noted)


def _with_code(place: Text, code: str, lang: Lang) -> str:
    return _in_brackets(in_lang(place, lang), code, lang)


def _in_brackets(text: str, more: str, lang: Lang) -> str:
    return label("in_brackets", lang, text=text, more=more)


def _section(answer: Mapping[str, Any], about: About, facts: Mapping[str, FactLine], lang: Lang) -> Section:
    tree, status = answer["explanation"], answer["status"]
    kind = kind_of(status)
    provision = about.applied[answer["determination"]]
    hours = hours_asked(kind_of_rule(provision.rule)) if provision.rule else None
    until = answer["holds_until"]
    return Section(
        anchor=answer["determination"].replace(".", "-"),
        title=in_lang(in_words(DETERMINATION_NAMES, answer["determination"]), lang),
        kind=kind,
        mark=MARKS[kind],
        verdict=in_lang(verdict_in_words(answer["determination"], status), lang),
        reason=_reason(status, answer["reason"], lang),
        rule=tree["text"][lang],
        read_as=_read_as(tree, lang),
        clauses=label("comma", lang).join(answer["clauses"]),
        source=_source(answer, provision, lang),
        result=tuple(_result(answer, facts, hours.unit if hours else None, lang)),
        groups=tuple(_groups(answer, provision.rule, facts, lang)),
        trainings=tuple(step for is_training, step in _steps(tree["children"], facts, lang) if is_training),
        facts=_in_order(facts[source["event_id"]] for source in answer["evidence"] if source["event_id"] in facts),
        changes=tuple(_changes(answer, lang)),
        until=label("for_ever", lang) if until is None else label("last_day", lang, until=until),
        readings=tuple((reading["reading"], reading["text"][lang]) for reading in tree["readings"]),
        alternatives=tuple(
            label(
                "alternative",
                lang,
                reading=other["reading"],
                choice=other["text"][lang],
                status=in_lang(verdict_in_words(answer["determination"], other["status"]), lang),
            )
            for other in answer["alternatives"]
        ),
    )


def _changes(answer: Mapping[str, Any], lang: Lang) -> Iterable[str]:
    """Yield what would change an answer; if no clause covers the question, only the text of another place."""
    for need in answer["would_change"]:
        if answer["clauses"] or need["need"] == "place":
            yield need["text"][lang]


def _source(answer: Mapping[str, Any], provision: Provision, lang: Lang) -> str:
    """Return the document of the rule, its edition and the days on which it is in force."""
    policy = answer["policy"]
    days = label(
        "in_force_from" if provision.last_day is None else "in_force",
        lang,
        first=provision.first_day,
        last=provision.last_day,
    )
    return label(
        "edition",
        lang,
        document=policy["document"],
        edition=policy["edition"],
        in_force="" if provision.source.pack.jurisdiction == NATION else days,
        verified=policy["last_verified_on"],
        status=in_lang(as_written(SOURCE_STATUSES, policy["source_status"]), lang),
    )


def _groups(answer: Mapping[str, Any], rule: Rule | None, facts: Mapping[str, FactLine], lang: Lang) -> Iterable[Group]:
    """Yield the conditions, those together of which all are needed or any one is enough.

    If the text is not in force, no condition is shown as failing.
    """
    if answer["status"] == "not_in_force":
        return
    for heading, names in _headings(rule, lang):
        nodes = [node for node in answer["explanation"]["children"] if names is None or node["rule"] in names]
        steps = tuple(step for is_training, step in _steps(nodes, facts, lang) if not is_training)
        if steps:
            yield Group(heading, steps)


def _headings(rule: Rule | None, lang: Lang) -> Iterable[tuple[str, Collection[str] | None]]:
    """Yield the heading of each group of a rule's conditions, with their names, or None for all there are."""
    match kind_of_rule(rule) if rule else None:
        case Talent() as talent:
            routes, ways = names_of(talent.quality), names_of(talent.engaged)
            yield label("routes", lang) + _bears("quality" in talent.asked, routes, lang), routes
            yield label("engagement", lang) + _bears("engaged" in talent.asked, ways, lang), ways
        case Entitlement(by_grounds=True, requires=requires):
            grounds = names_of(requires)
            yield label("grounds" if len(grounds) > 1 else "conditions", lang) + _enough(grounds, lang), None
        case Payment() | Entitlement():
            yield label("conditions", lang) + label("all_needed", lang), None
        case _:
            yield label("conditions", lang), None


def _bears(asked: bool, ways: Collection[str], lang: Lang) -> str:
    return _enough(ways, lang) if asked else label("not_asked", lang)


def _enough(ways: Collection[str], lang: Lang) -> str:
    return label("any_one", lang) if len(ways) > 1 else ""


def _steps(
    nodes: Iterable[Mapping[str, Any]], facts: Mapping[str, FactLine], lang: Lang
) -> Iterable[tuple[bool, Step]]:
    """Yield conditions and trainings, saying which is a training, each before those beneath it."""
    for node in nodes:
        is_training = "item" in node
        kind = kind_of(node["status"])
        if is_training and node["reason"]:
            verdict = label("not_counted", lang)
        elif is_training:
            verdict = label("counted", lang)
        else:
            verdict = in_lang(in_words(STATUSES, node["status"]), lang)
        reason = "" if is_training else _reason(node["status"], node["reason"], lang)
        yield (
            is_training,
            Step(
                kind=kind,
                mark=MARKS[kind],
                verdict=_in_brackets(verdict, reason, lang) if reason else verdict,
                text=node["text"][lang],
                read_as=_read_as(node, lang),
                clause=node["clause"] or "",
                positions=tuple(facts[event_id].position for event_id in node["inputs"] if event_id in facts),
            ),
        )
        yield from _steps(node["children"], facts, lang)


def _reason(status: Status, reason: Reason | None, lang: Lang) -> str:
    """Return why a status is what it is; empty if that says no more than the status."""
    words = why(status, reason)
    return in_lang(words, lang) if words else ""


def _read_as(node: Mapping[str, Any], lang: Lang) -> str:
    """Return how the register reads what the clause leaves open; empty if it leaves nothing open."""
    return str(node["interpretation"][lang]) if node["interpretation"] else ""


def _inputs(tree: Mapping[str, Any]) -> Iterable[str]:
    yield from tree["inputs"]
    for child in tree["children"]:
        yield from _inputs(child)


def _result(
    answer: Mapping[str, Any], facts: Mapping[str, FactLine], hours_unit: TrainingUnit | None, lang: Lang
) -> Iterable[tuple[str, str]]:
    """Yield the fields of a result that have content. An amount that no text states is shown as such.

    Beside the day since which a designation counts by the text stands the day on which it was made.
    """
    result = answer["result"]
    for name, value in result.items():
        if name not in FIELDS or (name in TOLD_WHERE_TRUE and not value):
            continue
        # No hours are missing if a certificate or a degree is enough.
        if name == "shortfall_hours" and result.get("route") not in (None, "hours"):
            continue
        if value is not None:
            shown = _shown(name, value, answer, hours_unit, lang)
            made = _designated_on(answer, facts) if name == "since" else None
            yield (
                _field(name, answer["status"], lang),
                shown if made in (None, value) else _in_brackets(shown, label("designated_on", lang, day=made), lang),
            )
        elif name == "amount" and answer["status"] == "eligible":
            yield _field(name, answer["status"], lang), label("amount_unknown", lang)


def _designated_on(answer: Mapping[str, Any], facts: Mapping[str, FactLine]) -> str | None:
    """Return the day on which the designation was made that an answer rests on."""
    made = (source["event_id"] for source in answer["evidence"] if source["type"] == "supervisor.designated")
    return next((facts[event_id].day for event_id in made if event_id in facts), None)


def _field(name: str, status: Status, lang: Lang) -> str:
    """Return the name of a field of a result. A registration that ended early lasted to another day than granted."""
    over = name == "valid_until" and status == "lapsed"
    return in_lang(in_words(FIELDS, "held_until" if over else name), lang)


def _shown(name: str, value: Any, answer: Mapping[str, Any], hours_unit: TrainingUnit | None, lang: Lang) -> str:
    if name == "window":
        return f"{value['from']} – {value['until']}"
    if name == "years" and "months" in answer["result"]:
        return in_lang(length(value, answer["result"]["months"]), lang)
    if name == "amount":
        return in_lang(measured(value, answer["result"]["unit"]), lang)
    if name.endswith("_hours") and hours_unit is not None:
        return in_lang(measured(value, hours_unit), lang)
    if name == "basis":
        grounds = {node["rule"]: str(node["text"][lang]) for node in answer["explanation"]["children"]}
        return grounds[value]
    if isinstance(value, bool):
        return in_lang(in_words(YES_NO, str(value)), lang)
    return in_lang(as_written(VALUES.get(name, {}), on_one_line(str(value))), lang)


def _finding(finding: Mapping[str, Any], facts: Mapping[str, FactLine], lang: Lang) -> str:
    """Return a finding as a sentence that begins with the record that it is about."""
    problem = in_lang(in_words(FINDINGS, finding["problem"]), lang)
    fact = facts.get(finding["event_id"])
    return f"#{fact.position} {fact.day} {fact.text}{label('colon', lang)}{problem}" if fact else problem


def _in_order(facts: Iterable[FactLine]) -> tuple[FactLine, ...]:
    return tuple(sorted(set(facts), key=lambda fact: (fact.day, fact.position)))
