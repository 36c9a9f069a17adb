"""Appends an event and reads a standing with the client of openapi-python-client: `with_python.py URL`.

Every assertion on a type is also one of mypy's: the answer is the model, its members have types.
"""

import sys
from datetime import date
from uuid import UUID

from ledger_client import Client
from ledger_client.api.ledger import append_events, create_ledger
from ledger_client.api.query import read_determination, read_standing
from ledger_client.models import (
    AllowanceDetermination,
    Appended,
    EmploymentStarted,
    EmploymentStartedEmployerType,
    EmploymentStartedEvent,
    EmploymentStartedRole,
    LedgerWithHead,
    NewEvents,
    NewLedger,
    Problem,
    Standing,
)
from ledger_client.models.read_determination_determination import ReadDeterminationDetermination

client = Client(base_url=sys.argv[1])

made = create_ledger.sync_detailed("python", client=client, body=NewLedger(jurisdiction="510100", title="成都"))
assert isinstance(made.parsed, LedgerWithHead), made

began = EmploymentStartedEvent(
    event_id=UUID("0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10"),
    type_="employment.started",
    occurred_on=date(2021, 1, 1),
    data=EmploymentStarted(
        employer_type=EmploymentStartedEmployerType.URBAN_COMMUNITY,
        role=EmploymentStartedRole.FULL_TIME_COMMUNITY_WORKER,
        jurisdiction="510107",
        direct_service=True,
    ),
)
appended = append_events.sync_detailed("python", "P-1", client=client, body=NewEvents(events=[began]))
assert appended.status_code == 201, appended
assert isinstance(appended.parsed, Appended)
assert appended.parsed.events[0].event_id == began.event_id

standing = read_standing.sync("python", "P-1", client=client, as_of=date(2025, 5, 10))
assert isinstance(standing, Standing), standing
level: str | None = standing.determinations.certificate.result.level
assert (standing.jurisdiction, standing.determinations.certificate.status, level) == ("510107", "none", None)

answer = read_determination.sync("python", "P-1", ReadDeterminationDetermination.ALLOWANCE, client=client)
assert isinstance(answer, AllowanceDetermination), answer
tier: str | None = answer.result.tier
text: str = answer.explanation.text.zh
assert (answer.determination, tier) == ("allowance", None)
assert text

refused = read_standing.sync("python", "P-2", client=client)
assert isinstance(refused, Problem)
assert (refused.code, bool(refused.remedy)) == ("unknown-practitioner", True)
