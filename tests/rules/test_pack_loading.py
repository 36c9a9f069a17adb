"""A pack that makes no sense is refused when it is loaded; packs compose by place."""

import copy
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contracts.policies.language import Condition, Pack, Rule
from contracts.policies.shipped import FOLDER, TwoPacksOfAPlaceError, packs_of, read_pack_file, shipped
from contracts.strict_yaml import StrictYamlError, read_strictly
from services.core.authoring.load import InvalidPackError, load_pack, load_pack_file
from services.core.rules.parts import FORMS, OPERATORS
from tests.documents import text_with
from tests.lives import ask, someone

CORE = FOLDER.parents[1] / "services" / "core"
DOCUMENT = msgspec.json.decode(shipped()["410100"].document)
Change = Callable[[dict[str, Any]], None]


def changed(change: Change) -> bytes:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return msgspec.json.encode(document)


def loaded(path: Path) -> Pack:
    return load_pack_file(str(path), read_pack_file(path))


def rule(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = text_with(document, name)["determinations"][name]
    return found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda d: d.update(colour="red"), "unknown field `colour`", id="an unknown key"),
        pytest.param(lambda d: d.update(editions=[]), "at least one edition", id="no edition"),
        pytest.param(lambda d: rule(d, "grade").pop("clause"), "missing required field `clause`", id="no clause"),
        pytest.param(lambda d: rule(d, "grade").pop("ladder"), "exactly one of", id="a rule without a form"),
        pytest.param(
            lambda d: rule(d, "grade").update(supervisor_rank={}), "exactly one of", id="a rule with two forms"
        ),
        pytest.param(
            lambda d: rule(d, "grade").update(readings=["R-99"]), "readings register", id="an unknown reading"
        ),
        pytest.param(
            lambda d: rule(d, "grade")["ladder"]["bands"][0]["post_levels"].append(9), "two bands", id="a level twice"
        ),
        pytest.param(
            lambda d: d["editions"].append(copy.deepcopy(d["editions"][0])),
            "begin on one day and both have",
            id="editions that begin on one day",
        ),
        pytest.param(
            lambda d: rule(d, "allowance")["allowance"]["conditions"]["role"].update(registered={}),
            "exactly one of",
            id="a condition with two operators",
        ),
        pytest.param(
            lambda d: d["editions"][0]["determinations"].update({"fame": rule(d, "grade")}),
            "fame",
            id="no such question",
        ),
    ],
)
def test_a_pack_is_refused_with(change: Change, message: str) -> None:
    with pytest.raises(InvalidPackError, match=message):
        load_pack(changed(change))


# A file: the error names file, line and key.

ZHENGZHOU_FILE = FOLDER / "zhengzhou.yaml"
CHENGDU_FILE = FOLDER / "chengdu.yaml"
LIAOCHENG_FILE = FOLDER / "liaocheng.yaml"


def refusal(tmp_path: Path, source: Path, old: str, new: str) -> tuple[int, str]:
    """Return the line and the message with which a file is refused after its first `old` has become `new`."""
    text = source.read_text()
    assert old in text
    path = tmp_path / source.name
    path.write_text(text.replace(old, new, 1))
    with pytest.raises((InvalidPackError, StrictYamlError)) as caught:
        loaded(path)
    found = re.fullmatch(rf"{re.escape(str(path))}, line (\d+)(?:, column \d+)?: (.+)", str(caught.value), re.DOTALL)
    assert found, caught.value
    return int(found[1]), found[2]


