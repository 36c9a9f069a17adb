"""A pack that makes no sense is refused when it is loaded."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from contracts.events.values import NATION
from contracts.keys import Path as Keys
from contracts.keys import shown
from contracts.policies.decoding import DERIVED
from contracts.policies.language import Edition, Indicator, Note, OfOrganizations, Pack, Rule, Text, Told, Vocabulary
from contracts.policies.pinned import read_pack
from contracts.policies.shape import bare, inner, members_of
from contracts.policies.shipped import shipped
from contracts.sentences import in_words
from contracts.wording import UNFORESEEN
from services.core.authoring.checks import wrong_in
from services.core.authoring.load import InvalidPackError, load_pack
from tests.documents import LAW, document_of, text_with

DOCUMENT = document_of("410100")
EXAM = {"clause": "ZZ-01", "pass_mark": "60"}
TRAINING = LAW["training"]
ANNUAL = "continuing_education.annual"
PERIOD = {"first_day": "2023-01-01", "last_day": "2024-12-31"}
Change = Callable[[dict[str, Any]], None]


def changed(change: Change) -> bytes:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return msgspec.json.encode(document)


def rule(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = text_with(document, name)["rules"][name]
    return found


def window(document: dict[str, Any]) -> dict[str, Any]:
    """Return the choice of windows in which hours are counted."""
    found: dict[str, Any] = rule(document, ANNUAL)["training"]["window"]
    return found


def three(value: Any) -> dict[str, Any]:
    """Return the choice that the window has, with one value whatever is taken."""
    return dict.fromkeys(("R-06", "registration_year", "employment_year"), value)


def parts(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the allowance requires."""
    found: list[dict[str, Any]] = rule(document, "allowance")["payment"]["requires"]["all_of"]
    return found


def begin(document: dict[str, Any], in_force: dict[str, Any], **members: Any) -> None:
    """Give the latest edition a term of its own, and append another edition that begins on other days."""
    latest = document["editions"][0]
    described = {name: latest[name] for name in ("clause", "document", "last_verified_on")}
    latest["terms"] = {"exam": EXAM}
    document["editions"].append({**described, "edition": "another", "in_force": in_force, **members})


