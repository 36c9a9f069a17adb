"""Helpers for versions, besides alembic's own `op`."""

from alembic import op
from sqlalchemy.util import await_only


def execute_script(script: str) -> None:
    """Run statements separated by semicolons, as psql would. `op.execute` prepares, and only one can be prepared."""
    connection = op.get_bind().connection.driver_connection
    await_only(connection.execute(script))