def line_of(source: Path, words: str) -> int:
    """Return the first line of a file that has these words."""
    return next(number for number, line in enumerate(source.read_text().splitlines(), 1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "stands_at", "message"),
    [
        pytest.param('unit: class_hour\n', 'unit: class_hour\n          colour: red\n', "          unit: class_hour",
                     "determinations.continuing_education.annual.hours.colour: Object contains unknown field `colour`",
                     id="an unknown key"),
        pytest.param("    clause: ZZ-36\n", "", '  - edition: "2022-02-09"', "missing required field `clause`",
                     id="an edition without a clause"),
        pytest.param("        clause: ZZ-33\n", '        clause: ""\n', "clause: ZZ-33", "supervisor.clause: is empty",
                     id="an empty clause"),
        pytest.param("    last_verified_on: 2026-11-21\n", "", '  - edition: "2022-02-09"',
                     "missing required field `last_verified_on`", id="a source never verified"),
        pytest.param("        key_terms: [社工督导人才, 市级督导人才库]\n", "", "      supervisor:",
                     "quotes at least one term", id="a rule without key terms"),
        pytest.param("direct_service: true", "direct_service: yes", "direct_service: true", "'yes' may be a word",
                     id="yes for true"),
        pytest.param('required: "60"', "required: 60", 'required: "60"', "required: Expected `str | null`, got `int`",
                     id="a figure without quotes"),
        pytest.param("post_levels: [8, 9, 10]", "post_levels: [8, 9, 010]", "post_levels: [8, 9, 10]",
                     "'010' may be read otherwise", id="an octal number"),
        pytest.param("post_levels: [8, 9, 10]", "post_levels: [8, 9, 10, 11]", "          bands:", "are in two bands",
                     id="a post level in two bands"),
        pytest.param("{first_day: 2022-02-09}", "{first_day: 2022-02-30}", "in_force: {first_day", "is not a day",
                     id="no such day"),
        pytest.param("{first_day: 2022-02-09}", "{first_day: 2022-02-09, last_day: 2022-02-08}", "in_force: {first_day",
                     "ends before it begins", id="an edition that ends before it begins"),
        pytest.param("unit: class_hour", "unit: class_hours", "          unit: class_hour",
                     "Invalid enum value 'class_hours'",
                     id="a word outside its vocabulary"),
        pytest.param("window: {calendar_year: true}", "window: {calendar_year: true, rolling_years: 5}",
                     "window: {calendar_year", "exactly one kind", id="two windows"),
        pytest.param("readings: [R-03, R-06, R-07", "readings: [R-03, R-07", "window: {calendar_year",
                     "calendar_year: is read by R-06", id="a reading that is not listed"),
        pytest.param("社会工作从业人员每年度接受继续教育累计不少于60学时。", '" "',
                     "zh: 社会工作从业人员每年度", "continuing_education.annual.text.zh: is empty",
                     id="an empty sentence"),
        pytest.param("        supervisor_rank: {}\n", "        supervisor_rank:\n", "        supervisor_rank: {}",
                     "supervisor_rank: is empty", id="an emptied form"),
        pytest.param("      supervisor:\n", "      title:\n", "        supervisor_rank: {}",
                     "does not answer title", id="a form that answers another question"),
        pytest.param("      supervisor:\n", "      fame:\n", "      supervisor:", "fame", id="no such question"),
        pytest.param("      supervisor:\n", "      grade:\n", "      supervisor:", "'grade' is given twice",
                     id="a key that stands twice"),
        pytest.param("        clause: ZZ-33\n", "\t      clause: ZZ-33\n", "clause: ZZ-33", "a tab", id="a tab"),
        pytest.param('jurisdiction: "410100"', "jurisdiction: 410100", "jurisdiction:", "Expected `str`, got `int`",
                     id="a place without quotes"),
        pytest.param("levels: [junior, intermediate, senior]}", "levels: [junior, intermediate, junior]}",
                     "highest_certificate", "levels: junior is listed twice", id="a level twice"),
    ],
)  # fmt: skip
def test_a_file_is_refused_with_its_name_line_and_key(
    tmp_path: Path, old: str, new: str, stands_at: str, message: str
) -> None:
    line, actual = refusal(tmp_path, ZHENGZHOU_FILE, old, new)
    assert message in actual
    assert line in (line_of(ZHENGZHOU_FILE, stands_at), line_of(ZHENGZHOU_FILE, stands_at) + 1)


