"""`ledgerctl policies`: are the packs well made, and whom does a change of them touch."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.terms import FAILED, WRONG_ARGUMENTS, AsJson, epilog, say, say_in_red

if TYPE_CHECKING:
    from contracts.policies.shipped import Shipped
    from services.cli.effects import Effect, Person

MAX_PRACTITIONERS = 100_000
YEARS_OF_COHORT = 8
YEARS_AHEAD = 3
"""How far behind today the answers are compared: a change may only bear on days to come."""
GIT_TIMEOUT_S = 30
EPILOG = epilog(
    (
        "ledgerctl policies check",
        "ledgerctl policies check --base HEAD~1 --practitioners 1000",
        "ledgerctl policies check --base ../before/contracts/policies --json",
    ),
    FAILED,
    WRONG_ARGUMENTS,
)

app = typer.Typer(help="The policy packs of contracts/policies.", no_args_is_help=True)


class UnreadableBase(Exception):
    """What to compare with cannot be read. The message says why."""


@app.command(epilog=EPILOG)
def check(
    base: Annotated[
        str, typer.Option(metavar="REF|FOLDER", help="Compare with the packs of a commit, or of a folder.")
    ] = "HEAD",
    practitioners: Annotated[int, typer.Option(help="How many people are asked.", min=1, max=MAX_PRACTITIONERS)] = 200,
    seed: Annotated[int, typer.Option(help="Another seed, other careers.", min=0)] = 1,
    folder: Annotated[
        Path | None, typer.Option("--packs", help="The packs, if not those of contracts/policies.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every pack, and tell whose answers change, from what to what, where a pack was changed.

    The people are careers that could have happened, judged in memory: no database and no ledger is touched. Texts,
    key terms and examples are no change.
    """
    from contracts.policies.shipped import FOLDER
    from services.cli.clauses import REGISTER, known_clauses

    clauses = known_clauses(REGISTER.read_text(encoding="utf-8")) if REGISTER.is_file() else None
    if clauses is None:
        say(f"clauses are not looked up: there is no {REGISTER}")
    packs, wrong = read_packs(folder or FOLDER, clauses)
    for told in wrong:
        say_in_red("a pack cannot be used", told)
    if wrong:
        raise typer.Exit(FAILED)
    try:
        with base_folder(base) as compared:
            before, unreadable = read_packs(compared)
    except UnreadableBase as error:
        say_in_red("cannot compare", error)
        raise typer.Exit(WRONG_ARGUMENTS) from error
    for told in unreadable:
        say(f"of {base}, not compared: {told}")
    effects = effects_between(before, packs, practitioners, seed, skip=bool(unreadable))
    if as_json:
        typer.echo(json.dumps(_as_json(base, packs, effects, unreadable), ensure_ascii=False))
    else:
        for line in told_lines(base, packs, effects):
            typer.echo(line)


def read_packs(folder: Path, clauses: Collection[str] | None = None) -> "tuple[dict[str, Shipped], list[str]]":
    """Return the packs of a folder, and what is wrong with those that cannot be used: file, line and key.

    With `clauses`, a pack may cite no other.
    """
    import yaml

    from contracts.policies.shipped import read_pack_file, shipped_pack, two_packs
    from contracts.strict_yaml import StrictYamlError, shown
    from services.cli.clauses import unknown_clauses
    from services.projections.packs import InvalidPackError, load_pack_file

    packs: dict[str, Shipped] = {}
    files: dict[str, Path] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            load_pack_file(path)
            read = read_pack_file(path)
        except (StrictYamlError, InvalidPackError, yaml.YAMLError) as error:
            wrong.append(str(error))
            continue
        pack = shipped_pack(read.value)
        if clauses is not None:
            wrong += [
                f"{path}, line {read.line_of(at)}: {shown(at)}: the register docs/policies/rules.md has no clause {one}"
                for at, one in unknown_clauses(read.value, clauses)
            ]
        if pack.jurisdiction in files:
            wrong.append(str(two_packs(pack.jurisdiction, files[pack.jurisdiction], path)))
            continue
        packs[pack.jurisdiction], files[pack.jurisdiction] = pack, path
    return packs, wrong


