"""`ledgerctl policies check`: whose answers a change of a pack changes, from what to what, on which days."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.events.codec import parse_data
from contracts.events.values import LAST_DAY
from contracts.policies.choices import reading_of
from contracts.policies.packs import Shipped
from contracts.policies.shipped import FOLDER, read_yaml, shipped, shipped_pack
from contracts.strict_yaml import read_strictly
from services.cli.main import app
from services.core.authoring.effects import EffectOfEdits, effect_of_edits
from services.core.questions.effect import Change, Effect
from services.core.questions.whatif import Cohort, Difference, Person, changed_places, touched_determinations
from services.demo.cohort import cohort_of
from services.demo.places import place_of
from services.whatif.report import effect_lines
from tests.documents import text_with
from tests.lives import CHENGDU, ZHENGZHOU, Life, recorded, someone, worker

SIXTH = Path(__file__).parents[1] / "rules" / "sixth_place.yaml"
LAST = date(2028, 12, 31)
TRAINED = someone.employed("2023-01-01", ZHENGZHOU).trained("2023-06-01", "70")
run = CliRunner()


def person(life: Life, name: str = "P-1") -> Person:
    return Person(name, tuple(recorded(life)))


def with_pack(place: str, old: str, new: str) -> dict[str, Shipped]:
    """Return the shipped packs, one of them with some text of its file replaced."""
    [path] = [path for path in FOLDER.glob("*.yaml") if read_yaml(path)["jurisdiction"] == place]
    text = path.read_text(encoding="utf-8")
    assert old in text
    return {**shipped(), place: shipped_pack(read_strictly(text.replace(old, new), "changed").value)}


def effect(place: str, after: dict[str, Shipped], *people: Person) -> EffectOfEdits:
    return effect_of_edits(place, shipped(), after, Cohort(people, (), LAST))


def change(found: Effect, before: str, after: str) -> Change:
    [one] = [one for one in found.changes if (one.before, one.after) == (before, after)]
    return one


def of_kind(found: Effect, kind: Difference) -> list[Change]:
    return [one for one in found.changes if one.kind == kind]


def edited(found: EffectOfEdits) -> list[tuple[str, Any, Any, str]]:
    return [(".".join(edit.at), edit.before, edit.after, edit.turns) for edit in found.edits]


def test_a_higher_figure_tells_who_no_longer_reaches_it_and_when() -> None:
    """ZZ-18 with 80 class hours in place of 60: 70 are enough no more, from 1 June, and not met on 31 December."""
    after = with_pack(ZHENGZHOU, 'at_least: "60"', 'at_least: "80"')
    assert changed_places(shipped(), after) == [ZHENGZHOU]
    found = effect(ZHENGZHOU, after, person(TRAINED), person(someone.employed("2023-01-01", CHENGDU), name="P-2"))
    assert (found.name, found.careers.asked, found.careers.other_status) == ("Zhengzhou", 1, 1)
    assert list(found.determinations) == ["continuing_education.annual"]
    pending = change(found, "met", "pending")
    assert (pending.careers, pending.first_day, pending.last_day) == (1, date(2023, 6, 1), date(2023, 12, 30))
    not_met = change(found, "met", "not_met")
    assert (not_met.days, not_met.first_day) == (1, date(2023, 12, 31))
    assert (not_met.sample.person, not_met.sample.on) == ("P-1", date(2023, 12, 31))
    assert (not_met.sample.before.result["shortfall_hours"], not_met.sample.after.result["shortfall_hours"]) == (
        "0",
        "10",
    )


def test_what_was_edited_is_told_key_by_key_with_what_it_can_turn() -> None:
    at = "editions.2022-02-09.rules.continuing_education.annual"
    after = with_pack(ZHENGZHOU, 'at_least: "60"', 'at_least: "80"')
    assert edited(effect(ZHENGZHOU, after)) == [(f"{at}.training.at_least", "60", "80", "answers")]
    cited = with_pack(ZHENGZHOU, "clause: ZZ-18", "clause: ZZ-19")
    assert edited(effect(ZHENGZHOU, cited)) == [
        ("editions.2022-02-09.indicators.I-17.clause", "ZZ-18", "ZZ-19", "figures"),
        (f"{at}.clause", "ZZ-18", "ZZ-19", "citations"),
    ]


def test_another_target_turns_a_figure_and_nobodys_answer() -> None:
    found = effect(ZHENGZHOU, with_pack(ZHENGZHOU, "target: 10000", "target: 12000"), person(TRAINED))
    assert edited(found) == [("editions.2022-02-09.indicators.I-11.target", 10_000, 12_000, "figures")]
    assert (list(found.determinations), found.changes) == ([], [])
    told = "\n".join(effect_lines("HEAD", found))
    assert "2022-02-09 indicators.I-11.target: 10000 → 12000" in told
    assert "Nobody's answer changes: a figure counts differently, while people's answers stay the same." in told


def test_what_is_gained_or_lost_comes_first_what_is_open_later_and_what_nobody_is_judged_by_last() -> None:
    found = effect(ZHENGZHOU, with_pack(ZHENGZHOU, 'at_least: "60"', 'at_least: "80"'), person(TRAINED))
    assert [(one.kind, one.before, one.after) for one in found.changes] == [
        ("status", "met", "not_met"),
        ("status", "met", "pending"),
        ("result", None, None),
    ]
    earlier = person(someone.employed("2020-01-01", ZHENGZHOU).trained("2023-06-01", "70"))
    found = effect(ZHENGZHOU, with_pack(ZHENGZHOU, 'at_least: "60"', 'at_least: "80"'), earlier)
    [unjudged] = of_kind(found, "unjudged")
    assert found.changes[-1] is unjudged
    assert (unjudged.first_day, unjudged.last_day) == (date(2020, 1, 1), date(2022, 2, 8))
    assert unjudged.fields == ["required_hours", "shortfall_hours"]


def test_a_last_day_that_moves_tells_the_days_between() -> None:
    """CD-35."""
    after = with_pack(CHENGDU, "R-02: 2027-02-28", "R-02: 2026-12-31")
    found = effect(CHENGDU, after, person(someone.employed("2023-01-01", "510107").certified("2022-01-01")))
    gone = change(found, "needs_review", "not_in_force")
    assert (gone.determination, gone.first_day, gone.last_day) == (
        "benefit.apartment",
        date(2027, 1, 1),
        date(2027, 2, 28),
    )
    assert gone.days == 59


def test_an_edition_that_begins_on_another_day_is_the_same_edition_edited() -> None:
    after = with_pack(CHENGDU, "2022-03-01", "2022-06-01")
    found = effect(CHENGDU, after, person(someone.employed("2021-01-01", "510107")))
    assert ("editions.2022-03-01.in_force.first_day", "2022-03-01", "2022-06-01", "answers") in edited(found)
    gone = change(found, "needs_review", "not_in_force")
    assert (gone.first_day, gone.last_day) == (date(2022, 3, 1), date(2022, 5, 31))


def test_a_new_place_is_asked_by_its_examples_and_by_who_works_there() -> None:
    sixth = shipped_pack(read_yaml(SIXTH))
    after = {**shipped(), sixth.jurisdiction: sixth}
    cohort = cohort_of(sixth.jurisdiction, shipped(), after, 40, 1)
    found = effect_of_edits(sixth.jurisdiction, shipped(), after, cohort)
    assert found.digests == (None, sixth.digest)
    assert found.careers.asked > 10
    assert change(found, "undefined_in_policy", "eligible").examples > 0


def test_a_reading_is_told_with_whom_another_choice_would_judge_otherwise() -> None:
    """R-13: without it nobody hears that the allowance may begin on the first day of the month after."""
    since = "2023-01-01"
    works = worker(CHENGDU, since).registered(since, level="junior").served("2023-02-01").assessed(since, "2023-12-31")
    found = effect(
        CHENGDU,
        with_pack(CHENGDU, "{R-13: first_day, first_of_next_month: next_month}", "first_day"),
        person(works.certified("2023-02-10")),
    )
    [told] = of_kind(found, "alternatives")
    assert (told.determination, told.careers, of_kind(found, "status")) == ("allowance", 1, [])
    assert told.sample.on == date(2023, 2, 10)
    assert set(told.sample.before.alternatives) - set(told.sample.after.alternatives) == {
        "R-13 first_of_next_month: not_eligible"
    }


def test_a_text_that_ends_later_under_another_reading_is_told_on_the_day_on_which_that_is_felt() -> None:
    """CD-35, R-02."""
    after = with_pack(CHENGDU, "civil_count: 2027-03-01", "civil_count: 2027-03-05")
    found = effect(CHENGDU, after, person(someone.employed("2023-01-01", "510107")))
    told = {one.determination: one for one in of_kind(found, "alternatives")}
    assert told["benefit.apartment"].first_day == date(2027, 3, 2)
    assert told["benefit.apartment"].days is None


def test_of_two_changed_packs_each_is_told_by_itself() -> None:
    higher = with_pack(ZHENGZHOU, 'at_least: "60"', 'at_least: "80"')
    both = {**higher, CHENGDU: with_pack(CHENGDU, "R-02: 2027-02-28", "R-02: 2026-12-31")[CHENGDU]}
    moving = person(TRAINED.employed("2024-01-01", CHENGDU))
    assert changed_places(shipped(), both) == [ZHENGZHOU, CHENGDU]
    assert effect(ZHENGZHOU, both, moving).changes == effect(ZHENGZHOU, higher, moving).changes


# Who is asked


@pytest.mark.parametrize("place", shipped())
def test_everything_that_is_known_of_who_is_asked_could_be_recorded(place: str) -> None:
    for one in cohort_of(place, shipped(), shipped(), 40, 1).people:
        for event in one.events:
            parse_data(event.type, date.fromisoformat(event.occurred_on), event.raw)


@pytest.mark.parametrize("first_day", ["1900-01-01", "2199-12-31"])
def test_who_is_asked_lives_inside_the_calendar_wherever_a_text_begins(first_day: str) -> None:
    after = with_pack(ZHENGZHOU, "{first_day: 2022-02-09}", f"{{first_day: {first_day}}}")
    cohort = cohort_of(ZHENGZHOU, shipped(), after, 1, 1)
    for one in cohort.people:
        for event in one.events:
            parse_data(event.type, date.fromisoformat(event.occurred_on), event.raw)
    assert cohort.last <= LAST_DAY
    assert effect_of_edits(ZHENGZHOU, shipped(), after, cohort).changes


def amended(document: Any, determination: str, first_day: str) -> Any:
    """Return the document with a later text of one rule alone."""
    text = text_with(document, determination)
    rules = {determination: text["rules"][determination]}
    amendment = {**text, "edition": first_day, "in_force": {"first_day": first_day}, "rules": rules}
    return {**document, "editions": [{**amendment, "indicators": {}}, *document["editions"]]}


def test_a_later_text_of_one_rule_leaves_a_place_all_that_its_older_text_says() -> None:
    amendment = amended(json.loads(shipped()[CHENGDU].document), "benefit.apartment", "2026-09-01")
    assert place_of(shipped_pack(amendment).pack) == place_of(shipped()[CHENGDU].pack)


def test_who_is_asked_lives_around_the_year_of_every_text() -> None:
    document = amended(json.loads(shipped()[CHENGDU].document), "benefit.apartment", "2026-09-01")
    before = {**shipped(), CHENGDU: shipped_pack(document)}
    people = cohort_of(CHENGDU, before, before, 1, 1).people
    drawn = {person.name.split(" “")[0] for person in people if person.name.startswith("portrait")}
    assert drawn == {f"portrait of {text['in_force']['first_day'][:4]}" for text in document["editions"]}
    assert len(drawn) > 1


def test_the_same_packs_ask_the_same_people() -> None:
    assert cohort_of(CHENGDU, shipped(), shipped(), 5, 1) == cohort_of(CHENGDU, shipped(), shipped(), 5, 1)


def test_who_is_asked_has_lived_by_the_rules_from_before_the_change() -> None:
    after = with_pack(ZHENGZHOU, 'at_least: "60"', 'at_least: "80"')
    was, now = (cohort_of(ZHENGZHOU, shipped(), packs, 40, 1) for packs in (shipped(), after))
    assert was == now


Keys = tuple[str | int, ...]


def droppable(value: Any, at: Keys = ()) -> Iterator[Keys]:
    """Yield the keys to each part of a rule that can be dropped: one of several.

    What stands under an alternative of a reading changes no status.
    """
    if isinstance(value, dict):
        reading = reading_of(value)
        for key, child in value.items():
            if key in ("all_of", "any_of") and len(child) > 1:
                yield from ((*at, key, index) for index in range(len(child)))
            if reading in (None, key):
                yield from droppable(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from droppable(child, (*at, index))


NAMES_A_PART = ("tier", "names", "where", "covers")


def rested_on(value: Any) -> set[str]:
    """Return the names of the parts on which another part of a rule, or its tier, rests."""
    if isinstance(value, list):
        return set().union(*map(rested_on, value))
    if not isinstance(value, dict):
        return set()
    named = {value[key] for key in NAMES_A_PART if isinstance(value.get(key), str)}
    return named.union(*map(rested_on, value.values()))


ONLY_ANOTHER_REASON = {"and_others"}
"""Whoever meets such a part meets another one beside it, which gives the same status for another reason (CX-08: work
there on some day of the plan, R-37)."""


def without(rule: dict[str, Any], at: Keys) -> dict[str, Any]:
    changed: dict[str, Any] = deepcopy(rule)
    inside: Any = changed
    for key in at[:-1]:
        inside = inside[key]
    del inside[at[-1]]
    return changed


def part_at(rule: dict[str, Any], at: Keys) -> Any:
    inside: Any = rule
    for key in at:
        inside = inside[key]
    return inside


PARTS = [
    pytest.param(place, index, name, at, id=f"{place} {name} {'.'.join(map(str, at))}")
    for place, pack in shipped().items()
    for index, text in enumerate(json.loads(pack.document)["editions"])
    for name, rule in text["rules"].items()
    for at in droppable(rule)
    if not (ONLY_ANOTHER_REASON | rested_on(rule)) & set(part_at(rule, at))
]


@cache
def people_of(place: str) -> Cohort:
    return cohort_of(place, shipped(), shipped(), 1, 1)


@pytest.mark.parametrize(("place", "index", "name", "at"), PARTS)
def test_a_part_that_is_dropped_changes_somebody(place: str, index: int, name: str, at: Keys) -> None:
    """Otherwise a change of a rule could seem to affect nobody."""
    document = json.loads(shipped()[place].document)
    rules = document["editions"][index]["rules"]
    rules[name] = without(rules[name], at)
    after = {**shipped(), place: shipped_pack(document)}
    found = effect_of_edits(place, shipped(), after, people_of(place))
    only_shown = "engaged" in at and "engaged" not in rules[name]["talent"]["asked"]
    assert of_kind(found, "result" if only_shown else "status")


def test_another_wording_is_no_change() -> None:
    reworded = with_pack(ZHENGZHOU, "name: {zh: 郑州市, en: Zhengzhou}", "name: {zh: 郑州, en: The City of Zhengzhou}")
    assert changed_places(shipped(), reworded) == []


def test_a_changed_rule_touches_its_own_determination_and_changed_days_touch_all() -> None:
    pack = shipped()[CHENGDU]
    moved = with_pack(CHENGDU, "R-02: 2027-02-28", "R-02: 2026-12-31")[CHENGDU]
    assert touched_determinations(pack, moved) == touched_determinations(None, pack)
    assert touched_determinations(pack, pack) == []


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the shipped packs that a test may change."""
    folder = tmp_path / "packs"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace some text of a pack's file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def check(*arguments: object) -> Any:
    return run.invoke(app, ["policies", "check", *map(str, arguments)])


