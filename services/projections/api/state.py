"""What the application keeps for the routes of this service, and the time by its clock."""

import asyncio
from datetime import date, datetime

from fastapi import FastAPI, Request

from services.projections.rulebook import PolicyBooks
from services.runtime.clock import china_day


def prepare(app: FastAPI) -> None:
    """Make what the routes share, before the first request and inside the event loop that serves."""
    app.state.policy_books = PolicyBooks()
    app.state.counting = asyncio.Lock()


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


def counting_turn(request: Request) -> asyncio.Lock:
    """Return what the counts of this process take turns by."""
    turn: asyncio.Lock = request.app.state.counting
    return turn
