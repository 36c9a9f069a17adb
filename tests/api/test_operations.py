"""Health and documentation: what an operator and a reader need, without any other host."""

import re

import httpx


async def test_the_service_says_that_it_lives_and_is_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "live"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_the_documentation_page_loads_everything_from_here(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert len(loaded) == 3
    for path in loaded:
        assert path.startswith("/")
        assert (await client.get(path)).status_code == httpx.codes.OK
    assert "://" not in page


async def test_the_api_description_holds_the_health_routes_and_an_example_of_each(client: httpx.AsyncClient) -> None:
    description = (await client.get("/openapi.json")).json()
    assert description["openapi"].startswith("3.1")
    for path in ("/livez", "/readyz"):
        schema = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert "examples" in description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
