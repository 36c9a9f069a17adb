"""`ledgerctl play`: plays life histories through the whole application, to try a rule without touching a ledger."""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from services.cli.failures import Failure
from services.cli.terms import (
    DIFFERENCES,
    INTERRUPTED,
    NOT_REACHABLE,
    WRONG_ARGUMENTS,
    AsJson,
    Data,
    epilog,
    say,
    settings_from,
    write_json,
)

if TYPE_CHECKING:
    from services.playing.play import PlayedCase, PlayedQuestion

EXAMPLE = """
- id: hours-2023
  events:
  - id: e1
    type: employment.started
    occurred_on: 2022-06-01
    data:
      employer_type: urban_community
      role: community_worker
      jurisdiction: '410100'
      direct_service: true
  - id: e2
    type: training.completed
    occurred_on: 2023-03-10
    data: {amount: '59.5', unit: class_hour, subjects: [sw_practice]}
  asks:
  - ask:
      determination: continuing_education.annual
      jurisdiction: '410100'
      as_of: 2024-01-10
      period: 2023
    expect:
      status: not_met
      result: {shortfall_hours: '0.5'}
"""
EPILOG = "\n\n".join(
    (
        epilog(
            (
                "ledgerctl play cases.yaml",
                "ledgerctl play cases.yaml --only GC-01,GC-03 -v",
                "ledgerctl play cases.yaml --json --lang en",
            ),
            WRONG_ARGUMENTS,
            NOT_REACHABLE,
            DIFFERENCES,
            INTERRUPTED,
        ),
        "A file with one case (without expect the answer is shown; known_after: e1 asks what was known then):\n"
        + escape(EXAMPLE),
    )
)


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


def play(
    file: Annotated[Path, typer.Argument(metavar="FILE.yaml", help="Histories, questions, expected answers.")],
    only: Annotated[str, typer.Option(metavar="IDS", help="Only the cases with these ids.", show_default=False)] = "",
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Explain every answer.")] = False,
    lang: Annotated[Language, typer.Option(help="The language of the explanations.")] = Language.ZH,
    as_json: AsJson = False,
    data: Data = None,
) -> None:
    """Play life histories under the packs of contracts/policies and compare the answers with the expected ones.

    The events of a case are played even if it asks nothing; one that is refused counts as a difference. It runs in a
    database of its own that is removed at the end: no ledger is touched, and rules apply as they are edited now.
    """
    from contracts.policies.shipped import FOLDER, pack_files, read_pack_file
    from contracts.strict_yaml import StrictYamlError
    from services.core.authoring.load import InvalidPackError, load_pack_file
    from services.playing.cases import UnreadableCases, chosen, read_cases

    try:
        cases = chosen(read_cases(file), {name.strip() for name in only.split(",") if name.strip()})
        for path in pack_files(FOLDER):
            load_pack_file(str(path), read_pack_file(path))
    except (UnreadableCases, StrictYamlError, InvalidPackError) as error:
        raise Failure("cannot play", error, WRONG_ARGUMENTS) from error
    import asyncio  # Slow, as all that works on a database.

    from services.client.attached import database_as_it_is

    try:
        with database_as_it_is(settings_from(data=data), say) as (url, _):
            from services.playing.play import play_cases  # Slow: it imports the whole application.

            played = asyncio.run(play_cases(url, cases))
    except (KeyboardInterrupt, asyncio.CancelledError) as error:
        raise Failure("interrupted", "the temporary database is removed", INTERRUPTED) from error
    if as_json:
        from services.playing.report import as_document

        write_json(as_document(played))
    else:
        _print(played, lang, verbose=verbose)
    if any(one.differs for one in played):
        raise typer.Exit(DIFFERENCES)


def _print(played: "list[PlayedCase]", lang: Language, *, verbose: bool) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from services.playing.report import counts

    console = Console(highlight=False, soft_wrap=True)
    table = Table(Column("case", overflow="fold"), "as expected", "differing", "without expectation")
    for one in played:
        console.print(f"[bold]{escape(one.case.id)}[/] {escape(one.case.title)}")
        if one.refused is not None and not one.questions:
            console.print(f"  [red]✗[/] {escape(one.refused)}")
        for question in one.questions:
            for line in _lines(question, lang, verbose=verbose):
                console.print(line)
        shown = [str(count) if count else "" for count in counts(one.questions).values()]
        table.add_row(escape(one.case.id), *shown, style="red" if shown[1] else None)
    totals = counts(question for one in played for question in one.questions)
    table.add_section()
    table.add_row("all", *map(str, totals.values()), style="bold")
    console.print(table)


def _lines(played: "PlayedQuestion", lang: Language, *, verbose: bool) -> Iterator[str]:
    question = " ".join(str(value) for value in _question(played).values())
    if played.answer is None:
        yield f"  [red]✗[/] {escape(question)}: [red]{escape(played.problem or '')}[/]"
        return
    explained = verbose or played.as_expected is not True
    answer = played.answer["status"] + (f"  {escape(_in_short(played.answer['result']))}" if explained else "")
    match played.as_expected:
        case None:
            yield f"  [bold]·[/] {escape(question)}: {answer}"
        case True:
            yield f"  [green]✓[/] {escape(question)}: expected {_expected(played)}, got {answer}"
        case False:
            yield f"  [red]✗[/] {escape(question)}: expected {_expected(played)}, got {answer}"
    for differing in played.differences:
        yield (
            f"      [red]{escape(differing.field)}[/]: expected {escape(_in_short(differing.expected))}, "
            f"got {escape(_in_short(differing.got))}"
        )
    if explained:
        yield from _explained(played.answer["explanation"], lang, depth=3)


def _question(played: "PlayedQuestion") -> dict[str, Any]:
    from msgspec import to_builtins

    question: dict[str, Any] = to_builtins(played.ask.ask)
    return question


def _expected(played: "PlayedQuestion") -> str:
    status = None if played.ask.expect is None else played.ask.expect.status
    return "the answer" if status is None else escape(status)


def _in_short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _explained(node: Mapping[str, Any], lang: Language, depth: int) -> Iterator[str]:
    """Yield the sentences of an explanation, each with its clause, indented by depth."""
    yield f"{'  ' * depth}[dim]{node['clause'] or '–'} {node['status']}[/] {escape(node['text'][lang.value])}"
    for child in node["children"]:
        yield from _explained(child, lang, depth + 1)
