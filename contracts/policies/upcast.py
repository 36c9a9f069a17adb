"""A document of language 1 rewritten in language 2. Pure.

It never changes, because ledgers have pinned packs that are written in language 1. So it knows no struct of the running
language: JSON values come in and go out. What language 1 left to its engine is written out here: the figures of its day
as terms of each rule, and the alternatives of a reading as choices, in the rules that list the reading. Members that
language 1 did not have are left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.policies.upcast_nodes import Object, Setting, any_of, combined, given, node, nodes, only, word

NATION, BEGINNING = "100000", "1900-01-01"
ALL_LEVELS = ["basic", "junior", "intermediate", "senior"]
PROFESSIONAL_SUBJECTS = ["sw_knowledge", "sw_practice", "sw_ethics", "sw_supervision"]
REGISTRATION_MONTHS = 36
READINGS_OF_TERMS = ["R-05", "R-07", "R-08", "R-09", "R-10", "R-11", "R-12"]
TALENTS = {
    "national_leading": {"zh": "全国社会工作领军人才", "en": "national leading talent"},
    "sichuan_high_end": {"zh": "四川省社会工作高端人才", "en": "Sichuan high-end talent"},
    "yi_leading": {"zh": "彝乡领军人才", "en": "Yi leading talent"},
    "high_level": {"zh": "高层次人才", "en": "high-level talent"},
    "government_special_allowance": {"zh": "政府特殊津贴", "en": "government special allowance"},
}
"""The titles that every pack of language 1 could name."""
ALLOWANCE_CONDITIONS = ["role", "certificate", "registration", "service_record", "professional_role"]
"""In the order in which answers list them."""
EXAMPLE_MEMBERS = ["name", "as_of", "given", "expect", "jurisdiction", "period", "level"]
INDICATOR_MEMBERS = [
    *["clause", "key_terms", "readings", "determination", "counted", "open", "unless_missing", "share", "by"],
    *["without", "target", "deadline", "each_year"],
]
ASKED_BY: Mapping[str, set[str]] = {
    "calendar": {"registration", "registered", "registration_term", "rolling_years", "calendar_year", "served"},
    "certificate": {"certificate", "highest_certificate", "title", "ladder", "exam_reward", "required_by_level"},
    "registration": {"registration", "registered", "registration_term"},
    "renewal": {"registration", "registered"},
    "exam": {"exam"},
    "training": {"hours"},
}
"""The members that ask for a term, wherever in a rule they are given."""


def upcast(document: Object) -> Object:
    """Return the document in language 2. Raises KeyError or ValueError if something is missing in it."""
    national, editions = document["jurisdiction"] == NATION, document["editions"]
    days = _national_days(editions) if national else [_days(edition["in_force"]) for edition in editions]
    return given(
        language=2,
        jurisdiction=document["jurisdiction"],
        **_texts(document, "name"),
        vocabulary={"talents": TALENTS} if national else None,
        editions=[_edition(edition, in_force, national) for edition, in_force in zip(editions, days, strict=True)],
        examples=[only(example, EXAMPLE_MEMBERS) for example in document.get("examples") or ()] or None,
    )


def _national_days(editions: Sequence[Object]) -> list[Object]:
    """National rules never lapse, and the oldest of them have no beginning."""
    days = [edition["in_force"]["first_day"] for edition in editions]
    oldest = days.index(min(days))
    return [{"first_day": BEGINNING if index == oldest else day} for index, day in enumerate(days)]


def _days(in_force: Object) -> Object:
    """Return the first and the last day, each with the days that the alternatives of a reading give."""
    days, alternatives = only(in_force, ["first_day", "last_day"]), in_force.get("alternatives") or ()
    for reading in dict.fromkeys(other["reading"] for other in alternatives):
        for name in ("first_day", "last_day"):
            others = {other["choice"]: other.get(name) for other in alternatives if other["reading"] == reading}
            if other_days := given(**others):
                days[name] = {reading: days.get(name), **other_days}
    return days


def _naming(readings: Sequence[str], days: Object) -> Object:
    """Return the days with each reading of the edition that moves none of them: also where it is silent, it took it."""
    first = days["first_day"]
    for reading in readings:
        if reading not in _members(days):
            first = {reading: first}
    return {**days, "first_day": first}


def _edition(edition: Object, in_force: Object, national: bool) -> Object:
    rules = {}
    for name, rule in sorted(edition["determinations"].items()):
        readings = [*(edition.get("readings") or ()), *(rule.get("readings") or ())]
        rules[name] = _rule(name, rule, Setting(list(dict.fromkeys(readings)), national))
    indicators = sorted((edition.get("indicators") or {}).items())
    # Places whose pack is in language 2 take their terms from the nation.
    registration = edition["determinations"].get("registration") or {}
    terms = _all_terms(registration, Setting(READINGS_OF_TERMS, national)) if national else None
    return given(
        **only(edition, ["edition", "clause", "document", "last_verified_on"]),
        in_force=_naming(edition.get("readings") or (), in_force),
        terms=terms,
        rules=rules,
        indicators={name: _indicator(indicator) for name, indicator in indicators} or None,
    )


def _indicator(indicator: Object) -> Object:
    return {**only(indicator, INDICATOR_MEMBERS), **_texts(indicator, "name", "text", "interpretation")}


def _rule(name: str, rule: Object, setting: Setting) -> Object:
    told = {name: _texts(part, "text", "interpretation") for name, part in _parts(rule)}
    return given(
        **only(rule, ["clause", "further_clauses", "document", "source_status"]),
        readings=setting.readings or None,
        terms=_terms(rule, setting) or None,
        **_kind(name, rule, setting),
        told={"rule": {**_texts(rule, "text", "interpretation"), **only(rule, ["key_terms"])}, **told},
    )


def _parts(rule: Object) -> Iterator[tuple[str, Object]]:
    """Yield the parts of a rule that have sentences of their own, by their names."""
    match rule:
        case {"allowance": {"conditions": parts}} | {"entitlement": {"any_of": parts}}:
            yield from parts.items()
        case {"talent": dict(talent)}:
            yield from only(talent, ["certificate", "degree", "hours"]).items()
            yield from talent["engaged"].items()
    match rule:
        case {"hours": {"applies_to": dict(part)}} | {"talent": {"hours": {"hours": {"applies_to": dict(part)}}}}:
            yield "concerns", part


def _texts(part: Object, *names: str) -> Object:
    return {name: only(text, ["zh", "en"]) for name, text in only(part, names).items()}


def _terms(rule: Object, setting: Setting) -> Object:
    """Return the terms that a rule asks for.

    R-05 had no part in professional years. Where R-07 was not listed, hours in another unit left nothing open.
    """
    if rule.get("professional_years") is not None:
        return {"calendar": {"no_such_day": "month_end"}}
    members = set(_members(rule))
    return {name: term for name, term in _all_terms(rule, setting).items() if ASKED_BY[name] & members}


def _all_terms(rule: Object, setting: Setting) -> Object:
    """Return every term, with the months of a registration that the rule gives."""
    months = (rule.get("registration") or {}).get("months", REGISTRATION_MONTHS)
    minutes = {"R-07": [60, 45], "one_to_one": [60], "forty_five_minutes": [45]}
    return {
        "calendar": {"no_such_day": setting.choice("R-05", "month_end", round_up="next_day")},
        "certificate": {"counts_from": setting.choice("R-11", "approval", issue_date="issue")},
        "registration": {
            "months": months,
            "last_day": setting.choice("R-12", "corresponding", day_before="day_before"),
        },
        "renewal": {"last_months": 3},
        "exam": {"pass_mark": "60"},
        "training": {
            "professional": setting.choice("R-09", PROFESSIONAL_SUBJECTS, all_hours="every_subject"),
            "at_the_edge": setting.choice("R-08", "by_session", pro_rata_by_day="by_day"),
            "told_twice": setting.choice("R-10", "once", sum="each"),
            "minutes_of_class_hour": minutes if "R-07" in setting.readings else [],
            "degrees": ["social_work"],
        },
    }


def _members(part: Object) -> Iterator[str]:
    """Yield the name of every member that is given and not false, at any depth."""
    for name, value in part.items():
        if value is not None and value is not False:
            yield name
        if isinstance(value, dict):
            yield from _members(value)


def _kind(name: str, rule: Object, setting: Setting) -> Object:
    match rule:
        case {"highest_certificate": dict(form)}:
            levels = form.get("levels", ALL_LEVELS)
            some = None if set(levels) == set(ALL_LEVELS) else levels
            scope = "national" if form.get("national_only") else None
            return word("holding", of="certificates", levels=some, scope=scope)
        case {"registration": dict()}:
            return word("registration")
        case {"qualification": dict()}:
            return word("holding", of="recognitions")
        case {"exam": {"levels": levels}}:
            needed = {level: {"subjects": of["subjects"], "within_years": of["years"]} for level, of in levels.items()}
            return word("exam_complete", levels=needed)
        case {"senior_route": dict()}:
            return word("senior_route")
        case {"ladder": dict(form)}:
            return _ladder(form, setting)
        case {"hours": dict(form)}:
            return word("training", **_hours(form, setting))
        case {"allowance": {"conditions": conditions}}:
            requires = combined("all_of", nodes(conditions, ALLOWANCE_CONDITIONS, setting))
            begins = setting.choice("R-13", "first_day", first_of_next_month="next_month")
            return word("payment", requires=requires, tier="certificate", begins=begins)
        case {"entitlement": {"any_of": grounds}}:
            return word("entitlement", requires=any_of(grounds, setting))
        case {"supervisor_rank": dict()}:
            return word("holding", of="supervisions")
        case {"professional_years": dict()}:
            return word("professional_years")
        case {"talent": dict(form)}:
            return _talent(form, setting)
        case {"title": {"titles": titles, "deemed": deemed}}:
            return word("holding", of="certificates", scope="national", titles=titles, deemed=deemed or None)
        case {"undefined": dict()}:
            return word("undefined", tells="post" if name == "grade" else None)
    raise ValueError(f"{name}: a rule has exactly one form")


def _ladder(form: Object, setting: Setting) -> Object:
    binding = form.get("binding_employer_types")
    elsewhere = setting.choice("R-18", "for_reference", ignore="not_judged")
    return word(
        "ladder",
        bands={band["band"]: band["post_levels"] for band in form["bands"]},
        binding_employer_types=binding,
        elsewhere=None if binding is None else elsewhere,
        without_certificate=setting.choice("R-19", "kept", reject_the_event="refused"),
        after_a_move=setting.choice("R-20", "ends", map_by_number="carried_by_number"),
    )


def _talent(form: Object, setting: Setting) -> Object:
    routes = nodes(form, ["certificate", "degree"], setting)
    if route := form.get("hours"):
        routes["hours"] = {**word("trained", **_hours(route["hours"], setting)), "clause": route["clause"]}
    if form.get("open_test"):
        routes["knowledge_and_skill"] = word("a_person_decides", because="no_test")
    return word(
        "talent",
        quality=combined("any_of", routes),
        engaged=any_of(form["engaged"], setting),
        asked=["quality", "engaged"] if form["engagement_required"] else ["quality"],
    )


def _hours(form: Object, setting: Setting) -> Object:
    concerns = form.get("applies_to") or {}
    midway = setting.choice("R-22", "full", pro_rata_by_month="by_month")
    return {
        "window": _window(form["window"], setting),
        "unit": form["unit"],
        "at_least": form.get("required_by_level") or form["required"],
        "concerns": node(concerns, setting) if concerns else None,
        "degree_counts": form.get("first_degree_hours"),
        "joined_midway": midway if concerns.get("employed") is not None else None,
    }


def _window(window: Object, setting: Setting) -> Any:
    match window:
        case {"rolling_years": int(years)}:
            others = {"closed_both_ends": "closed", "whole_calendar_years": "whole_calendar_years"}
            return word("rolling_years", years=years, edge=setting.choice("R-04", "open", **others))
        case {"calendar_year": True}:
            anniversaries = {f"{of}_year": {"anniversary_of": of} for of in ("registration", "employment")}
            return setting.choice("R-06", word("calendar_year"), **anniversaries)
        case {"registration_term": True}:
            return word("registration_term")
        case {"from_day": first, "until_day": str(last)}:
            last_day = setting.choice("R-25", last, start_of_year=f"{last[:4]}-01-01")
            return word("period", first_day=first, last_day=last_day)
    raise ValueError("a window has exactly one kind")