def test_nothing_changed_says_so(packs: Path) -> None:
    done = check("--base", packs)
    assert done.exit_code == 0, done.stderr
    assert "nobody's answer changes" in done.stdout


def test_a_changed_pack_is_told_in_words_and_as_json(packs: Path) -> None:
    edit(packs / "zhengzhou.yaml", 'at_least: "60"', 'at_least: "80"')
    cohort = ("--practitioners", 20, "--seed", 3, "--packs", packs, "--base", FOLDER)
    done = check(*cohort)
    assert "continuing_education.annual training.at_least: 60 → 80" in done.stdout
    assert "continuing_education.annual: met → not_met on" in done.stdout
    told = json.loads(check(*cohort, "--json").stdout)
    [changed] = told["changed"]
    assert changed["jurisdiction"] == ZHENGZHOU
    assert {"careers", "examples", "days", "first_day", "last_day", "sample"} <= changed["changes"][0].keys()
    assert changed["changes"][0]["sample"]["person"] in done.stdout


def test_the_how_to_shows_what_the_run_says(packs: Path) -> None:
    """docs/how-to/try-a-rule.md, step 5: its lines in their order, each up to where it is cut with …"""
    page = (FOLDER.parents[1] / "docs" / "how-to" / "try-a-rule.md").read_text(encoding="utf-8")
    shown = re.search(r"```\n(Zhengzhou \(410100\) differs from HEAD\n.*?)```", page, re.DOTALL)
    assert shown
    edit(packs / "zhengzhou.yaml", 'at_least: "60"', 'at_least: "61"')
    said = check("--packs", packs, "--base", FOLDER).stdout.replace(str(FOLDER), "HEAD").splitlines()
    begin = said.index("Zhengzhou (410100) differs from HEAD")
    for line, told in zip(shown[1].splitlines(), said[begin:], strict=False):
        assert told.startswith(line.removesuffix("…"))


