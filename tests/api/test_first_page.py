"""The first page, and problems as pages: for whoever opens an address in a browser, and for nobody else."""

import re
from collections.abc import Mapping

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from services.runtime.release import RELEASE
from services.runtime.showcase import SHOWCASE
from services.server import front
from tests.api.client import LEDGER, append
from tests.conftest import BASE_URL
from tests.lives import worker

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
PROGRAMS: tuple[Mapping[str, str], ...] = (
    {},
    {"Accept": "application/json"},
    {"Accept": "*/*"},
    {"Accept": "application/json, text/html"},
    {"Accept": "application/json, text/plain, */*"},
    {"Accept": "text/csv"},
)
STANDING = f"{LEDGER}/practitioners/P-1/standing"


async def shown(client: httpx.AsyncClient, path: str = "/", **headers: str) -> str:
    answer = await client.get(path, headers={**BROWSER, **headers})
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    return answer.text


async def test_a_browser_is_shown_the_ledgers_and_where_else_to_go(made: httpx.AsyncClient) -> None:
    text = await shown(made)
    assert '<html lang="zh-CN">' in text
    assert '<th scope="row">chengdu</th>' in text
    for path in re.findall(r'href="(/[^"#?]*)', text):
        assert (await made.get(path)).status_code == httpx.codes.OK


async def test_it_needs_one_request_and_no_script_and_no_other_host(made: httpx.AsyncClient) -> None:
    answer = await made.get("/", headers=BROWSER)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script|<link|<img|style=|://", answer.text)


async def test_who_is_looked_up_is_shown_at_the_address_of_the_standing(made: httpx.AsyncClient) -> None:
    await append(made, worker("510107"))
    found = await made.get("/", params={"ledger": "chengdu", "person": " P-1 ", "lang": "en"}, headers=BROWSER)
    assert (found.status_code, found.headers["Location"]) == (httpx.codes.SEE_OTHER, f"{STANDING}?lang=en")
    page = await made.get(found.headers["Location"], headers=BROWSER)
    assert "Standing of a social worker" in page.text


async def test_an_id_cannot_lead_elsewhere(made: httpx.AsyncClient) -> None:
    for person in ("../../../docs", "//elsewhere.example", "P-1?x=1#y", "张三"):
        found = await made.get("/", params={"ledger": "chengdu", "person": person}, headers=BROWSER)
        place = found.headers["Location"]
        assert place.startswith(f"{LEDGER}/practitioners/")
        assert place.count("/") == STANDING.count("/")


async def test_the_showcase_is_named_if_there_is_one(client: httpx.AsyncClient) -> None:
    assert "ledgerctl ledger create" in await shown(client)
    await client.put("/v1/ledgers/demo", json={"jurisdiction": "100000", "title": "演示"})
    assert SHOWCASE not in await shown(client)
    await append(client, worker("510107").of(SHOWCASE), "/v1/ledgers/demo")
    assert f'href="/v1/ledgers/demo/practitioners/{SHOWCASE}/standing?lang=zh"' in await shown(client)


@pytest.mark.parametrize(
    ("path", "accepted", "lang"),
    [
        ("/", "", "zh-CN"),
        ("/", "en-GB,en;q=0.9", "en"),
        ("/", "en;q=0.5, zh-CN;q=0.9", "zh-CN"),
        ("/", "fr, en;q=0.3", "en"),
        ("/", "zh;q=0, de", "zh-CN"),
        ("/", "en;q=much", "zh-CN"),
        ("/?lang=zh", "en", "zh-CN"),
        ("/?lang=en", "zh", "en"),
    ],
)
async def test_the_address_decides_the_language_and_then_the_browser(
    client: httpx.AsyncClient, path: str, accepted: str, lang: str
) -> None:
    assert f'<html lang="{lang}">' in await shown(client, path, **{"Accept-Language": accepted})


async def test_titles_are_shown_as_text(client: httpx.AsyncClient) -> None:
    await client.put(LEDGER, json={"jurisdiction": "510100", "title": "<b>成都</b>"})
    assert "&lt;b&gt;成都&lt;/b&gt;" in await shown(client)


