"""Which engine judged each row: a row of another engine is due. Older rows get 0, which is no engine's number.

Runs before the code that needs it. Readers of rows wait while the index is built.

Revision: 0005
Follows: 0004
"""

from alembic import op

from migrations.scripts import execute_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# One index finds both the rows of other engines and, among those of one engine, the rows made under older rules.
COLUMNS = """
ALTER TABLE projections.generations ADD COLUMN engine integer NOT NULL DEFAULT 0;
ALTER TABLE projections.generations ALTER COLUMN engine DROP DEFAULT;
ALTER TABLE projections.standings ADD COLUMN engine integer NOT NULL DEFAULT 0;
ALTER TABLE projections.standings ALTER COLUMN engine DROP DEFAULT;
CREATE INDEX standings_engine ON projections.standings (ledger, generation, engine, rules_position);
DROP INDEX projections.standings_rules_position;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '600s'")
    execute_script(COLUMNS)
