"""A file of a pack is refused with its name, line and key."""

import re
import shutil
from pathlib import Path

import msgspec
import pytest

from contracts.policies.language import Pack
from contracts.policies.shipped import FOLDER, TwoPacksOfAPlaceError, packs_of, read_pack_file, shipped
from contracts.strict_yaml import StrictYamlError
from services.core.authoring.load import InvalidPackError, load_pack, load_pack_file

ZHENGZHOU_FILE = FOLDER / "zhengzhou.yaml"
CHENGDU_FILE = FOLDER / "chengdu.yaml"
LIAOCHENG_FILE = FOLDER / "liaocheng.yaml"
NATIONAL_FILE = FOLDER / "national.yaml"


def loaded(path: Path) -> Pack:
    return load_pack_file(str(path), read_pack_file(path))


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
                     "rules.continuing_education.annual.training.colour: 'colour' is not a member here",
                     id="an unknown parameter"),
        pytest.param("    clause: ZZ-36\n", "", '  - edition: "2022-02-09"', "[0]: clause is missing",
                     id="an edition without a clause"),
        pytest.param("        clause: ZZ-33\n", '        clause: ""\n', "clause: ZZ-33", "supervisor.clause: is empty",
                     id="an empty clause"),
        pytest.param("        clause: ZZ-33\n", "        clause: ZZ-33\n        further_clauses: []\n", "clause: ZZ-33",
                     "supervisor.further_clauses: is empty", id="no further clause, written out"),
        pytest.param("    last_verified_on: 2026-11-21\n", "", '  - edition: "2022-02-09"',
                     "last_verified_on is missing",
                     id="a source never verified"),
        pytest.param("            key_terms: [社工督导人才, 市级督导人才库]\n", "", "key_terms: [社工督导人才",
                     "quotes at least one term", id="a rule without key terms"),
        pytest.param("share: true", "share: yes", "share: true", "'yes' may be a word", id="yes for true"),
        pytest.param('at_least: "60"', "at_least: 60", 'at_least: "60"',
                     "training.at_least: must be a text or an object, not a whole number",
                     id="a figure without quotes"),
        pytest.param("intermediate: [8, 9, 10]", "intermediate: [8, 9, 010]", "bands: {junior",
                     "'010' may be read otherwise", id="an octal number"),
        pytest.param("intermediate: [8, 9, 10]", "intermediate: [8, 9, 10, 11]", "bands: {junior", "are in two bands",
                     id="a post level in two bands"),
        pytest.param("{first_day: 2022-02-09}", "{first_day: 2022-02-30}", "in_force: {first_day", "is not a day",
                     id="no such day"),
        pytest.param("{first_day: 2022-02-09}", "{first_day: 2022-02-09, last_day: 2022-02-08}", "in_force: {first_day",
                     "ends before it begins", id="an edition that ends before it begins"),
        pytest.param("unit: class_hour", "unit: class_hours", "          unit: class_hour",
                     "unit: must be one of hour, class_hour, day, not 'class_hours'",
                     id="a word outside its vocabulary"),
        pytest.param("R-06: {calendar_year: {}}", "R-06: {calendar_year: {}, registration_term: {}}",
                     "R-06: {calendar_year", "window.R-06: a window has exactly one of", id="two windows"),
        pytest.param("employment_year: {anniversary_of: employment}", "employment_year: {anniversary_of: birth}",
                     "employment_year: {anniv",
                     "employment_year.anniversary_of: must be one of registration, employment, not 'birth'",
                     id="a wrong value in an alternative"),
        pytest.param("        readings: [R-03]\n", "", "continuing_education.annual:",
                     "readings: hours are read by R-03, which the rule does not list",
                     id="hours without the reading of at least"),
        pytest.param("社会工作从业人员每年度接受继续教育累计不少于60学时。", '" "',
                     "zh: 社会工作从业人员每年度", "continuing_education.annual.told.rule.text.zh: is empty",
                     id="an empty sentence"),
        pytest.param("        holding: {of: supervisions}\n",
                     "        holding:\n", "holding: {of: supervisions",
                     "supervisor.holding: is empty", id="an emptied kind"),
        pytest.param("      supervisor:\n", "      title:\n", "holding: {of: supervisions",
                     "what is held, and with which titles, does not answer title", id="what gives no title"),
        pytest.param("      supervisor:\n", "      talent:\n", "holding: {of: supervisions",
                     "the kind holding does not answer talent", id="a kind that answers another question"),
        pytest.param("      supervisor:\n", "      fame:\n", "      supervisor:", "fame is not a determination",
                     id="no such question"),
        pytest.param("      supervisor:\n", "      grade:\n", "      supervisor:", "'grade' is given twice",
                     id="a key that stands twice"),
        pytest.param("        clause: ZZ-33\n", "\t      clause: ZZ-33\n", "clause: ZZ-33", "a tab", id="a tab"),
        pytest.param('jurisdiction: "410100"', "jurisdiction: 410100", "jurisdiction:",
                     "must be a text, not a whole number", id="a place without quotes"),
        pytest.param("levels: [junior, intermediate, senior], scope", "levels: [junior, intermediate, junior], scope",
                     "- certificate:", "holds_certificate.levels: junior is listed twice", id="a level twice"),
        pytest.param("holds_certificate:", "holds_licence:", "- certificate:",
                     "all_of[1].certificate.holds_licence: the language has no word 'holds_licence'",
                     id="an unknown word"),
        pytest.param("widened: true", "paid: true", "- role: ",
                     "all_of[0].role.employed.paid: 'paid' is not a member here", id="an unknown parameter of a word"),
        pytest.param("roles: [community_worker,", "roles: [5,", "- by_role: ",
                     "by_role.employed.roles[0]: must be a text, not a whole number",
                     id="a wrong type inside a list"),
    ],
)  # fmt: skip
def test_a_file_is_refused_with_its_name_line_and_key(
    tmp_path: Path, old: str, new: str, stands_at: str, message: str
) -> None:
    line, actual = refusal(tmp_path, ZHENGZHOU_FILE, old, new)
    assert message in actual
    assert abs(line - line_of(ZHENGZHOU_FILE, stands_at)) <= 1


