"""The page of a standing in a real browser: it renders in full under its own content security policy."""

import asyncio
import os
import re
import shutil
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.client import append
from tests.api.serving import serving
from tests.lives import worker

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
BROWSER_TIMEOUT_S = 60.0
PHONE_WIDTH, DESK_WIDTH = 390, 1000
PNG_WIDTH, PNG_CHUNKS_FROM = slice(16, 20), 8
"""Where a PNG keeps its width (its header chunk comes first), and where its chunks begin."""
PAPER, DESK = (0xFF, 0xFF, 0xFF), (0xF3, 0xF5, 0xF8)
"""The style sheet's colours of the page and of what lies around it where there is room."""

SHEET_SIZE = re.compile(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]")
A4_POINTS = (595, 842)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium here: apt-get install chromium")

LEDGER = "/v1/ledgers/chengdu"
PERSON = f"{LEDGER}/practitioners/P-1"
LIFE = worker("510107").certified("2021-10-17").trained("2023-03-10", "20.5", "hour")


@pytest.fixture
async def page(app: FastAPI, client: httpx.AsyncClient, tmp_path: Path) -> Any:
    """The URL of a page, served over a real socket."""
    await client.put(LEDGER, json={"jurisdiction": "510100", "title": "成都"})
    await append(client, LIFE)
    async with serving(app) as base:
        yield f"{base}{PERSON}/standing?as_of=2025-05-10"


async def browse(profile: Path, *arguments: str) -> tuple[str, str]:
    """Return what the browser printed, and its log. It takes text/html, as browsers do."""
    assert BROWSER
    common: Sequence[str] = (
        "--headless",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-background-networking",
        "--enable-logging=stderr",
        f"--user-data-dir={profile}",
        *(("--no-sandbox",) if os.geteuid() == 0 else ()),
    )
    process = await asyncio.create_subprocess_exec(
        BROWSER, *common, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, logged = await asyncio.wait_for(process.communicate(), BROWSER_TIMEOUT_S)
    assert process.returncode == 0, logged.decode()
    return printed.decode(), logged.decode()


async def test_the_browser_shows_the_page_and_its_policy_blocks_nothing(page: str, tmp_path: Path) -> None:
    shown, logged = await browse(tmp_path, "--dump-dom", page)
    assert "<h1>社会工作者职业情况</h1>" in shown
    assert 'lang="zh-CN"' in shown
    assert "Content Security Policy" not in logged
    assert "Refused to" not in logged


@pytest.mark.parametrize("path", ["/", "/nowhere"])
async def test_the_first_page_and_a_problem_are_shown_and_their_policy_blocks_nothing(
    page: str, tmp_path: Path, path: str
) -> None:
    shown, logged = await browse(tmp_path, "--dump-dom", str(httpx.URL(page).join(f"{path}?lang=zh")))
    assert "社会工作者职业台账" in shown
    assert "Content Security Policy" not in logged
    assert "Refused to" not in logged


def corner(png: bytes) -> tuple[int, ...]:
    """Return the colour of the first pixel, which every filter of PNG leaves as it is."""
    data, at = b"", PNG_CHUNKS_FROM
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return tuple(zlib.decompress(data)[1:4])


@pytest.mark.parametrize(("width", "colour"), [(PHONE_WIDTH, PAPER), (DESK_WIDTH, DESK)])
async def test_the_page_fills_a_phone_and_lies_on_a_desk(
    page: str, tmp_path: Path, width: int, colour: tuple[int, ...]
) -> None:
    picture = tmp_path / "page.png"
    await browse(tmp_path / "profile", f"--window-size={width},1600", f"--screenshot={picture}", page)
    drawn = picture.read_bytes()
    assert int.from_bytes(drawn[PNG_WIDTH], "big") == width
    assert corner(drawn) == colour


async def test_the_page_prints_on_a4(page: str, tmp_path: Path) -> None:
    sheet = tmp_path / "page.pdf"
    await browse(tmp_path / "profile", "--no-pdf-header-footer", f"--print-to-pdf={sheet}", page)
    printed = sheet.read_bytes()
    assert printed.startswith(b"%PDF-")
    sizes = {tuple(map(round, map(float, found))) for found in SHEET_SIZE.findall(printed)}
    assert sizes == {A4_POINTS}
