"""An application with a ledger."""

import httpx
import pytest

from tests.api.client import LEDGER, NEW_LEDGER


@pytest.fixture
async def made(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a service that has the ledger chengdu."""
    answer = await client.put(LEDGER, json=NEW_LEDGER)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return client
