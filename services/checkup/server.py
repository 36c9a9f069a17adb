"""Checks of the HTTP server that runs on the data folder."""

from http import HTTPStatus

import httpx

from services.checkup.finding import Finding
from services.client import attached
from services.client.attached import NotReachable
from services.runtime.settings import Settings
from services.server.server_file import is_held

READY_TIMEOUT_S = 10.0


def server(settings: Settings) -> Finding:
    """Check whether a ledger server runs on the data folder, answers, and is ready."""
    try:
        running = attached.running_server(settings)
    except NotReachable as error:
        return Finding("server", "failed", str(error), "set LEDGER_DATABASE_URL as the server has it")
    if running is None:
        command, _ = attached.how_to_start(settings)
        if is_held(settings.data, attached.STANDINGS):
            detail = f"that of the ledger is not ready on {settings.data}, that of the projections runs"
            return Finding("server", "warning", detail, command)
        return Finding("server", "warning", f"none is ready on {settings.data}", command)
    try:
        if not attached.is_answered(running):
            return Finding("server", "failed", f"{running.url} does not answer", "ledgerctl serve")
        answer = httpx.get(f"{running.url}/readyz", timeout=READY_TIMEOUT_S, trust_env=False)
    except NotReachable as error:
        return Finding("server", "failed", str(error), "as it says")
    except httpx.TransportError as error:
        return Finding("server", "failed", f"{running.url} does not answer: {type(error).__name__}", "ledgerctl serve")
    if answer.status_code != HTTPStatus.OK:
        detail = why_of(answer) or f"it answers {answer.status_code}: see its log"
        return Finding("server", "failed", f"{running.url} is not ready: {detail}", "as it says")
    return Finding("server", "ok", f"{running.url} is ready, process {running.pid}")


def why_of(answer: httpx.Response) -> str | None:
    """Return what /readyz says is wrong; None if something else answered, or it failed itself."""
    try:
        body = answer.json()
    except ValueError:
        return None
    why = body.get("why") or body.get("detail") if isinstance(body, dict) else None
    return None if why is None else str(why)