def test_an_example_that_no_longer_holds_is_told_with_what_came_instead(packs: Path) -> None:
    edit(packs / "zhengzhou.yaml", 'at_least: "60"', 'at_least: "61"')
    done = check("--packs", packs, "--base", FOLDER, "--practitioners", 1)
    assert done.exit_code == 1
    said = " ".join(done.stderr.split())
    assert "410100 “60 itself is enough”: continuing_education.annual met_on: expected '2023-03-10', got None" in said
    told = json.loads(check("--packs", packs, "--base", FOLDER, "--practitioners", 1, "--json").stdout)
    assert "60 itself is enough" in {one["name"] for one in told["broken_examples"]}


def test_what_no_example_shows_is_told_where_its_rule_stands_and_fails_if_that_is_required(packs: Path) -> None:
    edit(packs / "fujian.yaml", "as_of: 2021-01-27", "as_of: 2021-01-26")
    file = packs / "fujian.yaml"
    arguments = ("--packs", packs, "--base", packs)
    done = check(*arguments)
    assert done.exit_code == 0, done.stderr
    assert f"{file}: 6 outcomes and days are in no example; --all-examples names them" in " ".join(done.stderr.split())
    done = check(*arguments, "--all-examples")
    assert done.exit_code == 1
    assert re.search(
        r"fujian\.yaml, line \d+: editions\[0\]\.rules\.allowance: "
        r"has no example as of 2021-01-27, the day before its text",
        " ".join(done.stderr.split()),
    )
    [told, *_] = json.loads(check(*arguments, "--json").stdout)["lacking_examples"]
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[told["line"] - 1].strip() == f"{told['at'].removeprefix('editions[0].rules.')}:"


