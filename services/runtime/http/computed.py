"""Answers computed beside the event loop, while their reader waits."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import Request

from services.runtime.computing import Computing, Unread
from services.runtime.http.readers import while_read


async def computed(request: Request, work: Callable[..., Any], stored: Any, *arguments: Any) -> Any:
    """Return the result of pure work on what is stored, computed beside the event loop while its reader waits: as a
    small answer, or as a large one if it is still unread.

    Raises what the work raises, AnswerTooCostly, ReaderGone.
    """
    computing: Computing = request.app.state.computing
    if isinstance(stored, Unread):
        answering = computing.run_on_unread(request.app.state.pool, stored, work, *arguments)
    else:
        answering = computing.run_small(work, stored, *arguments)
    return await while_read(request, answering)


async def computed_json(request: Request, work: Callable[..., Any], stored: Any, *arguments: Any) -> msgspec.Raw:
    """Return the result of pure work as JSON, which is written beside the event loop, too. See `computed`."""
    return msgspec.Raw(await computed(request, _as_json, stored, work, *arguments))


def _as_json(stored: Any, work: Callable[..., Any], *arguments: Any) -> bytes:
    return msgspec.json.encode(work(stored, *arguments))