@pytest.mark.parametrize(
    ("source", "old", "new", "message"),
    [
        pytest.param(CHENGDU_FILE, "alternatives: [{reading: R-02", "alternatives: [{reading: R-01",
                     "alternatives[0]: R-01 is not a reading of the edition", id="an alternative without its reading"),
        pytest.param(CHENGDU_FILE, "choice: civil_count", "choice: printed_date",
                     "printed_date is not an alternative of R-02", id="a choice of another reading"),
        pytest.param(CHENGDU_FILE, "last_day: 2027-03-01}]", "last_day: 2027-02-28}]",
                     "has the same days as the edition", id="an alternative that changes nothing"),
        pytest.param(CHENGDU_FILE, "R-15, R-16, R-17]", "R-15, R-16]", "synonyms: is read by R-17",
                     id="synonyms without their reading"),
        pytest.param(CHENGDU_FILE, "readings: [R-11, R-18, R-19, R-20]", "readings: [R-11, R-19, R-20]",
                     "binding_employer_types: is read by R-18", id="a reference without its reading"),
        pytest.param(CHENGDU_FILE, "talent: {talents: [sichuan_high_end]", "talent: {talents: [national_leading]",
                     "talent:sichuan_high_end: matches the same fact as talent:national_leading",
                     id="two grounds for one title"),
        pytest.param(CHENGDU_FILE, "synonyms: [community_worker]", "synonyms: [full_time_community_worker]",
                     "full_time_community_worker is a role already", id="a synonym that is the role itself"),
        pytest.param(CHENGDU_FILE, "served: {within_months: 12", "served: {within_months: 0",
                     "served.within_months: Expected `int` >= 1", id="a window without a day"),
        pytest.param(CHENGDU_FILE, "within_months: 12", "within_months: 99999999",
                     "served.within_months: Expected `int` <= 1200", id="months that no calendar has"),
        pytest.param(CHENGDU_FILE, "at_least: 1", "at_least: 101", "served.at_least: Expected `int` <= 100",
                     id="records that nobody has"),
        pytest.param(FOLDER / "national.yaml", "{months: 36}", "{months: 1201}",
                     "registration.months: Expected `int` <= 1200", id="a registration for more than a century"),
        pytest.param(FOLDER / "national.yaml", "law_and_policy], years: 2", "law_and_policy], years: 11",
                     "intermediate.years: Expected `int` <= 10", id="more exam years than ten"),
        pytest.param(FOLDER / "national.yaml", "{subjects: [practice], years: 1}", "{subjects: [], years: 1}",
                     "senior.subjects: is empty", id="an exam without subjects"),
        pytest.param(FOLDER / "national.yaml", 'senior: "90"}', 'basic: "90"}',
                     "required_by_level: senior is missing", id="hours by level without a level"),
        pytest.param(LIAOCHENG_FILE, "{rolling_years: 5}", "{rolling_years: 9000}",
                     "rolling_years: Expected `int` <= 100", id="years before the calendar"),
        pytest.param(LIAOCHENG_FILE, "titles: {junior: junior, intermediate: intermediate, senior: senior}",
                     "titles: {}", "titles: is empty", id="titles of nobody"),
        pytest.param(ZHENGZHOU_FILE, "levels: [junior, intermediate, senior]", "levels: []", "levels: is empty",
                     id="a certificate of no level"),
        pytest.param(ZHENGZHOU_FILE, "post_levels: [8, 9, 10]", "post_levels: [8, 9, 14]",
                     "post_levels[2]: Expected `int` <= 13", id="a post level that no post has"),
        pytest.param(ZHENGZHOU_FILE, "post_levels: [8, 9, 10]", "post_levels: [0]",
                     "post_levels[0]: Expected `int` >= 1", id="a post level below the first"),
        pytest.param(ZHENGZHOU_FILE, "target: 10000", "target: 100000000000",
                     "target: Expected `int` <= 100000000", id="more people than any place has"),
        pytest.param(ZHENGZHOU_FILE, "{first_day: 2022-02-09}", "{first_day: 1899-12-31}",
                     "in_force.first_day: lies outside 1900-01-01 to 2199-12-31", id="a day before the first"),
        pytest.param(ZHENGZHOU_FILE, "as_of: 2022-02-08", "as_of: 2200-01-01", ".as_of: lies outside",
                     id="an example after the last day"),
        pytest.param(CHENGDU_FILE, "last_day: 2027-03-01}]", "first_day: 2027-03-02, last_day: 2027-03-01}]",
                     "alternatives[0]: ends before it begins", id="an alternative that ends before it begins"),
        pytest.param(CHENGDU_FILE, "last_day: 2027-03-01}]", "first_day: 2021-01-01, last_day: 2022-02-28}]",
                     "alternatives[0]: ends before it begins, or before the edition does",
                     id="an alternative over before the edition"),
        pytest.param(ZHENGZHOU_FILE, "clause: ZZ-33", "clause: LC-06",
                     "supervisor.clause: LC-06 is not a clause of a place whose edition is ZZ-36",
                     id="the clause of another place"),
        pytest.param(ZHENGZHOU_FILE, "further_clauses: [ZZ-11,", "further_clauses: [CD-11,",
                     "further_clauses[0]: CD-11 is not a clause of a place", id="a further clause of another place"),
        pytest.param(ZHENGZHOU_FILE, "clause: ZZ-36", "clause: '36'", "'36' is not a clause of the register",
                     id="an edition whose clause is none"),
        pytest.param(CHENGDU_FILE, "            talent_apartment_policy:", '            "talent policy":',
                     "any_of.talent policy: Expected `str` matching", id="a ground whose name is no word"),
        pytest.param(LIAOCHENG_FILE, "            direct_service:\n", "            Direct:\n",
                     "engaged.Direct: Expected `str` matching", id="a way whose name is no word"),
        pytest.param(ZHENGZHOU_FILE, "name: {zh: 郑州市,", 'name: {zh: "\\u200b\\ufeff\\u2060",', "name.zh: is empty",
                     id="a name that nobody sees"),
        pytest.param(ZHENGZHOU_FILE, "en: Zhengzhou}", 'en: "uohzgnehZ\\u202e"}',
                     "name.en: holds the control character U+202E", id="a name written backwards"),
        pytest.param(ZHENGZHOU_FILE, "en: Zhengzhou}", 'en: "Zhengzhou\\L1. met"}',
                     "name.en: holds the control character U+2028", id="a name of two lines"),
        pytest.param(ZHENGZHOU_FILE, "document: 郑州市", 'document: "\\e[2J" #',
                     "document: holds the control character U+001B",
                     id="a document that clears the screen"),
        pytest.param(ZHENGZHOU_FILE, "key_terms: [社工督导人才,", 'key_terms: ["\\u200b",',
                     "supervisor.key_terms[0]: is empty",
                     id="a key term that nobody sees"),
        pytest.param(LIAOCHENG_FILE, "hours: *hours_route", "hours: *nowhere", "undefined alias",
                     id="an anchor that is not there"),
        pytest.param(LIAOCHENG_FILE, "hours: *hours_route", "<<: *hours_route", "merges another mapping", id="a merge"),
        pytest.param(LIAOCHENG_FILE, "R-03, R-04, R-05, R-07", "R-03, R-05, R-07", "rolling_years: is read by R-04",
                     id="rolling years without their reading"),
        pytest.param(LIAOCHENG_FILE, "window: {rolling_years: 5}", "window: {calendar_year: true}",
                     "the window of a talent's hours must roll", id="a window read otherwise"),
        pytest.param(LIAOCHENG_FILE, "further_clauses: [LC-16]", "further_clauses: [LC-16, LC-16]",
                     "LC-16 is listed twice", id="a further clause twice"),
        pytest.param(FOLDER / "national.yaml", "senior: {subjects: [practice], years: 1}", "", "senior is missing",
                     id="an exam without a level"),
        pytest.param(FOLDER / "national.yaml", "registration: {months: 36}", "undefined: {}", "never undefined",
                     id="a national rule that is undefined"),
    ],
)  # fmt: skip
def test_what_could_not_be_meant_is_refused_with_its_key(
    tmp_path: Path, source: Path, old: str, new: str, message: str
) -> None:
    assert message in refusal(tmp_path, source, old, new)[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("{event: supervisor.designated", "{event: supervisor.appointed",
                     "event: 'supervisor.appointed' is not an event type", id="an event that there is not"),
        pytest.param("{event: supervisor.designated", "{event: policy.adopted",
                     "event: 'policy.adopted' is not an event type", id="an event that happens to nobody"),
        pytest.param("{event: supervisor.designated, ", "{", ".event: is missing", id="an event without a type"),
        pytest.param("{event: supervisor.designated, on: 2023-06-30", "{event: supervisor.designated",
                     ".on: is missing", id="an event without a day"),
        pytest.param("designated, on: 2023-06-30", "designated, on: hello",
                     ".on: is not a day of the calendar", id="a day that is none"),
        pytest.param("designated, on: 2023-06-30", "designated, on: 1899-01-01", ".on: must be a date from 1900",
                     id="a day before the first"),
        pytest.param("rank: junior, authority", "colour: red, rank: junior, authority",
                     "given[0].colour: is not a member here", id="a member that there is not"),
        pytest.param("rank: junior, authority", "²: red, rank: junior, authority",
                     "given[0].²: is not a member here", id="a member whose name is nearly a number"),
        pytest.param("rank: junior, authority", "rank: 5, authority",
                     "given[0].rank: must be a text, not a whole number", id="a number for a word"),
        pytest.param("{event: supervisor.designated, on: 2023-06-30, rank: junior, authority: 郑州市民政局}",
                     "{event: event.voided, on: 2023-06-30, target: nope, reason: x}", "given[0].target: is not a UUID",
                     id="a target that is no id"),
        pytest.param("{event: supervisor.designated, on: 2023-06-30, rank: junior, authority: 郑州市民政局}",
                     "{event: local_standard.registered, on: 2023-06-30, determination: fame}", "given[0]",
                     id="a local measure of nothing"),
        pytest.param("as_of: 2023-06-30\n    given: [{event: sup",
                     'as_of: 2023-06-30\n    period: "abc"\n    given: [{event: sup',
                     "period: Expected `str` matching", id="a period that is no year"),
        pytest.param("as_of: 2023-06-30\n    given: [{event: sup",
                     'as_of: 2023-06-30\n    period: "9999"\n    given: [{event: sup',
                     "period: Expected `str` matching", id="a year beyond the last day"),
        pytest.param("expect: {supervisor: {status: valid,", "expect: {supervisor: {status: excellent,",
                     "expect.supervisor.status: 'excellent' is not a status", id="a status that there is not"),
        pytest.param("expect: {grade: none, supervisor: none}", "expect: {grade: fine, supervisor: none}",
                     "expect.grade: 'fine' is not a status", id="a status that there is not, alone"),
        pytest.param("expect: {grade: none, supervisor: none}", "expect: {grade: 5}",
                     "expect.grade: Expected `str | object`, got `int`", id="a number for a status"),
        pytest.param("rank: junior, since: 2023-06-30}", "tier: junior, since: 2023-06-30}",
                     "expect.supervisor.tier: supervisor has no field tier", id="a field of another determination"),
        pytest.param("expect: {grade: none, supervisor: none}", "expect: {}", ".expect: is empty",
                     id="nothing expected"),
        pytest.param("expect: {grade: none, supervisor: none}", "expect: {grade: {}}", "expect.grade: is empty",
                     id="nothing expected of an answer"),
        pytest.param("name: no post is none", "name: 60 itself is enough",
                     "name: two examples are called '60 itself is enough'", id="two examples of one name"),
    ],
)  # fmt: skip
def test_an_example_that_no_ledger_could_answer_is_refused_where_it_stands(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    line, actual = refusal(tmp_path, ZHENGZHOU_FILE, old, new)
    assert actual.startswith("examples[")
    assert message in actual
    changed_at = ZHENGZHOU_FILE.read_text().partition(old)[0].count("\n") + 1
    assert changed_at <= line <= changed_at + 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"certificate": {"levels": ["junior"], "national_only": True}},
         {"certificate": {"levels": ["senior", "junior"], "national_only": False}}),
        ({"certificate": {"levels": ["junior"], "national_only": True}}, {"exam_reward": {"levels": ["junior"]}}),
        ({"degree": {"fields": ["sociology"], "open_list": True}},
         {"degree": {"fields": ["social_work", "sociology"], "open_list": False}}),
        ({"employed": {}}, {"employed": {"roles": ["social_worker"]}}),
        ({"served": {"within_months": 12, "at_least": 1}}, {"served": {"within_months": 6, "at_least": 2}}),
        ({"registered": {}}, {"registered": {}}),
        ({"attested": {}}, {"attested": {}}),
        ({"supervisor": {"ranks": ["junior", "senior"]}}, {"supervisor": {"ranks": ["senior"]}}),
        ({"decided_elsewhere": {}}, {"decided_elsewhere": {}}),
    ],
    ids=lambda ground: next(iter(ground)),
)  # fmt: skip
@pytest.mark.parametrize("whole", ["entitlement", "talent"])
def test_two_grounds_that_one_fact_would_meet_are_refused(
    whole: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    with pytest.raises(InvalidPackError, match=r"(any_of|engaged)\.other: matches the same fact as one"):
        load_pack(either(whole, first, second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"certificate": {"levels": ["junior"], "national_only": True}},
         {"certificate": {"levels": ["senior"], "national_only": True}}),
        ({"employed": {"roles": ["social_worker"]}}, {"employed": {"roles": ["community_worker"]}}),
        ({"employed": {"employer_types": ["village"]}}, {"employed": {"employer_types": ["charity"]}}),
        ({"supervisor": {"ranks": ["senior"]}}, {"talent": {"talents": ["high_level"]}}),
    ],
)  # fmt: skip
def test_two_grounds_that_no_fact_meets_both_of_stand_beside_each_other(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert load_pack(either("entitlement", first, second))


def either(whole: str, first: dict[str, Any], second: dict[str, Any]) -> bytes:
    """Return a pack in which either of two conditions is enough, as grounds or as ways of being engaged."""
    document = msgspec.json.decode(shipped()["371500"].document)
    text = {"zh": "其一。", "en": "Either."}
    grounds = {"one": {"text": text, **first}, "other": {"text": text, **second}}
    named = {"entitlement": ("benefit.settlement", "any_of"), "talent": ("talent", "engaged")}
    name, key = named[whole]
    changed = rule(document, name)
    changed[whole][key] = grounds
    changed["readings"] = ["R-03", "R-04", "R-05", "R-07", "R-08", "R-09", "R-10", "R-11", "R-15", "R-16"]
    return msgspec.json.encode(document)


def with_another_edition(first_day: str) -> tuple[str, int]:
    """Return the file of Zhengzhou with its edition once more, from another day, and the line of that day."""
    text = ZHENGZHOU_FILE.read_text()
    begin, end = text.index("  - edition:"), text.index("examples:")
    other = (
        text[begin:end]
        .replace('"2022-02-09"', f'"{first_day} again"')
        .replace("{first_day: 2022-02-09}", f"{{first_day: {first_day}}}")
    )
    return text[:end] + other + text[end:], text[:end].count("\n") + 2


def test_two_editions_that_begin_on_one_day_and_answer_the_same_are_refused_where_the_second_stands(
    tmp_path: Path,
) -> None:
    path = tmp_path / "twice.yaml"
    text, at = with_another_edition("2022-02-09")
    path.write_text(text)
    with pytest.raises(InvalidPackError, match=r"begin on one day and both have .*grade") as caught:
        loaded(path)
    assert f"line {at}:" in str(caught.value)


def test_editions_may_be_in_force_side_by_side_the_one_begun_last_first(tmp_path: Path) -> None:
    path = tmp_path / "side_by_side.yaml"
    path.write_text(with_another_edition("2020-01-01")[0])
    assert [edition.edition for edition in loaded(path).editions] == ["2022-02-09", "2020-01-01 again"]
    path.write_text(with_another_edition("2023-01-01")[0])
    with pytest.raises(InvalidPackError, match="edition 2023-01-01 again begins later than the one before it"):
        loaded(path)


def nested_aliases(wide: int) -> str:
    """Return a few lines that stand for billions of values."""
    depth = 7 if wide == 10 else 30
    begun = f"a0: &a0 [{', '.join(['x'] * wide)}]\n"
    return begun + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * wide)}]\n" for n in range(1, depth))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: [on]\n", "line 2: b[0]: 'on' may be a word or a boolean"),
        ("a: No\n", "line 1: a: 'No' may be a word or a boolean"),
        ("a: True\n", "line 1: a: 'True' may be read otherwise"),
        ("a: 1:30\n", "line 1: a: '1:30' may be read otherwise"),
        ("a: 1_000\n", "line 1: a: '1_000' may be read otherwise"),
        ("a: 59.5\n", "line 1: a: '59.5' may be read otherwise"),
        ("a: 2022-03-01 10:00:00\n", "line 1: a: '2022-03-01 10:00:00' is not a day"),
        ("a:\nb: 1\n", "line 1: a: is empty"),
        ("a: ~\n", "line 1: a: is empty"),
        ("1: one\n", "line 1: the file: has a key that is not a word"),
        ("a: {b: 1, b: 2}\n", "line 1: a: 'b' is given twice"),
        ("a: !!python/name:os.system x\n", "line 1: a: 'x' may be read otherwise"),
        ("a: !\n", "line 1: a: '' may be read otherwise"),
        ("a:\n- b: 1\n\ufeff c: 2\n", "line 3: a tab or an invisible character"),
        ("a: &x [*x]\n", "is nested too deeply"),
        pytest.param("[" * 42, "line 1, column 41: is nested too deeply", id="41 levels below the first"),
        pytest.param("- " * 100_000, "is nested too deeply", id="more levels than a stack holds"),
        pytest.param(
            nested_aliases(wide=10),
            "with its aliases expanded, adds more than 100,000",
            id="ten aliases of ten aliases, seven times over",
        ),
        pytest.param(nested_aliases(wide=2), "adds more than 100,000", id="two of two, 30 times"),
        pytest.param(
            "a: &a " + "x" * 10_000 + "\nb: [" + "*a, " * 200 + "]\n",
            "b[10]: with its aliases expanded",
            id="a long word often",
        ),
        ("a: 1234567890123456789\n", "a: '1234567890123456789' has more than 18 digits"),
        pytest.param("a: " + "9" * 5_000, "has more than 18 digits", id="more digits than Python reads"),
        ("a: [1\n", "line 2"),
        ("a: 1\n---\nb: 2\n", "line 2"),
        ("", "the file is empty"),
    ],
)
def test_what_yaml_would_guess_is_refused(text: str, message: str) -> None:
    with pytest.raises(StrictYamlError) as caught:
        read_strictly(text, "some.yaml")
    assert str(caught.value).startswith("some.yaml, line ")
    assert message in str(caught.value)


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: \xe9\n")
    with pytest.raises(StrictYamlError, match="line 2: is not UTF-8 at byte 8"):
        loaded(path)


