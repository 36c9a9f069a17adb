"""`ledgerctl policies`: checks the packs, and shows whose answers a change of them affects."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.failures import Failure
from services.cli.terms import FAILED, INTERRUPTED, WRONG_ARGUMENTS, AsJson, epilog, say, say_in_red, write_json

if TYPE_CHECKING:
    from contracts.policies.packs import Shipped

MAX_PRACTITIONERS = 100_000
EPILOG = epilog(
    (
        "ledgerctl policies check",
        "ledgerctl policies check --base HEAD~1 --practitioners 2000",
        "ledgerctl policies check --person showcase",
        "ledgerctl policies check --all-examples",
        "ledgerctl policies check --base ../before/contracts/policies --json",
    ),
    FAILED,
    WRONG_ARGUMENTS,
    INTERRUPTED,
)

app = typer.Typer(help="The policy packs of contracts/policies.", no_args_is_help=True)


@app.command(epilog=EPILOG)
def check(
    base: Annotated[
        str, typer.Option(metavar="REF|FOLDER", help="Compare with the packs of a commit, or of a folder.")
    ] = "HEAD",
    practitioners: Annotated[
        int, typer.Option(help="How many careers are drawn for each changed pack.", min=1, max=MAX_PRACTITIONERS)
    ] = 400,
    seed: Annotated[int, typer.Option(help="Another seed draws other careers.", min=0)] = 1,
    person: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Show one of the people judged: what is known of them, and each day that differs."
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--packs", help="The folder of packs, if not contracts/policies.", show_default=False)
    ] = None,
    all_examples: Annotated[
        bool,
        typer.Option(
            "--all-examples",
            help="Require of each rule an example of every outcome, and of both sides of every day that decides.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check every pack, play its examples, and show whose answers a changed pack changes, from what to what.

    It judges plausible careers of the place, the examples of its pack, and people who differ in one thing, in memory
    under both packs: no database and no ledger is touched. The same packs give the same report on any day. Existing
    ledgers keep the packs that were pinned when they were created.

    It says which packs leave something untried by their examples; with --all-examples it says what, and fails.
    """
    from contracts.events.values import NATION
    from contracts.policies.shipped import FOLDER
    from services.cli.progress import shown  # Slow: these import everything that judges.
    from services.whatif.effects import effects_between, reworded_packs
    from services.whatif.packs import UnreadableBase, base_folder, broken_examples, lacking, read_packs
    from services.whatif.report import report_document, report_lines

    packs = _checked_packs(folder)
    try:
        with base_folder(base) as compared:
            before, unreadable = read_packs(compared)
    except UnreadableBase as error:
        say(f"{len(packs)} packs can be used")
        raise Failure("cannot compare", error, WRONG_ARGUMENTS) from error
    for why in unreadable:
        say(f"of {base}, not compared: {why}")
    if unreadable:  # A pack that cannot be read counts as unchanged.
        before = {**packs, **before}
    if NATION not in before:
        why = f"{base} has no pack of the nation ({NATION}), from which every place inherits"
        raise Failure("cannot compare", why, WRONG_ARGUMENTS)
    if person is not None:
        _show(person, before, packs, practitioners, seed)
        return
    with shown() as tell:
        effects = effects_between(before, packs, practitioners, seed, tell)
    reworded = reworded_packs(before, packs)
    broken, lacks = broken_examples(packs), lacking(folder or FOLDER)
    if as_json:
        write_json(report_document(base, packs, effects, reworded, unreadable, broken, lacks))
    else:
        for line in report_lines(base, packs, effects, reworded):
            typer.echo(line)
    for example in broken:
        say_in_red(
            "an example does not hold", f"{example['jurisdiction']} “{example['name']}”: {'; '.join(example['wrong'])}"
        )
    _say_what_lacks(lacks, in_full=all_examples)
    if broken or (lacks and all_examples) or any(effect.unreadable for effect in effects):
        raise typer.Exit(FAILED)


def _say_what_lacks(lacks: "Sequence[Mapping[str, Any]]", *, in_full: bool) -> None:
    """Say what the examples of each file leave untried, or only how much."""
    if in_full:
        for one in lacks:
            say_in_red("an example lacks", f"{one['file']}, line {one['line']}: {one['at']}: {one['why']}")
        return
    for file, count in Counter(one["file"] for one in lacks).items():
        say(f"{file}: {count} outcomes and days are in no example; --all-examples names them")


def _checked_packs(folder: Path | None) -> "dict[str, Shipped]":
    """Return the packs to check. Ends the command if one cannot be used."""
    from contracts.events.values import NATION
    from contracts.policies.shipped import FOLDER, REGISTER
    from services.core.authoring.clauses import known_clauses
    from services.whatif.packs import read_packs

    clauses = known_clauses(REGISTER.read_text(encoding="utf-8")) if REGISTER.is_file() else None
    if clauses is None:
        say(f"clauses are not checked: there is no {REGISTER}")
    packs, wrong = read_packs(folder or FOLDER, clauses)
    if not wrong and NATION not in packs:
        wrong = [f"{folder} has no pack of the nation ({NATION}), from which every place inherits"]
    for why in wrong[:-1]:
        say_in_red("a pack cannot be used", why)
    if wrong:
        raise Failure("a pack cannot be used", wrong[-1], FAILED)
    return packs


def _show(name: str, before: "Mapping[str, Shipped]", after: "Mapping[str, Shipped]", drawn: int, seed: int) -> None:
    """Print one of the people judged, for each changed pack."""
    from services.whatif.effects import spans_of
    from services.whatif.report import person_lines

    was_shown = False
    for place, person, spans in spans_of(name, before, after, drawn, seed):
        was_shown = True
        typer.echo(place)
        for line in person_lines(person, spans):
            typer.echo(line)
    if not was_shown:
        why = f"of the people judged under changed packs, none is called {name!r}"
        raise Failure("nobody to show", why, WRONG_ARGUMENTS)