def measure(document: dict[str, Any], names: str, after: dict[str, Any] | None = None) -> None:
    """Require of the allowance that a local standard measures the part `names`, and before it, if given, a part."""
    told = rule(document, "allowance")["told"]
    for name, part in {"other": after or {"registered": {}}, "measure": {"measured": {"names": names}}}.items():
        parts(document).append({name: part})
        told[name] = told["role"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda d: d.update(colour="red"), "colour: 'colour' is not a member here", id="an unknown key"),
        pytest.param(lambda d: d.update(editions=[]), "editions: is not a list, or is empty", id="no edition"),
        pytest.param(
            lambda d: d["editions"][0].update(colour="red"), r"editions\[0\]\.colour", id="an unknown key inside"
        ),
        pytest.param(lambda d: rule(d, "grade").pop("clause"), r"rules\.grade: clause is missing", id="no clause"),
        pytest.param(lambda d: rule(d, "grade").pop("told"), r"rules\.grade: told is missing", id="nothing told"),
        pytest.param(
            lambda d: d["editions"][0].pop("in_force"),
            r"editions\[0\]: in_force is missing",
            id="an edition without days",
        ),
        pytest.param(lambda d: rule(d, "grade").pop("ladder"), "exactly one kind, not 0", id="a rule without a kind"),
        pytest.param(lambda d: d.update(language="2"), "language: '2' is not the number 2", id="a language in quotes"),
        pytest.param(
            lambda d: rule(d, "grade").update({"not": "x"}),
            r"rules\.grade\.not: 'not' is neither a member of a rule nor a kind",
            id="a rule with a key of neither",
        ),
        pytest.param(
            lambda d: rule(d, "grade").update(holding={}), "exactly one kind, not 2", id="a rule with two kinds"
        ),
        pytest.param(
            lambda d: rule(d, "grade").update(readings=["R-99"]), "readings register", id="an unknown reading"
        ),
        pytest.param(
            lambda d: rule(d, "grade")["ladder"]["bands"]["junior"].append(9), "two bands", id="a level twice"
        ),
        pytest.param(
            lambda d: d["editions"].append(copy.deepcopy(d["editions"][0])),
            "begin on one day and both have",
            id="editions that begin on one day",
        ),
        pytest.param(
            lambda d: parts(d)[0]["role"].update(registered={}),
            r"all_of\[0\]\.role: a part has exactly one word, not employed, registered",
            id="a part with two words",
        ),
        pytest.param(
            lambda d: parts(d)[0].update(other={"registered": {}}),
            r"all_of\[0\]: a named part is an object with one key",
            id="a part with two names",
        ),
        pytest.param(lambda d: parts(d)[0].update(role=3), r"all_of\[0\]\.role: a part is an object", id="no part"),
        pytest.param(
            lambda d: d["editions"][0]["rules"].update({"fame": rule(d, "grade")}),
            "fame is not a determination",
            id="no such question",
        ),
        pytest.param(
            lambda d: d["editions"][0].update(terms={"salary": {"clause": "ZZ-01"}}),
            r"terms\.salary: the language has no term 'salary'",
            id="no such term",
        ),
        pytest.param(
            lambda d: d["editions"][0].update(terms={"exam": {"clause": "ZZ-01"}}),
            r"terms\.exam: pass_mark is missing",
            id="half a term",
        ),
        pytest.param(
            lambda d: d["editions"][0].update(terms={"exam": {"pass_mark": "60"}}),
            r"terms\.exam: has no clause that defines it",
            id="a term that no clause defines",
        ),
        pytest.param(
            lambda d: d["editions"][0].update(
                terms={"exam": {"R-13": EXAM, "first_of_next_month": {"pass_mark": "70"}}}
            ),
            r"terms\.exam\.first_of_next_month: has no clause that defines it",
            id="a term that no clause defines under an alternative",
        ),
        pytest.param(
            lambda d: d["editions"][0].update(
                terms={"exam": {"pass_mark": "60", "clause": {"R-13": "ZZ-01", "first_of_next_month": "x"}}}
            ),
            r"terms\.exam\.clause: is a choice of readings, which a clause never is",
            id="a choice for the clause of a term",
        ),
        pytest.param(
            lambda d: parts(d)[0]["role"].update(clause={"R-17": "ZZ-09", "synonyms": "rubbish"}),
            r"role\.clause: is a choice of readings, which a clause never is",
            id="a choice for the clause of a part",
        ),
        pytest.param(
            lambda d: d["editions"][0].update(
                in_force={"first_day": {"R-06": "2022-02-09", "employment_year": "2023-01-01"}}
            ),
            r"annual\.training\.window: R-06 has other alternatives than before in the same rule",
            id="other alternatives in a rule than in the days of its text",
        ),
        pytest.param(
            lambda d: rule(d, ANNUAL)["training"].update(unit=three("class_hour")),
            r"training\.unit\.registration_year: registration_year changes nothing of what R-06 says",
            id="a choice that is idle where it stands",
        ),
        pytest.param(
            lambda d: window(d).update({"R-06": three(window(d)["R-06"])}),
            r"window\.R-06\.registration_year: registration_year changes nothing of what R-06 says",
            id="a choice inside what the reading itself says",
        ),
        pytest.param(
            lambda d: window(d).update(
                registration_year={
                    "R-13": {"anniversary_of": "registration"},
                    "first_of_next_month": {"period": PERIOD},
                }
            ),
            r"registration_year\.first_of_next_month: first_of_next_month changes nothing of what R-13 says",
            id="a choice that only two assumptions at once would reach",
        ),
        pytest.param(
            lambda d: rule(d, ANNUAL)["told"].pop("practitioner"),
            r"annual\.told: has no sentence for practitioner",
            id="an outermost part of whom hours are about of which nothing is told",
        ),
        pytest.param(
            lambda d: figure(d).update(having={"level": []}), r"having\.level: is empty", id="no value of a field"
        ),
        pytest.param(
            lambda d: d["editions"][0].update(terms={"exam": {**EXAM, "pass_mark": "100.01"}}),
            r"terms\.exam\.pass_mark: is above 100, the highest score",
            id="a pass mark that nobody reaches",
        ),
        pytest.param(
            lambda d: rule(d, "allowance")["payment"].update(tier="role"),
            r"allowance\.payment\.tier: the part 'role' can give no certificate",
            id="a tier that gives no certificate",
        ),
        pytest.param(
            lambda d: measure(d, "role"),
            r"measure\.measured\.names: the part 'role' can give no certificate",
            id="a measured part that gives no certificate",
        ),
        pytest.param(
            lambda d: measure(d, "measure"),
            r"measure\.measured\.names: no part before this one is named 'measure'",
            id="a part measured by itself",
        ),
        pytest.param(
            lambda d: measure(d, "hidden", after={"any_of": [{"hidden": {"holds_certificate": {}}}]}),
            r"all_of\[\d\]\.measure\.measured\.names: no part before this one is named 'hidden'",
            id="a part measured by one that is out of sight",
        ),
        pytest.param(
            lambda d: rule(d, "allowance")["payment"].update(
                requires={
                    "R-25": {"all_of": parts(d)},
                    "start_of_year": {"all_of": [*parts(d), {"new": {"registered": {}}}]},
                }
            ),
            r"allowance\.told: has no sentence for new",
            id="a part of which nothing is told under an alternative",
        ),
        pytest.param(
            lambda d: begin(d, {"first_day": "2022-02-09"}, terms={"exam": EXAM}),
            r"editions\[1\]\.in_force: editions .* begin on one day and both define exam",
            id="a term that two editions of one day define",
        ),
        pytest.param(
            lambda d: begin(
                d, {"first_day": {"R-01": "2022-01-01", "printed_date": "2022-02-09"}}, terms={"exam": EXAM}
            ),
            r"editions\[1\]\.in_force: editions .* begin on one day and both define exam",
            id="a term that two editions define that begin on one day under an alternative",
        ),
        pytest.param(
            lambda d: begin(
                d,
                {"first_day": {"R-01": "2022-01-01", "printed_date": "2022-02-09"}},
                rules={"grade": copy.deepcopy(rule(d, "grade"))},
            ),
            r"editions\[1\]\.in_force: editions .* begin on one day and both have grade",
            id="editions that begin on one day under an alternative",
        ),
        *(
            pytest.param(
                lambda d, member=member: d["editions"][0].update(
                    terms={"training": {"clause": "ZZ-01", **TRAINING, member: []}}
                ),
                rf"terms\.training\.{member}: is empty",
                id=f"a training term whose {member} is empty",
            )
            for member in ("professional", "minutes_of_class_hour", "degrees")
        ),
        pytest.param(
            lambda d: d["editions"][0].update(terms={"exam": {"clause": "CD-01", "pass_mark": "60"}}),
            r"terms\.exam\.clause: CD-01 is not a clause of a place",
            id="a term of another place",
        ),
    ],
)
def test_a_pack_is_refused_with(change: Change, message: str) -> None:
    with pytest.raises(InvalidPackError, match=message):
        load_pack(changed(change))


