"""State that the routes of this service share, and the time by the application's clock."""

import asyncio
from datetime import date, datetime

from fastapi import FastAPI, Request

from services.projections.rulebook import PolicyBooks
from services.runtime.clock import china_day
from services.runtime.computing import Computing

TABLES_AT_ONCE = 2


def prepare(app: FastAPI) -> None:
    """Create the shared state, before the first request and inside the serving event loop."""
    app.state.policy_books = PolicyBooks()
    app.state.tables = asyncio.Semaphore(TABLES_AT_ONCE)


def now_of(request: Request) -> datetime:
    """Return the present instant."""
    instant: datetime = request.app.state.clock()
    return instant


def today_of(request: Request) -> date:
    """Return the present day in China."""
    return china_day(now_of(request))


def policy_books(request: Request) -> PolicyBooks:
    """Return the packs in memory."""
    books: PolicyBooks = request.app.state.policy_books
    return books


def tables_turn(request: Request) -> asyncio.Semaphore:
    """Return the turn that a table waits for: each holds a connection until it is made."""
    turn: asyncio.Semaphore = request.app.state.tables
    return turn


def computing_of(request: Request) -> Computing:
    """Return where answers are computed."""
    computing: Computing = request.app.state.computing
    return computing
