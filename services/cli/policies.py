"""`ledgerctl policies`: are the packs well made, and whom does a change of them touch."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.events.values import NATION
from services.cli.terms import FAILED, INTERRUPTED, WRONG_ARGUMENTS, AsJson, epilog, say, say_in_red

if TYPE_CHECKING:
    from contracts.policies.shipped import Shipped
    from services.cli.progress import Tell
    from services.core.authoring.edits import Edit
    from services.core.authoring.effects import EffectOfEdits

MAX_PRACTITIONERS = 100_000
GIT_TIMEOUT_S = 30
EPILOG = epilog(
    (
        "ledgerctl policies check",
        "ledgerctl policies check --base HEAD~1 --practitioners 2000",
        "ledgerctl policies check --person showcase",
        "ledgerctl policies check --base ../before/contracts/policies --json",
    ),
    FAILED,
    WRONG_ARGUMENTS,
    INTERRUPTED,
)

app = typer.Typer(help="The policy packs of contracts/policies.", no_args_is_help=True)


class UnreadableBase(Exception):
    """What to compare with cannot be read. The message says why."""


@app.command(epilog=EPILOG)
def check(
    base: Annotated[
        str, typer.Option(metavar="REF|FOLDER", help="Compare with the packs of a commit, or of a folder.")
    ] = "HEAD",
    practitioners: Annotated[
        int, typer.Option(help="How many careers are drawn for each changed pack.", min=1, max=MAX_PRACTITIONERS)
    ] = 400,
    seed: Annotated[int, typer.Option(help="Another seed, other careers.", min=0)] = 1,
    person: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Show one of those asked: what is known, and each day that differs."),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--packs", help="The packs, if not those of contracts/policies.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every pack, play its examples, and tell whose answers a changed pack changes, from what to what.

    Asked are careers that could have happened in the place, the examples of its pack, and people who differ in one
    thing, judged in memory under both packs: no database and no ledger is touched. The same packs give the same report
    on any day. A ledger that is there keeps the packs that were pinned when it was made.
    """
    from services.cli.progress import shown

    packs = _well_made(folder)
    try:
        with base_folder(base) as compared:
            before, unreadable = read_packs(compared)
    except UnreadableBase as error:
        say(f"{len(packs)} packs can be used")
        say_in_red("cannot compare", error)
        raise typer.Exit(WRONG_ARGUMENTS) from error
    for told in unreadable:
        say(f"of {base}, not compared: {told}")
    if unreadable:  # What cannot be read is taken to be as it is now.
        before = {**packs, **before}
    if NATION not in before:
        say_in_red("cannot compare", f"{base} has no pack of the nation ({NATION}), from which every place inherits")
        raise typer.Exit(WRONG_ARGUMENTS)
    if person is not None:
        _show(person, before, packs, practitioners, seed)
        return
    with shown() as tell:
        effects = effects_between(before, packs, practitioners, seed, tell)
    reworded = reworded_packs(before, packs)
    broken = broken_examples(packs)
    if as_json:
        typer.echo(json.dumps(_as_json(base, packs, effects, reworded, unreadable, broken), ensure_ascii=False))
    else:
        for line in told_lines(base, packs, effects, reworded):
            typer.echo(line)
    for one in broken:
        say_in_red("an example does not hold", f"{one['jurisdiction']} “{one['name']}”: {'; '.join(one['wrong'])}")
    if broken:
        raise typer.Exit(FAILED)


def _well_made(folder: Path | None) -> "dict[str, Shipped]":
    """Return the packs to check. Ends the command where one cannot be used."""
    from contracts.policies.shipped import FOLDER
    from services.core.authoring.clauses import REGISTER, known_clauses

    clauses = known_clauses(REGISTER.read_text(encoding="utf-8")) if REGISTER.is_file() else None
    if clauses is None:
        say(f"clauses are not looked up: there is no {REGISTER}")
    packs, wrong = read_packs(folder or FOLDER, clauses)
    if not wrong and NATION not in packs:
        wrong = [f"{folder} has no pack of the nation ({NATION}), from which every place inherits"]
    for told in wrong:
        say_in_red("a pack cannot be used", told)
    if wrong:
        raise typer.Exit(FAILED)
    return packs


def _show(name: str, before: "Mapping[str, Shipped]", after: "Mapping[str, Shipped]", drawn: int, seed: int) -> None:
    """Print one of those who are asked, for each changed pack."""
    from services.cli.effects_told import person_lines
    from services.core.authoring.effects import edits_compared
    from services.core.questions.whatif import changed_places
    from services.demo.cohort import cohort_of

    found = False
    for place in changed_places(before, after):
        cohort = cohort_of(place, before, after, drawn, seed)
        for one in (person for person in cohort.people if person.name == name):
            found = True
            typer.echo(place)
            for line in person_lines(one, edits_compared(place, before, after, cohort).spans(one)):
                typer.echo(line)
    if not found:
        say_in_red("nobody to show", f"of those asked about changed packs, none is called {name!r}")
        raise typer.Exit(WRONG_ARGUMENTS)