def effects_between(
    before: "Mapping[str, Shipped]",
    after: "Mapping[str, Shipped]",
    practitioners: int,
    seed: int,
    *,
    skip: bool = False,
) -> "list[Effect]":
    """Return the effect of every changed pack on a cohort. With `skip`, packs that only one side has are left out."""
    from services.cli.effects import changed_places, effect_of
    from services.runtime.clock import china_day, system_clock

    places = [place for place in changed_places(before, after) if not skip or (place in before and place in after)]
    if not places:
        return []
    today = china_day(system_clock())
    people = list(cohort(practitioners, seed, today))
    last = today.replace(month=1, day=1, year=today.year + YEARS_AHEAD)
    return [effect_of(place, before, after, people, last) for place in places]


def cohort(practitioners: int, seed: int, until: date) -> "Iterator[Person]":
    """Yield the careers of a demo as the journal would give them."""
    from contracts.events.revisions import Recorded
    from contracts.events.values import NATION
    from contracts.policies.shipped import shipped
    from services.cli.effects import Person
    from services.demo.careers import Plan, careers
    from services.demo.places import places_within

    plan = Plan(seed=seed, until=until, years=YEARS_OF_COHORT, places=places_within(NATION, shipped()))
    for career in careers(plan, practitioners):
        yield Person(
            career.practitioner_id,
            tuple(
                Recorded(number, number, event["event_id"], event["type"], event["occurred_on"], event["data"])
                for number, event in enumerate(career.events, start=1)
            ),
        )


@contextmanager
def base_folder(base: str) -> Iterator[Path]:
    """Give the folder of packs that is meant: a folder itself, or what a commit of this repository holds of it."""
    if Path(base).is_dir():
        yield Path(base)
        return
    from contracts.policies.shipped import FOLDER

    root = FOLDER.parents[1]
    inside = FOLDER.relative_to(root).as_posix()
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}").strip()
    names = _git(root, "ls-tree", "--name-only", commit, f"{inside}/").split()
    with tempfile.TemporaryDirectory(prefix="packs-") as scratch:
        for name in names:
            if name.endswith(".yaml"):
                (Path(scratch) / Path(name).name).write_text(_git(root, "show", f"{commit}:{name}"), encoding="utf-8")
        yield Path(scratch)


def _git(root: Path, *arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise UnreadableBase("there is no git here; name a folder of packs with --base")
    done = subprocess.run(  # noqa: S603 - git itself, and a commit that git has checked to be one.
        [git, "-C", str(root), *arguments], capture_output=True, check=False, encoding="utf-8", timeout=GIT_TIMEOUT_S
    )
    if done.returncode != 0:
        raise UnreadableBase(done.stderr.strip() or f"git knows no commit of that name ({arguments[-1]})")
    return done.stdout


def told_lines(base: str, packs: "Mapping[str, Shipped]", effects: "Sequence[Effect]") -> Iterator[str]:
    """Yield the report as lines of plain text."""
    yield f"{len(packs)} packs are well made: {', '.join(sorted(packs))}"
    if not effects:
        yield f"No rule differs from {base}: nobody's answer changes."
    for effect in effects:
        yield ""
        touched = ", ".join(effect.determinations) or "no rule"
        yield f"{effect.name} ({effect.jurisdiction}) differs from {base} in {touched}"
        who = "careers, as if they worked there" if effect.as_if_there else "careers that touch the place"
        yield f"  asked of {effect.cohort} {who}"
        if not effect.changes:
            yield "  nobody's answer changes"
        for change in effect.changes:
            turn = change.before if change.before == change.after else f"{change.before} → {change.after}"
            note = " (another result)" if change.before == change.after else ""
            yield f"  {change.determination}: {turn}{note}"
            yield f"    {change.people} of them, {change.days} days from {change.first_day} to {change.last_day}"
            yield f"    {', '.join(change.samples)}"


def _as_json(
    base: str, packs: "Mapping[str, Shipped]", effects: "Sequence[Effect]", unreadable: Sequence[str]
) -> dict[str, Any]:
    from msgspec import to_builtins

    return {
        "base": base,
        "packs": {place: one.digest for place, one in sorted(packs.items())},
        "not_compared": list(unreadable),
        "changed": to_builtins(effects),
    }