@pytest.mark.parametrize("accept", [one for one in PROGRAMS if one.get("Accept") != "text/csv"])
async def test_a_program_gets_a_small_index(client: httpx.AsyncClient, accept: Mapping[str, str]) -> None:
    index = (await client.get("/", headers=accept)).json()
    assert index["release"] == RELEASE
    for path in set(index.values()) - {RELEASE}:
        assert (await client.get(path)).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (STANDING, 404, "unknown-practitioner"),
        ("/v1/ledgers/none", 404, "unknown-ledger"),
        (f"{STANDING}?as_of=soon", 400, "invalid-parameter"),
        ("/nowhere", 404, "not-found"),
    ],
)
async def test_a_problem_is_a_page_in_a_browser_and_a_document_for_a_program(
    made: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    page = await made.get(path, headers={**BROWSER, "Accept-Encoding": "identity"})
    assert page.status_code == status
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert f"<code>{code}</code>" in page.text
    assert int(page.headers["Content-Length"]) == len(page.content)
    for accept in PROGRAMS:
        document = await made.get(path, headers=accept)
        assert document.status_code in (status, httpx.codes.NOT_ACCEPTABLE)
        assert document.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accepted", "languages", "remedy"),
    [
        (None, "en", "Create it with PUT"),
        ("de", "en", "Create it with PUT"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "用PUT"),
        ("en;q=0.5, zh;q=0.4", "en", "Create it with PUT"),
    ],
)
async def test_a_program_is_told_what_to_do_in_its_language(
    client: httpx.AsyncClient, accepted: str | None, languages: str, remedy: str
) -> None:
    headers = {} if accepted is None else {"Accept-Language": accepted}
    problem = await client.get("/v1/ledgers/none", headers=headers)
    assert problem.json()["remedy"].startswith(remedy)
    assert problem.headers["Content-Language"] == languages
    assert {"Accept", "Accept-Language"} <= set(problem.headers["Vary"].split(", "))


async def test_a_problem_in_a_browser_is_in_the_language_of_its_page(client: httpx.AsyncClient) -> None:
    for headers, path, lang, remedy in (
        ({}, "/v1/ledgers/none", "zh-CN", "用PUT"),
        ({"Accept-Language": "en"}, "/v1/ledgers/none", "en", "Create it"),
        ({}, "/v1/ledgers/none?lang=en", "en", "Correct what"),
    ):
        page = await client.get(path, headers={**BROWSER, **headers})
        assert f'<html lang="{lang}">' in page.text
        assert remedy in page.text
        assert page.headers["Content-Language"].startswith(lang)


async def test_head_of_a_problem_has_the_headers_of_its_page(made: httpx.AsyncClient) -> None:
    page = await made.get("/nowhere", headers=BROWSER)
    head = await made.head("/nowhere", headers=BROWSER)
    assert (head.status_code, head.content) == (page.status_code, b"")
    for name in ("Content-Type", "Content-Security-Policy"):
        assert head.headers[name] == page.headers[name]


async def test_a_long_problem_is_a_page_too_and_compressed(made: httpx.AsyncClient) -> None:
    body = {"events": [{"event_id": str(number), "type": "x" * 80} for number in range(60)]}
    page = await made.post(f"{LEDGER}/practitioners/P-1/events", json=body, headers=BROWSER)
    assert page.status_code == httpx.codes.BAD_REQUEST
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Content-Encoding"] == "gzip"


async def test_even_a_foreign_host_and_a_database_that_refuses_are_pages(
    made: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    foreign = await made.get("/", headers={**BROWSER, "Host": "ledger.example"})
    assert foreign.status_code == httpx.codes.MISDIRECTED_REQUEST
    assert "<code>foreign-host</code>" in foreign.text
    await pool.execute("ALTER SCHEMA ledger RENAME TO elsewhere")
    away = await made.get("/", headers=BROWSER)
    assert away.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert away.headers["Retry-After"]
    assert "<code>database-unavailable</code>" in away.text


async def test_even_a_failure_of_ours_is_a_page(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "ledgers_after", lambda *_: 1 / 0)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        failed = await client.get("/", headers={**BROWSER, "X-Request-Id": "r-7"})
    assert "r-7" in failed.text, "so that an operator finds it in the log"
    assert failed.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert "<code>internal-error</code>" in failed.text


async def test_what_a_day_refuses_is_the_same_page_for_ever(made: httpx.AsyncClient) -> None:
    """So an auditor may compare it, byte for byte: it does not name its request."""
    asked = f"{LEDGER}/practitioners/P-nobody/standing?known_at_position=0"
    first, again = [await made.get(asked, headers=BROWSER) for _ in range(2)]
    assert first.status_code == httpx.codes.NOT_FOUND
    assert first.content == again.content
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]


async def test_an_answer_that_is_no_problem_passes_as_it_is(made: httpx.AsyncClient) -> None:
    for path in ("/openapi.json", "/v1/ledgers"):
        assert (await made.get(path, headers=BROWSER)).content == (await made.get(path)).content