@pytest.mark.parametrize(
    ("source", "old", "new", "message"),
    [
        pytest.param(CHENGDU_FILE, "civil_count: 2027-03-01", "printed_date: 2027-03-01",
                     "last_day.printed_date: printed_date is not an alternative of R-02",
                     id="a choice of another reading"),
        pytest.param(CHENGDU_FILE, "{R-02: 2027-02-28,", "{R-99: 2027-02-28,",
                     "civil_count is not an alternative of R-99",
                     id="a choice of no reading"),
        pytest.param(CHENGDU_FILE, "civil_count: 2027-03-01", "civil_count: 2027-02-28",
                     "last_day.civil_count: civil_count changes nothing of what R-02 says", id="an idle alternative"),
        pytest.param(CHENGDU_FILE, "synonyms: [full_time_community_worker, community_worker]",
                     "synonyms: [full_time_community_worker]",
                     "employed.roles.synonyms: synonyms changes nothing", id="an alternative of the same role"),
        pytest.param(LIAOCHENG_FILE, "- direct_service: {employed: {direct_service: true, anywhere: true}}",
                     "- direct_service: {R-17: {employed: {}}, synonyms: {employed: {widened: false}}}",
                     "synonyms changes nothing of what R-17 says", id="an alternative that says a default"),
        pytest.param(NATIONAL_FILE, "every_subject", "[sw_supervision, sw_practice, sw_knowledge, sw_ethics]",
                     "all_hours changes nothing of what R-09 says", id="an alternative of a term in another order"),
        pytest.param(CHENGDU_FILE, "{R-13: first_day, first_of_next_month: next_month}", "{R-13: first_day}",
                     "begins: R-13 has no alternative", id="a choice of one"),
        pytest.param(CHENGDU_FILE, "first_of_next_month: next_month}", "first_of_next_month: next_moon}",
                     "begins.first_of_next_month: must be one of first_day, next_month, not 'next_moon'",
                     id="an alternative of no meaning"),
        pytest.param(CHENGDU_FILE, "{served: {verified: true}}\n", "{server: {verified: true}}\n",
                     "all_of[3].service_record.any_record_ever.server: the language has no word",
                     id="a word in an alternative"),
        pytest.param(CHENGDU_FILE, "elsewhere: {R-18: for_reference, ignore: not_judged}",
                     "elsewhere: {R-19: for_reference, map_by_number: not_judged}",
                     "map_by_number is not an alternative of R-19", id="the alternative of another reading"),
        pytest.param(CHENGDU_FILE, "readings: [R-03, R-14, R-35]", "readings: [R-03, R-13]",
                     "allowance.readings[1]: R-13 has a choice here", id="a reading listed beside its choice"),
        pytest.param(CHENGDU_FILE, "readings: [R-03, R-14, R-35]", "readings: [R-03, R-02]",
                     "allowance.readings[1]: R-02 has a choice here", id="a reading of the days listed"),
        pytest.param(CHENGDU_FILE, "          binding_employer_types: [public_institution]\n", "",
                     "ladder.elsewhere.R-18: needs binding_employer_types", id="elsewhere of everywhere"),
        pytest.param(ZHENGZHOU_FILE, "unit: class_hour\n", "unit: {R-06: class_hour, registration_year: hour}\n",
                     "unit: R-06 has other alternatives than before in the same rule", id="fewer alternatives later"),
        pytest.param(LIAOCHENG_FILE, "- \"talent:national_leading\": {designated: {talents: [national_leading]",
                     "- \"talent:national_leading\": {designated: {talents: [high_level]",
                     "talent:national_leading: matches the same fact as talent:high_level",
                     id="two grounds for one title"),
        pytest.param(CHENGDU_FILE, "synonyms: [full_time_community_worker, community_worker]",
                     "synonyms: [full_time_community_worker, full_time_community_worker]",
                     "employed.roles.synonyms: full_time_community_worker is listed twice", id="a synonym twice"),
        pytest.param(CHENGDU_FILE, "designated: {ranks: [senior], authority",
                     "designated: {ranks: [senior], talents: [high_level], authority",
                     "is about talent titles or about ranks", id="titles and ranks in one"),
        pytest.param(CHENGDU_FILE, "served: {within_months: 12", "served: {within_months: 0",
                     "recent.served.within_months: must be 1 or more", id="a window without a day"),
        pytest.param(CHENGDU_FILE, "platforms: [成都社工管理服务平台]", 'platforms: [" "]',
                     "recent.served.platforms[0]: is empty", id="a platform without a name"),
        pytest.param(CHENGDU_FILE, "widened: true  # By", "in_window: true  # By",
                     "employed.in_window: the rule has no window with a last day", id="past work without a window"),
        pytest.param(CHENGDU_FILE, "within_months: 12", "within_months: 99999999",
                     "served.within_months: must be 1200 or less", id="months that no calendar has"),
        pytest.param(CHENGDU_FILE, "within_months: 12", "at_least: 101", "served.at_least: must be 100 or less",
                     id="records that nobody has"),
        pytest.param(CHENGDU_FILE, "tier: registration ", "tier: rank ",
                     "payment: the tier 'rank' is not one of the parts",
                     id="a tier that nothing gives"),
        pytest.param(CHENGDU_FILE, "- otherwise: {a_person_decides", "- registration: {a_person_decides",
                     "any_of[1].registration: two parts of the rule are named registration",
                     id="one name in two parts"),
        pytest.param(CHENGDU_FILE, "- otherwise: {a_person_decides", "- rule: {a_person_decides",
                     "any_of[1].rule: 'rule' is not a name", id="a part named as the rule"),
        pytest.param(CHENGDU_FILE, "          registration:\n            text:",
                     "          registered:\n            text:",
                     "allowance.told: has no sentence for registration", id="a part of which nothing is told"),
        pytest.param(CHENGDU_FILE, "          registration:\n            text:",
                     "          fame: {text: {zh: 名, en: Is known.}}\n          registration:\n            text:",
                     "allowance.told.fame: is the name of no part of the rule", id="told of no part"),
        pytest.param(ZHENGZHOU_FILE, "text: {zh: 社区工作者。,", "text: {R-05: 社区工作者。,",
                     "allowance.told.role.text.R-05: 'R-05' is not a member here", id="a choice in a sentence"),
        pytest.param(NATIONAL_FILE, "N-07, months: 36", "N-07, months: 1201",
                     "terms.registration.months: must be 1200 or less", id="a registration for more than a century"),
        pytest.param(NATIONAL_FILE, "all_hours: every_subject", "all_hours: some_subjects",
                     "terms.training.professional.all_hours: must be every_subject or a list, not 'some_subjects'",
                     id="an alternative of a term"),
        pytest.param(NATIONAL_FILE, "law_and_policy], within_years: 2", "law_and_policy], within_years: 11",
                     "intermediate.within_years: must be 10 or less", id="more exam years than ten"),
        pytest.param(NATIONAL_FILE, "{subjects: [practice], within_years: 1}", "{subjects: [], within_years: 1}",
                     "senior.subjects: is empty", id="an exam without subjects"),
        pytest.param(NATIONAL_FILE, 'senior: "90"}', 'basic: "90"}', "at_least: senior is missing",
                     id="hours by level without a level"),
        pytest.param(NATIONAL_FILE, "            senior: {subjects: [practice], within_years: 1}\n", "",
                     "exam_complete.levels: senior is missing", id="an exam without a level"),
        pytest.param(NATIONAL_FILE, "        registration: {}\n", "        undefined: {}\n", "never undefined",
                     id="a national rule that is undefined"),
        pytest.param(FOLDER / "fujian.yaml", "undefined: {}", "undefined: {tells: post}", "tells no post",
                     id="a post where none is asked about"),
        pytest.param(LIAOCHENG_FILE, "years: 5", "years: 9000", "rolling_years.years: must be 100 or less",
                     id="years before the calendar"),
        pytest.param(LIAOCHENG_FILE, "titles: {junior: junior, intermediate: intermediate, senior: senior}",
                     "titles: {}", "titles: is empty", id="titles of nobody"),
        pytest.param(ZHENGZHOU_FILE, "levels: [junior, intermediate, senior]", "levels: []", "levels: is empty",
                     id="a certificate of no level"),
        pytest.param(ZHENGZHOU_FILE, "intermediate: [8, 9, 10]", "intermediate: []", "bands.intermediate: is empty",
                     id="a band of no level"),
        pytest.param(ZHENGZHOU_FILE, "intermediate: [8, 9, 10]", "intermediate: [8, 9, 14]",
                     "bands.intermediate[2]: must be 13 or less", id="a post level that no post has"),
        pytest.param(ZHENGZHOU_FILE, "intermediate: [8, 9, 10]", "intermediate: [0]",
                     "bands.intermediate[0]: must be 1 or more", id="a post level below the first"),
        pytest.param(ZHENGZHOU_FILE, "target: 10000", "target: 100000000000",
                     "target: must be 100000000 or less", id="more people than any place has"),
        pytest.param(ZHENGZHOU_FILE, "{first_day: 2022-02-09}", "{first_day: 1899-12-31}",
                     "in_force.first_day: lies outside 1900-01-01 to 2199-12-31", id="a day before the first"),
        pytest.param(CHENGDU_FILE, "civil_count: 2027-03-01", "civil_count: 2200-01-01",
                     "in_force.last_day.civil_count: lies outside", id="a day after the last under an alternative"),
        pytest.param(CHENGDU_FILE, "civil_count: 2027-03-01", "civil_count: 2022-02-28",
                     "in_force: ends before it begins", id="an alternative that ends before it begins"),
        pytest.param(ZHENGZHOU_FILE, "as_of: 2022-02-08", "as_of: 2200-01-01", ".as_of: lies outside",
                     id="an example after the last day"),
        pytest.param(ZHENGZHOU_FILE, "clause: ZZ-33", "clause: LC-06",
                     "supervisor.clause: LC-06 is not a clause of a place whose edition is ZZ-36",
                     id="the clause of another place"),
        pytest.param(LIAOCHENG_FILE, "clause: LC-05", "clause: ZZ-05",
                     "degree.clause: ZZ-05 is not a clause of a place",
                     id="a part under the clause of another place"),
        pytest.param(ZHENGZHOU_FILE, "further_clauses: [ZZ-11,", "further_clauses: [CD-11,",
                     "further_clauses[0]: CD-11 is not a clause of a place", id="a further clause of another place"),
        pytest.param(ZHENGZHOU_FILE, "clause: ZZ-36", "clause: '36'", "'36' is not a clause of the register",
                     id="an edition whose clause is none"),
        pytest.param(CHENGDU_FILE, "- talent_apartment_policy:", '- "talent policy":',
                     "all_of[1].talent policy: 'talent policy' is not a name", id="a ground whose name is no word"),
        pytest.param(LIAOCHENG_FILE, "- direct_service:", "- Direct:", "any_of[0].Direct: 'Direct' is not a name",
                     id="a way whose name is no word"),
        pytest.param(ZHENGZHOU_FILE, "name: {zh: 郑州市,", 'name: {zh: "\\u200b\\ufeff\\u2060",', "name.zh: is empty",
                     id="a name that nobody sees"),
        pytest.param(ZHENGZHOU_FILE, "en: Zhengzhou}", 'en: "uohzgnehZ\\u202e"}',
                     "name.en: holds the control character U+202E", id="a name written backwards"),
        pytest.param(ZHENGZHOU_FILE, "en: Zhengzhou}", 'en: "Zhengzhou\\L1. met"}',
                     "name.en: holds the control character U+2028", id="a name of two lines"),
        pytest.param(CHENGDU_FILE, "en: Sichuan high-end talent}", 'en: " "}',
                     "vocabulary.talents.sichuan_high_end.en: is empty", id="a title without words"),
        pytest.param(ZHENGZHOU_FILE, "document: 郑州市", 'document: "\\e[2J" #',
                     "document: holds the control character U+001B",
                     id="a document that clears the screen"),
        pytest.param(ZHENGZHOU_FILE, "key_terms: [社工督导人才,", 'key_terms: ["\\u200b",',
                     "supervisor.told.rule.key_terms[0]: is empty",
                     id="a key term that nobody sees"),
        pytest.param(LIAOCHENG_FILE, "engaged: *engaged", "engaged: *nowhere", "undefined alias",
                     id="an anchor that is not there"),
        pytest.param(LIAOCHENG_FILE, "talent: {quality: *quality,", "talent: {<<: *quality,", "merges another mapping",
                     id="a merge"),
        pytest.param(LIAOCHENG_FILE, "further_clauses: [LC-16]", "further_clauses: [LC-16, LC-16]",
                     "LC-16 is listed twice", id="a further clause twice"),
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
        pytest.param("{event: supervisor.designated, on: 2023-06-30, rank: junior, authority: 洛阳市民政局, "
                     'jurisdiction: "410300"}',
                     "{event: event.voided, on: 2023-06-30, target: nope, reason: x}", "given[0].target: is not a UUID",
                     id="a target that is no id"),
        pytest.param("{event: supervisor.designated, on: 2023-06-30, rank: junior, authority: 洛阳市民政局, "
                     'jurisdiction: "410300"}',
                     "{event: local_standard.registered, on: 2023-06-30, determination: fame}", "given[0]",
                     id="a local measure of nothing"),
        pytest.param("as_of: 2023-06-30\n    given: [{event: sup",
                     'as_of: 2023-06-30\n    period: "abc"\n    given: [{event: sup',
                     "period: must be a year from 1900 to 2199", id="a period that is no year"),
        pytest.param("as_of: 2023-06-30\n    given: [{event: sup",
                     'as_of: 2023-06-30\n    period: "9999"\n    given: [{event: sup',
                     "period: must be a year from 1900 to 2199", id="a year beyond the last day"),
        pytest.param("expect: {supervisor: {status: valid,", "expect: {supervisor: {status: excellent,",
                     "expect.supervisor.status: 'excellent' is not a status", id="a status that there is not"),
        pytest.param("expect: {grade: none, supervisor: none}", "expect: {grade: fine, supervisor: none}",
                     "expect.grade: 'fine' is not a status", id="a status that there is not, alone"),
        pytest.param("expect: {grade: none, supervisor: none}", "expect: {grade: 5}",
                     "expect.grade: must be a text or an object, not a whole number", id="a number for a status"),
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


def with_another_edition(first_day: str) -> tuple[str, int]:
    """Return the file of Zhengzhou with its edition once more, from another day, and the line of that day."""
    text = ZHENGZHOU_FILE.read_text()
    begin, end = text.index("  - edition:"), text.index("examples:")
    other = (
        text[begin:end]
        .replace('"2022-02-09"', f'"{first_day} again"')
        .replace("{first_day: 2022-02-09}", f"{{first_day: {first_day}}}")
    )
    return text[:end] + other + text[end:], text[:end].count("\n") + 5


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


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_file_loads_as_its_shipped_document_does(path: Path) -> None:
    pack = loaded(path)
    assert load_pack(shipped()[pack.jurisdiction].document) == pack


def test_two_files_for_one_place_are_refused_with_both_names(tmp_path: Path) -> None:
    for name in ("one.yaml", "other.yaml"):
        shutil.copy(ZHENGZHOU_FILE, tmp_path / name)
    with pytest.raises(TwoPacksOfAPlaceError, match=r"one\.yaml and .*other\.yaml are both of jurisdiction 410100"):
        packs_of(tmp_path)


def test_every_pack_file_is_shipped_under_its_own_place() -> None:
    assert len(shipped()) == len(list(FOLDER.glob("*.yaml")))
    assert all(msgspec.json.decode(pack.document)["jurisdiction"] == place for place, pack in shipped().items())
