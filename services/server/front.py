"""`/`: the first page of a browser, and a small index for programs."""

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from msgspec import Struct

from services.runtime import journal
from services.runtime.http.languages import language_of
from services.runtime.http.negotiation import preferred
from services.runtime.journal import Connection, UnknownLedger
from services.runtime.ledgers import ledgers_after
from services.runtime.release import RELEASE
from services.runtime.showcase import DEMO_LEDGER, SHOWCASE
from services.server.pages import HEADERS, page

JSON, HTML = "application/json", "text/html"
MAX_LEDGERS = 50
INDEX = {
    "release": RELEASE,
    "ledgers": "/v1/ledgers",
    "policies": "/v1/policies",
    "openapi": "/openapi.json",
    "docs": "/docs",
    "event_types": "/v1/event-types",
    "problems": "/problems",
    "ready": "/readyz",
    "metrics": "/metrics",
    "version": "/version",
}


class Shown(Struct, frozen=True):
    """A ledger on the first page."""

    ledger: str
    title: str
    jurisdiction: str
    records: int


router = APIRouter(include_in_schema=False)


@router.get("/")
async def front(request: Request, ledger: str = "", person: str = "") -> Response:
    """Return the page, or the standing of the person whose id was entered, or the index if JSON is wanted."""
    if preferred(request, (JSON, HTML)) == JSON:
        return JSONResponse(INDEX, headers={"Vary": "Accept"})
    lang = language_of(request)
    if ledger.strip() and person.strip():
        return RedirectResponse(f"{standing_of(ledger.strip(), person.strip())}?lang={lang}", HTTPStatus.SEE_OTHER)
    async with request.app.state.pool.acquire() as connection:
        rows = await ledgers_after(connection, "", MAX_LEDGERS + 1)
        ledgers = [
            Shown(row.ledger, row.title, row.jurisdiction, (await journal.head(connection, row.ledger)).position)
            for row in rows[:MAX_LEDGERS]
        ]
        has_showcase = await _has_showcase(connection)
    text = page(
        "front.html.jinja",
        lang,
        ledgers=ledgers,
        more=len(rows) > MAX_LEDGERS,
        demo=DEMO_LEDGER,
        showcase=standing_of(DEMO_LEDGER, SHOWCASE) if has_showcase else None,
        showcase_id=SHOWCASE,
        release=RELEASE,
    )
    return Response(text, headers=dict(HEADERS), media_type=HTML)


def standing_of(ledger: str, person: str) -> str:
    """Return the path of a person's standing."""
    return f"/v1/ledgers/{quote(ledger, safe='')}/practitioners/{quote(person, safe='')}/standing"


async def _has_showcase(connection: Connection) -> bool:
    with suppress(UnknownLedger):
        return (await journal.tip(connection, DEMO_LEDGER, SHOWCASE)).version > 0
    return False
