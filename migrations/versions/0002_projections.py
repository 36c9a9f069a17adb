"""The projections: generations, standings, parked events.

Runs before the code that needs it. Everything here can be made again from the events.

Revision: 0002
Follows: 0001
"""

from alembic import op

from migrations.scripts import execute_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A status for each determination, and the one field of its result that people filter by.
DETERMINATIONS = (
    ("certificate", "level"),
    ("recognition", "level"),
    ("registration", "valid_until"),
    ("title", "title"),
    ("certificate_senior_route", None),
    ("grade", "recorded_post_level"),
    ("talent", "route"),
    ("talent_quality", "route"),
    ("continuing_education_annual", "shortfall_hours"),
    ("continuing_education_plan_period", "shortfall_hours"),
    ("continuing_education_registration_term", "shortfall_hours"),
    ("allowance", "tier"),
    ("benefit_child_education", "basis"),
    ("benefit_settlement", "basis"),
    ("benefit_apartment", "basis"),
    ("reward_new_talent", "basis"),
    ("reward_exam", "tier"),
    ("supervisor", "rank"),
    ("technical_staff", "level"),
    ("professional_years", "years"),
)
COLUMNS = "".join(
    f"    {name}_status text NOT NULL,\n" + (f"    {name}_{field} text,\n" if field else "")
    for name, field in DETERMINATIONS
)
STATUS_INDEXES = "".join(
    f"CREATE INDEX standings_{name} ON projections.standings (ledger, generation, {name}_status, practitioner_id);\n"
    for name, _ in DETERMINATIONS
)

TABLES = f"""
-- One way through all events of a ledger. `position` is the cursor: every event up to it is in the rows, and it moves in
-- the transaction that writes them. `rules_position` is that of the last rule event among them: a row that was made with
-- an older one is due, so one rule event makes all rows due in one write.
CREATE TABLE projections.generations (
    ledger text NOT NULL,
    generation integer NOT NULL CHECK (generation > 0),
    state text NOT NULL CHECK (state IN ('building', 'live', 'previous', 'dropping')),
    position bigint NOT NULL CHECK (position >= 0),
    rules_position bigint NOT NULL CHECK (rules_position >= 0),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (ledger, generation)
);
CREATE UNIQUE INDEX generations_live_key ON projections.generations (ledger) WHERE state = 'live';

-- `standing` is json and not jsonb: it is served byte for byte as it was made. `rolling` has the years of windows that move
-- every day and are filled in when a row is read.
CREATE TABLE projections.standings (
    ledger text NOT NULL,
    generation integer NOT NULL,
    practitioner_id text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL,
    rules_position bigint NOT NULL,
    jurisdiction text NOT NULL,
    as_of date NOT NULL,
    next_change_on date,
    settled boolean NOT NULL,
{COLUMNS}    rolling json NOT NULL,
    standing json NOT NULL,
    PRIMARY KEY (ledger, generation, practitioner_id)
) WITH (fillfactor = 80);
CREATE INDEX standings_jurisdiction ON projections.standings (ledger, generation, jurisdiction, practitioner_id);
CREATE INDEX standings_next_change_on ON projections.standings (ledger, generation, next_change_on) WHERE next_change_on IS NOT NULL;
CREATE INDEX standings_rules_position ON projections.standings (ledger, generation, rules_position);
{STATUS_INDEXES}
-- People whose events could not be judged, and why. They have no row until they can.
CREATE TABLE projections.parked (
    ledger text NOT NULL,
    generation integer NOT NULL,
    practitioner_id text NOT NULL,
    position bigint NOT NULL,
    error text NOT NULL,
    parked_at timestamptz NOT NULL,
    PRIMARY KEY (ledger, generation, practitioner_id)
);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute("CREATE SCHEMA projections")
    execute_script(TABLES)
