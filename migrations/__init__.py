"""The versions of the database, in plain SQL; alembic keeps their order."""
