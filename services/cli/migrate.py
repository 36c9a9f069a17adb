"""`ledgerctl migrate`."""

from services.cli.terms import NOT_REACHABLE, WRONG_ARGUMENTS, Data, epilog, say, settings_from

EPILOG = epilog(
    ("ledgerctl migrate", "LEDGER_DATABASE_URL=postgresql://user:password@host/ledger ledgerctl migrate"),
    WRONG_ARGUMENTS,
    NOT_REACHABLE,
)


def migrate(data: Data = None) -> None:
    """Bring the database up to the newest version and stop."""
    import asyncio  # Slow, as all that works on a database.

    from services.client.attached import database_as_it_is, refuse_another_database
    from services.runtime.migrate import migrate as bring_up_to_date

    settings = settings_from(data=data)
    refuse_another_database(settings)
    with database_as_it_is(settings, say) as (url, _):
        asyncio.run(bring_up_to_date(url))
    say("the database is up to date")