def read_packs(folder: Path, clauses: Collection[str] | None = None) -> "tuple[dict[str, Shipped], list[str]]":
    """Return the packs of a folder, and what is wrong with those that cannot be used: file, line and key.

    With `clauses`, a pack may cite no other.
    """
    from contracts.policies.shipped import misnamed, read_pack_file, shipped_pack, two_packs
    from contracts.strict_yaml import StrictYamlError, shown
    from services.core.authoring.clauses import unknown_clauses
    from services.core.authoring.load import InvalidPackError, load_pack_file

    packs: dict[str, Shipped] = {}
    files: dict[str, Path] = {}
    wrong = [str(refused) for refused in misnamed(folder)]
    for path in sorted(folder.glob("*.yaml")):
        try:
            load_pack_file(path)
            read = read_pack_file(path)
        except (StrictYamlError, InvalidPackError) as error:
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


def broken_examples(packs: "Mapping[str, Shipped]") -> list[dict[str, Any]]:
    """Return the examples inside the packs that do not hold, and what their answers have instead."""
    from services.core.authoring.examples import play

    played = (
        (place, example.name, play(packs, place, example))
        for place, one in packs.items()
        for example in one.pack.examples
    )
    return [{"jurisdiction": place, "name": name, "wrong": wrong} for place, name, wrong in played if wrong]


def effects_between(
    before: "Mapping[str, Shipped]",
    after: "Mapping[str, Shipped]",
    practitioners: int,
    seed: int,
    tell: "Tell",
) -> "list[EffectOfEdits]":
    """Return the effect of every changed pack."""
    from services.core.authoring.effects import effect_of_edits
    from services.core.questions.whatif import changed_places
    from services.demo.cohort import cohort_of

    places = changed_places(before, after)
    cohorts = {place: cohort_of(place, before, after, practitioners, seed) for place in places}
    people = sum(len(cohort.people) for cohort in cohorts.values())
    asked = count(1)

    def told() -> None:
        tell(next(asked), people, f"asked {people:,} people")

    return [effect_of_edits(place, before, after, cohort, told) for place, cohort in cohorts.items()]


def reworded_packs(before: "Mapping[str, Shipped]", after: "Mapping[str, Shipped]") -> "dict[str, list[Edit]]":
    """Return the packs that keep their digest, though something in them is said otherwise."""
    from services.core.authoring.edits import edits_between

    return {
        place: edits_between(before[place], pack)
        for place, pack in after.items()
        if place in before and before[place].digest == pack.digest and before[place].document != pack.document
    }


@contextmanager
def base_folder(base: str) -> Iterator[Path]:
    """Give the folder of packs that is meant: a folder itself, or what a commit of this repository holds of it."""
    if Path(base).is_dir():
        yield Path(base)
        return
    from contracts.policies.shipped import FOLDER

    root = FOLDER.parents[1]
    inside = FOLDER.relative_to(root).as_posix()
    commit = _commit(root, base)
    names = _git(root, "ls-tree", "--name-only", commit, f"{inside}/").split()
    with tempfile.TemporaryDirectory(prefix="packs-") as scratch:
        for name in names:
            if name.endswith(".yaml"):
                (Path(scratch) / Path(name).name).write_text(_git(root, "show", f"{commit}:{name}"), encoding="utf-8")
        yield Path(scratch)


def _commit(root: Path, name: str) -> str:
    """Return the id of a commit. Raises UnreadableBase."""
    shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    try:
        return _git(root, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").strip()
    except UnreadableBase as error:
        fetch = "this clone is shallow: git fetch --unshallow; or " if shallow else ""
        raise UnreadableBase(
            f"there is no folder and no commit {name!r} here; {fetch}name a folder of packs"
        ) from error


def _git(root: Path, *arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise UnreadableBase("there is no git here; name a folder of packs with --base")
    done = subprocess.run(  # noqa: S603 - git itself, and a commit that git has checked to be one.
        [git, "-C", str(root), *arguments], capture_output=True, check=False, encoding="utf-8", timeout=GIT_TIMEOUT_S
    )
    if done.returncode != 0:
        raise UnreadableBase(f"{done.stderr.strip()}; name a folder of packs with --base")
    return done.stdout


def told_lines(
    base: str,
    packs: "Mapping[str, Shipped]",
    effects: "Sequence[EffectOfEdits]",
    reworded: "Mapping[str, Sequence[Edit]]",
) -> Iterator[str]:
    """Yield the report as lines of plain text."""
    from services.cli.effects_told import edit_lines, effect_lines

    yield f"{len(packs)} packs can be used: {', '.join(sorted(packs))}"
    if not effects:
        yield f"No rule differs from {base}: nobody's answer changes."
    for place, edits in reworded.items():
        yield ""
        yield f"{place} says the same rules as {base} and keeps its digest: nobody's answer changes"
        yield from (f"  {line}" for line in edit_lines(edits))
    for effect in effects:
        yield ""
        yield from effect_lines(base, effect)
    if any(effect.changes for effect in effects):
        yield ""
        yield "With --person NAME, one of those who were asked is shown, with every day that differs."


def _as_json(
    base: str,
    packs: "Mapping[str, Shipped]",
    effects: "Sequence[EffectOfEdits]",
    reworded: "Mapping[str, Sequence[Edit]]",
    unreadable: Sequence[str],
    broken: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    from msgspec import to_builtins

    told: dict[str, Any] = to_builtins(
        {
            "base": base,
            "packs": {place: one.digest for place, one in sorted(packs.items())},
            "broken_examples": broken,
            "not_compared": unreadable,
            "reworded": reworded,
            "changed": effects,
        }
    )
    return told
