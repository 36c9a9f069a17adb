"""What every answer has in common: HEAD, what caches may keep, 304, and compression (RFC 9110 and 9111)."""

import asyncio
import zlib
from uuid import uuid4

import httpx
import pytest

from services.runtime.http.answers import MIN_COMPRESSED_BYTES, accepts_gzip
from tests.api.client import EVENTS, LEDGER, append, assert_problem
from tests.api.serving import TIMEOUT_S
from tests.lives import CHENGDU_WORKER, new_training, someone

STANDING = f"{LEDGER}/practitioners/P-1/standing"
DETERMINATION = f"{LEDGER}/practitioners/P-1/determinations/allowance"
TAGGED = (EVENTS, STANDING, DETERMINATION, "/v1/policies", "/v1/policies/510100", "/v1/policies/watch", "/openapi.json")
UNTAGGED = (LEDGER, f"{LEDGER}/events", "/v1/ledgers", "/livez", "/readyz", "/metrics", "/docs")
GZIP, PLAIN = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}


@pytest.fixture
async def told(made: httpx.AsyncClient) -> httpx.AsyncClient:
    """A ledger that knows one worker."""
    await append(made, CHENGDU_WORKER)
    return made


@pytest.mark.parametrize("encoding", [GZIP, PLAIN])
async def test_head_is_answered_as_get_without_the_body(told: httpx.AsyncClient, encoding: dict[str, str]) -> None:
    for path in (*TAGGED, *UNTAGGED, "/v1/ledgers/nowhere", "/nowhere"):
        head, get = await told.head(path, headers=encoding), await told.get(path, headers=encoding)
        assert (head.status_code, head.content) == (get.status_code, b""), path
        changing = {"x-request-id"} | ({"content-length"} if path in ("/metrics", "/readyz") else set())
        assert [one for one in head.headers.items() if one[0] not in changing] == [
            one for one in get.headers.items() if one[0] not in changing
        ], path
    assert_problem(await told.post("/livez"), 405, "method-not-allowed")


async def test_head_is_measured_by_its_route(told: httpx.AsyncClient) -> None:
    await told.head(LEDGER)
    text = (await told.get("/metrics")).text
    assert 'http_requests_total{method="HEAD",route="/v1/ledgers/{ledger}",status="200"} 1.0' in text


async def test_head_of_a_stream_ends(told: httpx.AsyncClient) -> None:
    async with asyncio.timeout(TIMEOUT_S):
        head = await told.head(f"{LEDGER}/events", headers={"Accept": "text/event-stream"})
    assert (head.headers["Content-Type"], head.content) == ("text/event-stream; charset=utf-8", b"")


async def test_an_answer_with_a_tag_is_asked_for_again_and_any_other_is_kept_by_nobody(
    told: httpx.AsyncClient,
) -> None:
    """RFC 9111: no cache on the way may keep what is known about people, nor that something is absent."""
    for path in TAGGED:
        answer = await told.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache"), path
        assert answer.headers["ETag"]
    refused = [await told.get("/v1/ledgers/nowhere"), await told.get("/nowhere"), await told.delete("/livez")]
    refused.append(await told.get("/livez", headers={"Host": "example.org"}))
    refused.append(await told.post(EVENTS, content=b"{}", headers={"Content-Type": "application/json"}))
    for answer in (*[await told.get(path) for path in UNTAGGED], *refused):
        assert (answer.headers["Cache-Control"], answer.headers.get("ETag")) == ("no-store", None), answer.url


@pytest.mark.parametrize("asked", ["{}", "W/{}", '"other", {}', "*"])
async def test_what_the_client_has_is_not_sent_again(told: httpx.AsyncClient, asked: str) -> None:
    """RFC 9110, 13.1.2 and 15.4.5."""
    for path in TAGGED:
        first = await told.get(path)
        tag = first.headers["ETag"]
        for method in ("GET", "HEAD"):
            again = await told.request(method, path, headers={"If-None-Match": asked.format(tag)})
            assert (again.status_code, again.content) == (304, b""), path
            assert (again.headers["ETag"], again.headers["Cache-Control"]) == (tag, "private, no-cache")
            assert again.headers.get("Vary") == first.headers.get("Vary")
            assert "Content-Length" not in again.headers


async def test_what_has_changed_is_sent_again(told: httpx.AsyncClient) -> None:
    tags = {path: (await told.get(path)).headers["ETag"] for path in (EVENTS, STANDING, DETERMINATION)}
    await append(told, someone.left("2024-06-30", called=uuid4()))
    for path, tag in tags.items():
        again = await told.get(path, headers={"If-None-Match": f'{tag}, unquoted"'})
        assert again.status_code == httpx.codes.OK
        again = await told.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["ETag"] != tag) == (200, True), path


async def test_each_form_of_a_standing_has_a_tag_of_its_own(told: httpx.AsyncClient) -> None:
    forms = [await told.get(STANDING, headers={"Accept": form}) for form in ("application/json", "text/html")]
    assert len({form.headers["ETag"] for form in forms}) == len(forms)


async def test_a_body_of_a_kilobyte_is_compressed_for_whoever_takes_it(told: httpx.AsyncClient) -> None:
    for path in (EVENTS, STANDING, "/openapi.json", "/metrics"):
        plain = await told.get(path, headers=PLAIN)
        async with told.stream("GET", path, headers=GZIP) as packed:
            raw = b"".join([part async for part in packed.aiter_raw()])
        assert (packed.headers["Content-Encoding"], int(packed.headers["Content-Length"])) == ("gzip", len(raw))
        assert len(raw) < int(plain.headers["Content-Length"])
        assert plain.headers["Vary"].endswith("Accept-Encoding")
        assert packed.headers["Vary"].endswith("Accept-Encoding")
        if path != "/metrics":
            assert zlib.decompress(raw, 31) == plain.content
            # Other bytes have another strong tag (RFC 9110, 8.8.3.3); as a condition either names the same state.
            assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
            for tag in (packed.headers["ETag"], plain.headers["ETag"]):
                again = await told.get(path, headers={**GZIP, "If-None-Match": tag})
                assert again.status_code == httpx.codes.NOT_MODIFIED


async def test_the_tag_of_a_compressed_stream_can_be_decided_on(told: httpx.AsyncClient) -> None:
    tag = (await told.get(EVENTS, headers=GZIP)).headers["ETag"]
    await append(told, new_training(), **{"If-Match": tag})


async def test_a_small_answer_and_a_stream_of_events_are_sent_as_they_are(told: httpx.AsyncClient) -> None:
    small = await told.get(LEDGER, headers=GZIP)
    assert len(small.content) < MIN_COMPRESSED_BYTES
    stream = await told.get(f"{LEDGER}/events", params={"wait": 0}, headers={**GZIP, "Accept": "text/event-stream"})
    assert len(stream.content) > MIN_COMPRESSED_BYTES
    for answer in (small, stream):
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("GZIP;q=0.5, br", True),
        ("x-gzip", True),
        ("*", True),
        ("br, *;q=0.1", True),
        ("", False),
        ("br, zstd", False),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_to_whoever_accepts_it(accepted: str, taken: bool) -> None:
    assert accepts_gzip(accepted.encode()) == taken
