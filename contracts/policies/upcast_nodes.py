"""Conditions of language 1 as nodes of language 2. Pure, and as unchanging as `upcast`."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

Object: TypeAlias = dict[str, Any]


class Setting(NamedTuple):
    """Where a rule stands: the readings that it or its edition lists, and whether it is a national one."""

    readings: list[str]
    national: bool

    def choice(self, reading: str, value: Any, **alternatives: Any) -> Any:
        """Return the value with its alternatives, or alone if the reading is not listed."""
        return {reading: value, **alternatives} if reading in self.readings else value


def any_of(conditions: Object, setting: Setting) -> Object:
    """Return the node for which one of the conditions is enough. They are in the order of their names."""
    return combined("any_of", nodes(conditions, sorted(conditions), setting))


def nodes(conditions: Object, names: Iterable[str], setting: Setting) -> dict[str, Object]:
    """Return the nodes of those of the named conditions that are given, in the order of the names."""
    return {name: node(condition, setting) for name, condition in only(conditions, names).items()}


def node(condition: Object, setting: Setting) -> Object:
    """Return a condition as a node, with its clause if it has one of its own. Raises ValueError."""
    return _cited(_operator(condition, setting), only(condition, ["clause"]))


def _cited(node: Object, clause: Object) -> Object:
    """Return the node with the clause beside its word; where it is a choice of nodes, beside the word of each."""
    if "R-16" in node:
        return {name: _cited(other, clause) for name, other in node.items()}
    return {**node, **clause}


def _operator(condition: Object, setting: Setting) -> Object:
    match condition:
        case {"employed": dict(asked)}:
            return _employed(asked, setting)
        case {"certificate": {"levels": levels, "national_only": national, **others}}:
            by_exam = word("holds_certificate", levels=levels, scope="national" if national else None)
            recognized = _for_review(word("recognized", levels=levels))
            both = combined("any_of", {"by_exam": by_exam, "recognized": recognized})
            return both if others.get("recognized_for_review") else by_exam
        case {"degree": {"fields": fields, "open_list": is_open}}:
            named, related = word("holds_degree", fields=fields), _for_review(word("holds_degree"))
            return combined("any_of", {"named": named, "related": related}) if is_open else named
        case {"exam_reward": {"levels": levels}}:
            certificate = word("holds_certificate", levels=levels, scope="national")
            return combined("all_of", {"certificate": certificate, "measure": word("measured", names="certificate")})
        case {"registered": dict()}:
            return word("registered")
        case {"served": {"within_months": months, "at_least": number}}:
            ever = {"at_least": number if number > 1 else None, "verified": True}
            recently = word("served", within_months=months, **ever)
            as_read: Object = setting.choice("R-16", recently, any_record_ever=word("served", **ever))
            return as_read
        case {"attested": dict()}:
            return _attested(setting)
        case {"talent": dict(asked)}:
            designated = word("designated", talents=asked["talents"], conferred=_conferred(asked, setting))
            return designated if asked.get("listed", True) else _for_review(designated)
        case {"supervisor": {"ranks": ranks}}:
            return word("designated", ranks=ranks)
        case {"decided_elsewhere": dict()}:
            return word("a_person_decides", because="conditions_elsewhere")
    raise ValueError("a condition has exactly one operator")


def _employed(asked: Object, setting: Setting) -> Object:
    roles, synonyms = asked.get("roles"), asked.get("synonyms")
    if roles is not None and synonyms:
        roles = setting.choice("R-17", roles, synonyms=[*roles, *synonyms])
    return word(
        "employed",
        roles=roles,
        **only(asked, ["employer_types", "direct_service"]),
        anywhere=asked.get("anywhere") or None,
        widened=asked.get("widened_by_standards") or None,
    )


def _attested(setting: Setting) -> Object:
    person = word("a_person_decides", because="conditions_elsewhere")
    implied = combined("any_of", {"service": word("served", verified=True), "otherwise": person})
    return word("attested", without_one=setting.choice("R-15", person, implied_by_service=implied))


def _conferred(talent: Object, setting: Setting) -> Any:
    """Return when a title must have been conferred. National rules were always in force, so for them it is any day."""
    if not talent.get("while_in_force") or setting.national:
        return None
    return setting.choice("R-23", "in_force", any_not_yet_rewarded="whenever")


def _for_review(node: Object) -> Object:
    return {"for_review": node}


# Building objects. A member that is null is not given.


def word(name: str, **parameters: Any) -> Object:
    """Return a word with those of its parameters that are given."""
    return {name: given(**parameters)}


def combined(combinator: str, children: dict[str, Object]) -> Object:
    """Return a combinator with its children, in their order."""
    return {combinator: [{name: child} for name, child in children.items()]}


def given(**members: Any) -> Object:
    """Return an object of the members that are given."""
    return {name: value for name, value in members.items() if value is not None}


def only(whole: Object, names: Iterable[str]) -> Object:
    """Return the named members that an object has."""
    return given(**{name: whole.get(name) for name in names})