def test_the_shipped_packs_lack_no_example() -> None:
    done = check("--all-examples", "--base", FOLDER)
    assert done.exit_code == 0, done.stderr
    assert "no example" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("clause: ZZ-33", "clause: ZZ-34", "it cites something else, which can change no status and no result"),
        ("name: {zh: 郑州市,", "name: {zh: 郑州,", "says the same rules as"),
    ],
)
def test_a_change_that_changes_nobody_says_why(packs: Path, old: str, new: str, why: str) -> None:
    edit(packs / "zhengzhou.yaml", old, new)
    done = check("--packs", packs, "--base", FOLDER, "--practitioners", 2)
    assert done.exit_code == 0, done.stderr
    assert "nobody's answer changes" in done.stdout.lower()
    assert why in done.stdout


def test_one_of_those_who_are_asked_can_be_looked_at(packs: Path) -> None:
    edit(packs / "zhengzhou.yaml", 'at_least: "60"', 'at_least: "61"')
    asked = ("--packs", packs, "--base", FOLDER, "--practitioners", 1)
    shown = check(*asked, "--person", "example “60 itself is enough”")
    assert shown.exit_code == 0
    assert "training.completed" in shown.stdout
    assert "2023-12-31 to 2023-12-31 continuing_education.annual: met → not_met" in shown.stdout
    nobody = check(*asked, "--person", "nobody")
    assert nobody.exit_code == 2
    assert "nobody" in nobody.stderr


