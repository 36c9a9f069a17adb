"""`ledgerctl policies check`: whose answers a change of a pack changes, from what to what, on which days."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.policies.shipped import FOLDER, Shipped, read_yaml, shipped, shipped_pack
from contracts.strict_yaml import read_strictly
from services.cli.effects import Change, Effect, Person, changed_places, effect_of, touched_determinations
from services.cli.main import app
from tests.histories import CHENGDU, ZHENGZHOU, Told, certified, employed, recorded, trained

SIXTH = Path(__file__).parents[1] / "rules" / "sixth_place.yaml"
LAST = date(2028, 12, 31)
TRAINED = (employed("2023-01-01"), trained("2023-06-01", "70"))
run = CliRunner()


def person(*history: Told, name: str = "P-1") -> Person:
    return Person(name, tuple(recorded(history)))


def with_pack(place: str, old: str, new: str) -> dict[str, Shipped]:
    """Return the shipped packs, one of them with some text of its file replaced."""
    [path] = [path for path in FOLDER.glob("*.yaml") if read_yaml(path)["jurisdiction"] == place]
    text = path.read_text(encoding="utf-8")
    assert old in text
    return {**shipped(), place: shipped_pack(read_strictly(text.replace(old, new), "changed").value)}


def effect(place: str, after: dict[str, Shipped], *people: Person) -> Effect:
    return effect_of(place, shipped(), after, people, LAST)


def change(found: Effect, before: str, after: str) -> Change:
    [one] = [one for one in found.changes if (one.before, one.after) == (before, after)]
    return one


def test_a_higher_figure_tells_who_no_longer_reaches_it_and_when() -> None:
    """ZZ-18 with 80 class hours in place of 60: 70 are enough no more, from 1 June, and not met on 31 December."""
    after = with_pack(ZHENGZHOU, 'required: "60"', 'required: "80"')
    assert changed_places(shipped(), after) == [ZHENGZHOU]
    found = effect(ZHENGZHOU, after, person(*TRAINED), person(employed("2023-01-01", CHENGDU), name="P-2"))
    assert (found.name, found.cohort, found.as_if_there) == ("Zhengzhou", 1, False)
    assert list(found.determinations) == ["continuing_education.annual"]
    pending = change(found, "met", "pending")
    assert (pending.people, pending.first_day, pending.last_day) == (1, date(2023, 6, 1), date(2023, 12, 30))
    not_met = change(found, "met", "not_met")
    assert (not_met.days, not_met.first_day) == (1, date(2023, 12, 31))
    assert not_met.samples == ["P-1 from 2023-12-31"]


def test_a_last_day_that_moves_tells_the_days_between() -> None:
    """CD-35."""
    after = with_pack(CHENGDU, "last_day: 2027-02-28", "last_day: 2026-12-31")
    found = effect(CHENGDU, after, person(employed("2023-01-01", "510107"), certified("2022-01-01")))
    gone = change(found, "needs_review", "not_in_force")
    assert (gone.determination, gone.first_day, gone.last_day) == (
        "benefit.apartment",
        date(2027, 1, 1),
        date(2027, 2, 28),
    )
    assert gone.days == 59


def test_a_place_where_nobody_works_is_asked_as_if_everybody_did() -> None:
    sixth = shipped_pack(read_yaml(SIXTH))
    after = {**shipped(), sixth.jurisdiction: sixth}
    found = effect(sixth.jurisdiction, after, person(*TRAINED, certified("2024-01-01", "senior")))
    assert (found.cohort, found.as_if_there, found.digests) == (1, True, (None, sixth.digest))
    assert change(found, "undefined_in_policy", "eligible").first_day == date(2024, 5, 1)


def test_of_two_changed_packs_each_is_told_by_itself() -> None:
    higher = with_pack(ZHENGZHOU, 'required: "60"', 'required: "80"')
    both = {**higher, CHENGDU: with_pack(CHENGDU, "last_day: 2027-02-28", "last_day: 2026-12-31")[CHENGDU]}
    moving = person(*TRAINED, employed("2024-01-01", CHENGDU))
    assert changed_places(shipped(), both) == [ZHENGZHOU, CHENGDU]
    assert effect(ZHENGZHOU, both, moving).changes == effect(ZHENGZHOU, higher, moving).changes


def test_another_wording_is_no_change() -> None:
    reworded = with_pack(ZHENGZHOU, "name: {zh: 郑州市, en: Zhengzhou}", "name: {zh: 郑州, en: The City of Zhengzhou}")
    assert changed_places(shipped(), reworded) == []


def test_a_changed_rule_touches_its_own_determination_and_changed_days_touch_all() -> None:
    pack = shipped()[CHENGDU]
    moved = with_pack(CHENGDU, "last_day: 2027-02-28", "last_day: 2026-12-31")[CHENGDU]
    assert touched_determinations(pack, moved) == touched_determinations(None, pack)
    assert touched_determinations(pack, pack) == []


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the shipped packs that a test may change."""
    folder = tmp_path / "packs"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def check(*arguments: object) -> Any:
    return run.invoke(app, ["policies", "check", *map(str, arguments)])


def test_nothing_changed_says_so(packs: Path) -> None:
    done = check("--base", packs)
    assert done.exit_code == 0, done.stderr
    assert "nobody's answer changes" in done.stdout


def test_a_changed_pack_is_told_in_words_and_as_json(packs: Path) -> None:
    zhengzhou = packs / "zhengzhou.yaml"
    zhengzhou.write_text(zhengzhou.read_text(encoding="utf-8").replace('required: "60"', 'required: "80"'), "utf-8")
    cohort = ("--practitioners", 20, "--seed", 3, "--packs", packs, "--base", FOLDER)
    done = check(*cohort)
    assert done.exit_code == 0, done.stderr
    assert "continuing_education.annual: met → not_met" in done.stdout
    told = json.loads(check(*cohort, "--json").stdout)
    [changed] = told["changed"]
    assert changed["jurisdiction"] == ZHENGZHOU
    assert {"people", "days", "first_day", "last_day", "samples"} <= changed["changes"][0].keys()


def test_a_pack_that_cannot_be_used_is_told_with_file_line_and_key(packs: Path) -> None:
    zhengzhou = packs / "zhengzhou.yaml"
    zhengzhou.write_text(zhengzhou.read_text(encoding="utf-8").replace("readings: [R-01]", "raedings: [R-01]"), "utf-8")
    done = check("--packs", packs, "--base", FOLDER)
    assert done.exit_code == 1
    assert "zhengzhou.yaml, line" in done.stderr
    assert "raedings" in done.stderr


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
        assert f"liaocheng.yaml, line {line}: editions[0].determinations.{key}" in told
        assert f"the register docs/policies/rules.md has no clause {clause}" in told


def test_two_files_for_one_place_are_told_by_both_names(packs: Path) -> None:
    shutil.copy(packs / "zhengzhou.yaml", packs / "again.yaml")
    done = check("--packs", packs, "--base", FOLDER)
    assert done.exit_code == 1
    assert "again.yaml and" in done.stderr
    assert f"zhengzhou.yaml are both of jurisdiction {ZHENGZHOU}" in " ".join(done.stderr.split())


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
