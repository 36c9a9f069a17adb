"""The ledger: books, heads, events, packs.

Runs before the code that needs it: on an empty database nothing can be in its way.

Revision: 0001
Follows: nothing
"""

from alembic import op

from migrations.scripts import execute_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Everything carries `ledger` as first key column and no foreign key crosses ledgers, so ledgers can be spread over servers.
TABLES = """
CREATE TABLE ledger.ledgers (
    ledger text PRIMARY KEY,
    jurisdiction text NOT NULL,
    title text NOT NULL,
    origin text NOT NULL,
    created_at timestamptz NOT NULL
);

-- One row for each ledger. An append moves it and inserts in the same transaction, so its row lock orders appends:
-- positions are dense and become visible in their order (ADR-0003).
CREATE TABLE ledger.heads (
    ledger text PRIMARY KEY REFERENCES ledger.ledgers,
    position bigint NOT NULL CHECK (position >= 0),
    recorded_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- `leaf` holds the exact bytes that were hashed; the other columns are taken from it for indexes only. No foreign key:
-- rows are inserted from the head's own row, and checking each would cost more than its insertion.
CREATE TABLE ledger.events (
    ledger text NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    practitioner_id text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    event_id uuid NOT NULL,
    type text NOT NULL,
    occurred_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    leaf bytea NOT NULL CHECK (octet_length(leaf) <= 65535),
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    PRIMARY KEY (ledger, position),
    CONSTRAINT events_version_key UNIQUE (ledger, practitioner_id, version),
    CONSTRAINT events_event_id_key UNIQUE (ledger, event_id)
);

-- `document` is the canonical JSON of a pack, kept for ever: a determination made years ago is evaluated with it again.
CREATE TABLE ledger.packs (
    digest text PRIMARY KEY,
    jurisdiction text NOT NULL,
    document bytea NOT NULL
);

CREATE TABLE ledger.founding_packs (
    ledger text NOT NULL REFERENCES ledger.ledgers,
    jurisdiction text NOT NULL,
    digest text NOT NULL REFERENCES ledger.packs,
    PRIMARY KEY (ledger, jurisdiction)
);
"""

REFUSAL = """
CREATE FUNCTION ledger.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: what the ledger holds never changes', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Record an event.corrected or event.voided instead.';
END
$$;
"""

# For each statement and not for each row, so that one that matches no row is refused as well. ALWAYS, so that the
# setting session_replication_role does not switch it off.
GUARD = """
CREATE TRIGGER never_changes
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.{table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.{table} ENABLE ALWAYS TRIGGER never_changes;
"""
APPEND_ONLY = ("events", "packs", "founding_packs")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute("CREATE SCHEMA ledger")
    for script in (TABLES, REFUSAL, *(GUARD.format(table=table) for table in APPEND_ONLY)):
        execute_script(script)