def test_a_pack_that_cannot_be_used_is_told_with_file_line_and_key(packs: Path) -> None:
    edit(packs / "zhengzhou.yaml", "readings: [R-03]", "raedings: [R-03]")
    done = check("--packs", packs, "--base", FOLDER)
    assert done.exit_code == 1
    assert "zhengzhou.yaml, line" in done.stderr
    assert "raedings" in done.stderr


def test_what_is_no_pack_among_them_is_told_by_its_name(packs: Path) -> None:
    (packs / "zhengzhou.yaml").rename(packs / "zhengzhou.yml")
    (packs / "folder.yaml").mkdir()
    done = check("--packs", packs, "--base", FOLDER)
    assert done.exit_code == 1
    told = " ".join(done.stderr.split())
    assert "zhengzhou.yml, line 1: a pack's name ends in .yaml: zhengzhou.yaml" in told
    assert "folder.yaml, line 1: is not a file" in told


def test_a_clause_that_the_register_does_not_have_is_told_with_file_line_and_key(packs: Path) -> None:
    path = packs / "liaocheng.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("clause: LC-24", "clause: LC-99").replace("[LC-16]", "[LC-16, LC-98]"), "utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    done = check("--packs", packs, "--base", FOLDER)
    assert done.exit_code == 1
    told = " ".join(done.stderr.split())
    for key, clause in (("allowance.clause", "LC-99"), ("title.further_clauses[1]", "LC-98")):
        [line] = [number for number, one in enumerate(lines, 1) if clause in one]
        assert f"liaocheng.yaml, line {line}: editions[0].rules.{key}" in told
        assert f"the register docs/policies/rules.md has no clause {clause}" in told