def test_what_is_no_file_is_refused_by_its_name(tmp_path: Path) -> None:
    folder, dangling = tmp_path / "folder.yaml", tmp_path / "dangling.yaml"
    folder.mkdir()
    dangling.symlink_to(tmp_path / "nowhere.yaml")
    for path in (folder, dangling):
        with pytest.raises(StrictYamlError, match=f"{path.name}, line 1: is not a file"):
            loaded(path)


def test_a_file_that_may_not_be_read_is_refused_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read whatever it likes, so the refusal of the system is played."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(StrictYamlError, match=r"zhengzhou\.yaml, line 1: cannot be read: Permission denied"):
        loaded(ZHENGZHOU_FILE)


@pytest.mark.parametrize("name", ["fujian.yml", "fujian.YAML"])
def test_a_pack_under_another_ending_is_refused_with_the_name_it_must_have(tmp_path: Path, name: str) -> None:
    """No reader would open it, and its place would seem to have no pack."""
    shutil.copy(FOLDER / "fujian.yaml", tmp_path / name)
    with pytest.raises(StrictYamlError, match=rf"{name}, line 1: a pack's name ends in .yaml: fujian.yaml"):
        packs_of(tmp_path)


def test_a_byte_order_mark_may_begin_a_file() -> None:
    assert read_strictly("\ufeffa: 1\n", "some.yaml").value == {"a": 1}


