"""When each ledger was last verified: a rebuild compared every row and found none that differs.

Runs before the code that needs it. Nothing waits: the table is new.

Revision: 0007
Follows: 0006
"""

from alembic import op

from migrations.scripts import execute_script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE projections.verifications (
    ledger      text        COLLATE "C" PRIMARY KEY REFERENCES ledger.ledgers (ledger),
    position    bigint      NOT NULL CHECK (position >= 0),
    verified_at timestamptz NOT NULL
);
COMMENT ON TABLE projections.verifications IS 'The last rebuild of each ledger that found every row as the events make it';
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    execute_script(TABLE)