def test_a_term_that_no_pack_defines_is_told_with_file_line_and_key_of_each_rule_that_needs_it(packs: Path) -> None:
    edit(packs / "national.yaml", '      exam: {clause: N-04, pass_mark: "60"}\n', "")
    lines = (packs / "national.yaml").read_text(encoding="utf-8").splitlines()
    done = check("--packs", packs, "--base", FOLDER)
    assert done.exit_code == 1
    [line] = [number for number, one in enumerate(lines, 1) if one == "      exam.complete:"]
    told = " ".join(done.stderr.split())
    assert f"national.yaml, line {line}: editions[3].rules.exam.complete: no text of the place defines the term" in told


def test_two_files_for_one_place_are_told_by_both_names(packs: Path) -> None:
    shutil.copy(packs / "zhengzhou.yaml", packs / "again.yaml")
    done = check("--packs", packs, "--base", FOLDER)
    assert done.exit_code == 1
    assert "again.yaml and" in done.stderr
    assert f"zhengzhou.yaml are both of jurisdiction {ZHENGZHOU}" in " ".join(done.stderr.split())


def test_a_pack_of_the_base_that_this_release_cannot_read_is_told_and_not_compared(packs: Path) -> None:
    edit(packs / "national.yaml", "in_force:", "from:")
    edit(packs / "zhengzhou.yaml", 'at_least: "60"', 'at_least: "80"')
    done = check("--base", packs, "--practitioners", 2)
    assert done.exit_code == 0, done.stderr
    assert "not compared" in done.stderr
    assert "national.yaml, line" in done.stderr
    assert "Zhengzhou (410100) differs" in done.stdout
    assert "National" not in done.stdout


def test_packs_without_that_of_the_nation_are_refused(packs: Path) -> None:
    (packs / "national.yaml").unlink()
    for arguments, code in ((("--base", packs), 2), (("--packs", packs, "--base", FOLDER), 1)):
        done = check(*arguments)
        assert done.exit_code == code
        assert "no pack of the nation (100000), from which every place inherits" in " ".join(done.stderr.split())


def test_a_base_that_is_neither_folder_nor_commit_is_refused() -> None:
    done = check("--base", "no-such-commit")
    assert done.exit_code == 2
    assert "no-such-commit" in done.stderr


def test_the_packs_of_a_commit_are_compared() -> None:
    root = FOLDER.parents[1]
    here = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], capture_output=True, check=False)  # noqa: S603, S607 - git of this machine.
    if here.returncode != 0:
        pytest.skip("no git repository around the packs")
    done = check("--base", here.stdout.decode().strip(), "--practitioners", 2, "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["packs"].keys() == shipped().keys()
