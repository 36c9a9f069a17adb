"""An index of the corrections and voids of each stream: a decision on a revision reads only these.

Runs before the code that needs it. Appends wait while it is built.

Revision: 0004
Follows: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '600s'")
    op.execute("""
        CREATE INDEX events_revisions ON ledger.events (ledger, practitioner_id, version)
         WHERE type IN ('event.corrected', 'event.voided')
    """)