MAY_BE_LEFT_OUT: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "vocabulary": (lambda d: d, "vocabulary"),
    "notes": (lambda d: d, "notes"),
    "examples": (lambda d: d, "examples"),
    "vocabulary.talents": (lambda d: d.setdefault("vocabulary", {}), "talents"),
    "vocabulary.national_talents": (lambda d: d.setdefault("vocabulary", {}), "national_talents"),
    "editions[0].terms": (lambda d: d["editions"][0], "terms"),
    "editions[0].rules": (lambda d: d["editions"][0], "rules"),
    "editions[0].indicators": (lambda d: d["editions"][0], "indicators"),
    "grade.terms": (lambda d: rule(d, "grade"), "terms"),
    "grade.readings": (lambda d: rule(d, "grade"), "readings"),
    "grade.further_clauses": (lambda d: rule(d, "grade"), "further_clauses"),
    "told.role.key_terms": (lambda d: rule(d, "allowance")["told"]["role"], "key_terms"),
    "I-11.counted": (lambda d: figure(d), "counted"),
    "I-11.key_terms": (lambda d: figure(d), "key_terms"),
    "I-11.readings": (lambda d: figure(d), "readings"),
    "I-11.open": (lambda d: figure(d), "open"),
    "I-11.without": (lambda d: figure(d), "without"),
    "I-11.having": (lambda d: figure(d), "having"),
    "I-11.provided": (lambda d: figure(d), "provided"),
    "I-11.organizations.roles": (
        lambda d: figure(d).setdefault(
            "organizations", {"counts": "people", "at_least": {"village": 1}, "reckoned": "each"}
        ),
        "roles",
    ),
}
"""Where each list and map of the language stands that may be left out, but for those in parameters."""