def test_words_stay_words_days_stay_days_and_only_null_is_null() -> None:
    text = 'on: 2022-03-01\nno: "yes"\nfine: true\nnothing: null\nlevel: 11\n'
    read = read_strictly(text, "some.yaml")
    assert read.value == {"on": "2022-03-01", "no": "yes", "fine": True, "nothing": None, "level": 11}
    assert read.line_of(("fine",)) == 3
    assert read.line_of(("nothing", "inside", 4)) == 4


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_file_loads_as_its_shipped_document_does(path: Path) -> None:
    pack = loaded(path)
    assert load_pack(shipped()[pack.jurisdiction].document) == pack


def test_two_files_for_one_place_are_refused_with_both_names(tmp_path: Path) -> None:
    for name in ("one.yaml", "other.yaml"):
        shutil.copy(ZHENGZHOU_FILE, tmp_path / name)
    with pytest.raises(TwoPacksOfAPlaceError, match=r"one\.yaml and .*other\.yaml are both of jurisdiction 410100"):
        packs_of(tmp_path)


HOURS = [
    ("532300", "continuing_education.plan_period"),
    ("410100", "continuing_education.annual"),
    ("100000", "continuing_education.registration_term"),
    ("371500", "talent"),
]


@pytest.mark.parametrize("reading", ["R-03", "R-07", "R-08", "R-09", "R-10"])
@pytest.mark.parametrize(("place", "determination"), HOURS)
def test_hours_without_a_reading_that_they_rest_on_are_refused(place: str, determination: str, reading: str) -> None:
    """R-03 and R-07 to R-10 hold for whatever counts hours."""
    document = msgspec.json.decode(shipped()[place].document)
    rule(document, determination)["readings"].remove(reading)
    with pytest.raises(InvalidPackError, match=f"{determination}.readings: hours are read by {reading} too"):
        load_pack(msgspec.json.encode(document))


