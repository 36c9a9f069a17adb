"""What a link or a void names, as a column, and an index of the links: whoever reads a person's stream reads, from there,
all streams linked to it.

Runs before the code that needs it. Appends and reads wait while the table is written again.

Revision: 0006
Follows: 0005
"""

from alembic import op

from migrations.scripts import execute_script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Taken from the bytes and not from JSON, so that a damaged leaf stops no statement. A leaf is canonical, and inside a text
# a quotation mark is escaped: so each pattern finds the member of that name and nothing else. A link names a
# practitioner, a void an event, whose id is kept as its 32 digits, however the client wrote it.
NAMES = r"""
ALTER TABLE ledger.events ADD COLUMN names text COLLATE "C" GENERATED ALWAYS AS (
    CASE type
        WHEN 'practitioner.linked' THEN substring(encode(leaf, 'escape') FROM '"same_as":"([^"\\]+)"')
        WHEN 'event.voided' THEN lower(replace(substring(encode(leaf, 'escape') FROM '"target":"([^"\\]+)"'), '-', ''))
    END
) STORED;
CREATE INDEX events_names ON ledger.events (ledger, names, practitioner_id) WHERE names IS NOT NULL;
CREATE INDEX events_links ON ledger.events (ledger, practitioner_id) WHERE type = 'practitioner.linked';
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '600s'")
    execute_script(NAMES)
