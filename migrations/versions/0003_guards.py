"""Everything that answers rest on is guarded like events; keys sort by their bytes; leases are rows.

Runs before the code that needs it. The previous release keeps working: the new triggers refuse none of its statements.

Revision: 0003
Follows: 0002
"""

from alembic import op

from migrations.scripts import execute_script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A later version of the C library may sort differently, and silently break an index; bytes always sort the same.
COLLATIONS = """
DO $$
DECLARE
    changed record;
BEGIN
    FOR changed IN
        SELECT a.attrelid::regclass AS of_table,
               string_agg(format('ALTER COLUMN %I TYPE text COLLATE "C"', a.attname), ', ') AS changes
          FROM pg_attribute a
          JOIN pg_class c
            ON c.oid = a.attrelid
         WHERE c.relnamespace IN ('ledger'::regnamespace, 'projections'::regnamespace)
           AND c.relkind = 'r'
           AND a.atttypid = 'text'::regtype
           AND a.attcollation <> '"C"'::regcollation
           AND (a.attname = 'type'
                OR EXISTS (SELECT 1
                             FROM pg_index i
                            WHERE i.indrelid = c.oid
                              AND a.attnum = ANY (i.indkey)))
         GROUP BY a.attrelid
    LOOP
        EXECUTE format('ALTER TABLE %s %s', changed.of_table, changed.changes);
    END LOOP;
END
$$;
"""
# Jurisdiction, title and origin of a ledger decide answers, so they stay as they are.
LEDGERS_NEVER_CHANGE = """
CREATE TRIGGER never_changes
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.ledgers
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.ledgers ENABLE ALWAYS TRIGGER never_changes;
"""
# A head that went back would assign positions or instants twice. The server itself checks the condition, so an append
# does not pay for a function call.
HEADS_ONLY_MOVE_FORWARDS = """
CREATE FUNCTION ledger.refuse_to_go_back() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of ledger.heads is refused: a head only moves forwards', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER only_forwards
    BEFORE UPDATE ON ledger.heads
    FOR EACH ROW
    WHEN (NEW.ledger <> OLD.ledger OR NEW.position < OLD.position OR NEW.recorded_at < OLD.recorded_at)
    EXECUTE FUNCTION ledger.refuse_to_go_back();
CREATE TRIGGER never_goes
    BEFORE DELETE OR TRUNCATE ON ledger.heads
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_go_back();
ALTER TABLE ledger.heads ENABLE ALWAYS TRIGGER only_forwards;
ALTER TABLE ledger.heads ENABLE ALWAYS TRIGGER never_goes;
"""
LEASES = """
CREATE SCHEMA runtime;

-- Work that only one process may do at a time, until an instant of the database's own clock.
CREATE TABLE runtime.leases (
    name text COLLATE "C" PRIMARY KEY,
    holder text NOT NULL,
    until timestamptz NOT NULL
);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '600s'")
    for script in (COLLATIONS, LEDGERS_NEVER_CHANGE, HEADS_ONLY_MOVE_FORWARDS, LEASES):
        execute_script(script)