def test_a_reading_that_hours_rest_on_is_refused_with_its_line(tmp_path: Path) -> None:
    line, actual = refusal(tmp_path, LIAOCHENG_FILE, "R-08, R-09, R-10, R-11]", "R-08, R-11]")
    assert "talent.quality.readings: hours are read by R-09, R-10 too" in actual
    assert line == line_of(LIAOCHENG_FILE, "readings: &talent_readings")


def test_every_pack_file_is_shipped_under_its_own_place() -> None:
    assert len(shipped()) == len(list(FOLDER.glob("*.yaml")))
    assert all(msgspec.json.decode(pack.document)["jurisdiction"] == place for place, pack in shipped().items())


def test_a_district_inherits_its_city_and_everything_the_nation() -> None:
    history = someone.employed("2021-01-01", "410103").certified("2021-10-17")
    district = ask(history, "allowance", "2023-01-01", "410103")
    assert (district.node.status, district.policy.jurisdiction) == ("eligible", "410100")
    assert ask(history, "certificate", "2023-01-01", "410103").policy.jurisdiction == "100000"


def test_a_citys_rule_looks_for_work_in_the_city_whichever_district_is_asked_about() -> None:
    history = someone.employed("2021-01-01", "410103").certified("2021-10-17")
    assert ask(history, "allowance", "2023-01-01", "410105").node.status == "eligible"


