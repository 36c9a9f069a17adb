"""`ledgerctl`: the commands, one module each."""

from typing import Annotated

import typer

from services.cli import (
    cohort,
    demo,
    doctor,
    event,
    feed,
    import_file,
    ledger,
    migrate,
    play,
    policies,
    rebuild,
    serve,
    standing,
    terms,
)
from services.cli.failures import Commands
from services.runtime.release import RELEASE

app = typer.Typer(
    help="The practitioner career ledger.",
    epilog=f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in terms.MEANINGS.items())}.",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command(epilog=serve.EPILOG)(serve.serve)
app.command(epilog=migrate.EPILOG)(migrate.migrate)
app.command(epilog=doctor.EPILOG)(doctor.doctor)
app.command(epilog=play.EPILOG)(play.play)
app.command("import", epilog=import_file.EPILOG)(import_file.import_file)
app.command(epilog=rebuild.EPILOG)(rebuild.rebuild)
app.command(epilog=demo.EPILOG)(demo.demo)
app.add_typer(policies.app, name="policies")
app.add_typer(ledger.app, name="ledger")
app.add_typer(event.app, name="event")
app.add_typer(standing.app, name="standing")
app.add_typer(feed.app, name="feed")
app.add_typer(cohort.app, name="cohort")


def _tell_release(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"ledgerctl {RELEASE}")
        raise typer.Exit


@app.callback()
def _ledgerctl(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_release, is_eager=True, help="Tell the release and stop.")
    ] = False,
) -> None:
    """The practitioner career ledger."""


if __name__ == "__main__":
    app()
