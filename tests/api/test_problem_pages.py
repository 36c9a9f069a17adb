"""What a problem means is told by the service itself: as a page and as JSON, in Chinese and English."""

import httpx
import pytest

from contracts.languages import Lang
from contracts.problems import PROBLEMS
from services.runtime.http.problems import ProblemDocument, Rendered, as_data
from services.server import problem_pages
from services.server.problem_pages import ProblemMeaning, ProblemMeanings
from tests.api.client import assert_problem
from tests.api.test_first_page import BROWSER


async def test_the_type_of_a_problem_leads_to_what_it_means(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/v1/ledgers/none")).json()
    meaning = (await client.get(problem["type"])).json()
    assert meaning["code"] == problem["code"] == "unknown-ledger"
    assert (meaning["title"], meaning["status"], meaning["remedy"]) == (
        problem["title"],
        problem["status"],
        problem["remedy"],
    )
    assert meaning["example"].keys() == problem.keys()
    assert meaning["when"]


async def test_every_problem_has_its_page_in_both_languages(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/problems")).json()["problems"]
    assert [problem["code"] for problem in listed] == list(PROBLEMS)
    for code, problem in PROBLEMS.items():
        for lang in ("zh", "en"):
            words = problem.words(lang)
            document = await client.get(f"/problems/{code}", headers={"Accept-Language": lang})
            assert document.json()["when"] == words.when
            assert document.headers["Content-Language"].startswith(lang)
    for lang in ("zh", "en"):
        page = (await client.get(f"/problems?lang={lang}", headers=BROWSER)).text
        assert all(f'href="/problems/{code}?lang={lang}"' in page for code in PROBLEMS)


@pytest.mark.parametrize(("lang", "words"), [("zh", "何时出现"), ("en", "When it happens")])
async def test_a_browser_gets_a_page(client: httpx.AsyncClient, lang: str, words: str) -> None:
    page = await client.get("/problems/void-of-a-void", headers={**BROWSER, "Accept-Language": lang})
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Content-Language"].startswith(lang)
    assert {"Accept", "Accept-Language"} <= set(page.headers["Vary"].split(", "))
    assert words in page.text
    assert "<script" not in page.text


async def test_a_code_that_does_not_exist_is_refused_with_those_that_are_near(client: httpx.AsyncClient) -> None:
    answer = await client.get("/problems/void-of-void")
    assert_problem(answer, 404, "unknown-problem", "{code}")
    assert "void-of-a-void" in answer.json()["detail"]
    in_a_browser = await client.get("/problems/void-of-void", headers=BROWSER)
    assert "void-of-a-void" in in_a_browser.text


async def test_the_document_describes_both_representations(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    for path in ("/problems", "/problems/{code}"):
        answers = document["paths"][path]["get"]["responses"]["200"]["content"]
        assert answers.keys() == {"application/json", "text/html"}
    for path, model in (("/problems", ProblemMeanings), ("/problems/unknown-ledger?lang=zh", ProblemMeaning)):
        model.model_validate((await client.get(path)).json(), extra="forbid")


async def test_the_address_says_the_language_of_json_too(client: httpx.AsyncClient) -> None:
    meaning = await client.get("/problems/unknown-ledger?lang=zh", headers={"Accept-Language": "en"})
    assert meaning.headers["Content-Language"] == "zh-CN"
    assert meaning.json()["when"] == PROBLEMS["unknown-ledger"].zh.when
    assert_problem(await client.get("/problems?lang=fr"), 400, "invalid-parameter", "?lang")
    assert_problem(await client.get("/problems?language=zh"), 400, "invalid-parameter", "?language")


async def test_a_problem_is_made_once_and_becomes_a_page_without_being_read_back(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was written as JSON, caught on its way and parsed again."""
    rendered: list[ProblemDocument] = []
    render = problem_pages._page_of

    def seen(lang: Lang, problem: ProblemDocument) -> Rendered:
        rendered.append(problem)
        return render(lang, problem)

    monkeypatch.setattr(problem_pages, "_page_of", seen)
    headers = {**BROWSER, "Accept-Language": "en", "Accept-Encoding": "identity"}
    page = await client.get("/v1/ledgers/No?limit=0", headers=headers)
    document = await client.get("/v1/ledgers/No?limit=0", headers={"Accept-Language": "en"})
    assert [as_data(problem) for problem in rendered] == [document.json()]
    assert page.headers["Content-Length"] == str(len(page.content))
    assert "application/problem+json" not in page.headers["Content-Type"]
    assert {"Accept", "Accept-Language"} <= set(page.headers["Vary"].split(", "))