def test_a_place_without_a_text_has_national_answers_only() -> None:
    history = someone.employed("2021-01-01", "370100").certified("2021-10-17")
    assert ask(history, "allowance", "2023-01-01", "370100").node.status == "undefined_in_policy"
    assert ask(history, "certificate", "2023-01-01", "370100").node.status == "valid"


def test_no_place_is_named_in_the_code() -> None:
    """If a place needs code, the vocabulary is not right yet."""
    judging = [path for room in ("facts", "rules", "questions") for path in (CORE / room).rglob("*.py")]
    names = [name for pack in shipped().values() for name in _names(msgspec.json.decode(pack.document))]
    found = [(path.name, name) for path in judging for name in names if name in path.read_text().lower()]
    assert judging
    assert found == []


def _names(document: dict[str, Any]) -> list[str]:
    if document["jurisdiction"] == "100000":
        return []
    return [document["name"]["en"].lower(), document["name"]["zh"], document["jurisdiction"]]


def test_every_word_of_the_vocabulary_is_compiled() -> None:
    about_rules = {
        "clause",
        "further_clauses",
        "text",
        "interpretation",
        "document",
        "key_terms",
        "readings",
        "source_status",
    }
    assert set(Rule.__struct_fields__) - about_rules == set(FORMS)
    assert set(Condition.__struct_fields__) - {"text", "interpretation", "clause"} == set(OPERATORS)
