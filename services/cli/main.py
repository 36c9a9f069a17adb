"""`ledgerctl`: the commands, one module each."""

import typer

from services.cli import demo, doctor, import_file, migrate, play, policies, rebuild, serve, terms
from services.cli.failures import Commands

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


if __name__ == "__main__":
    app()