def figure(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = text_with(document, "I-11")["indicators"]["I-11"]
    return found


def test_every_list_and_map_that_may_be_left_out_is_tried() -> None:
    around = (Pack, Edition, Rule, Told, Indicator, OfOrganizations, Vocabulary, Note, Text)
    assert {at.rpartition(".")[2] for at in MAY_BE_LEFT_OUT} == {
        name
        for shape in around
        for name, member in members_of(shape).items()
        if not member.required and (inner(bare(member.type)) is not None or bare(member.type) is Vocabulary)
    } - DERIVED


@pytest.mark.parametrize("at", MAY_BE_LEFT_OUT)
@pytest.mark.parametrize("empty", [[], {}])
def test_what_may_be_left_out_is_never_empty(at: str, empty: Any) -> None:
    """It would say the same in another digest. A pack that a ledger has pinned is read with it all the same."""
    around, key = MAY_BE_LEFT_OUT[at]
    document = copy.deepcopy(DOCUMENT)
    around(document)[key] = empty
    assert [where for where, _ in wrong_in(document) if shown(where).endswith(at)]


@pytest.mark.parametrize("at", MAY_BE_LEFT_OUT)
def test_a_pinned_pack_is_read_with_what_is_empty(at: str) -> None:
    around, key = MAY_BE_LEFT_OUT[at]
    empty = {} if key in ("vocabulary", "talents", "terms", "rules", "indicators", "having", "provided") else []
    assert read_pack(changed(lambda d: around(d).update({key: empty}))).pack.jurisdiction == "410100"


def ways(document: dict[str, Any], *to_junior: str) -> None:
    """Let several ways of these names lead to the junior exam, and tell of each."""
    entry = rule(document, "exam.entry")
    [way] = entry["exam_entry"]["levels"]["junior"][0].values()
    entry["exam_entry"]["levels"]["junior"] = [{name: way} for name in to_junior]
    entry["told"] |= dict.fromkeys(to_junior, entry["told"]["rule"])


@pytest.mark.parametrize(
    ("change", "at", "why"),
    [
        (lambda d: ways(d, "one", "one"), "levels.junior[1].one", "two ways to the exam are named one"),
        (lambda d: ways(d, "rule"), "levels.junior[0].rule", "'rule' is not a name"),
        (lambda d: ways(d, "One way"), "levels.junior[0].One way", "'One way' is not a name"),
        (lambda d: ways(d), "levels.junior", "is empty"),
        (lambda d: rule(d, "exam.entry")["exam_entry"]["levels"].pop("junior"), "levels", "junior is missing"),
    ],
)
def test_a_way_to_the_exam_has_a_name_as_a_part_has_one(change: Change, at: str, why: str) -> None:
    document = document_of(NATION)
    change(document)
    text = document["editions"].index(text_with(document, "exam.entry"))
    wrong = [(shown(where), told) for where, told in wrong_in(document)]
    assert [where for where, told in wrong if why in told] == [f"editions[{text}].rules.exam.entry.exam_entry.{at}"]


@pytest.mark.parametrize("language", [None, 1, 3, "2"])
def test_a_pack_in_another_language_is_read_if_pinned_and_not_taken_from_an_author(language: Any) -> None:
    document = (
        {**DOCUMENT, "language": language} if language else {k: v for k, v in DOCUMENT.items() if k != "language"}
    )
    with pytest.raises(InvalidPackError, match="packs are written in language 2"):
        load_pack(msgspec.json.encode(document))


JUNK = (5, True, "x", "2020-01-01", [], {}, [{}], [["x"]], {"a": {}}, {"R-05": 1}, {"R-05": 1, "round_up": 2}, None)


def keys_in(value: Any, at: Keys = ()) -> Iterator[Keys]:
    yield at
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key != "examples":
            yield from keys_in(child, (*at, key))


def inside(document: Any, at: Keys) -> Any:
    for key in at:
        document = document[key]
    return document


@pytest.mark.parametrize("place", shipped())
def test_junk_anywhere_is_taken_or_refused_with_its_keys(place: str) -> None:
    chance = random.Random(place)  # noqa: S311 - A reproducible draw, nothing secret.
    for at in chance.sample([*keys_in(document_of(place))][1:], 15):
        document = document_of(place)
        inside(document, at[:-1])[at[-1]] = chance.choice(JUNK)
        for where, why in wrong_in(document):
            assert why != in_words(UNFORESEEN, "en")
            assert "`" not in why
            assert inside(document, where[:-1]) is not None
