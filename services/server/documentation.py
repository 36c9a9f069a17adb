"""The page that explains the API, with every file served from here: it must work without reaching any other host."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

ASSETS_URL = "/docs/assets"
TITLE = "Practitioner career ledger"
TAGS: Sequence[Mapping[str, str]] = (
    {"name": "ledger", "description": "Make ledgers, append events, read them back, follow the feed."},
    {"name": "query", "description": "What follows for one person, over time, and for everybody."},
    {"name": "policies", "description": "The rules by which it follows, and until when they hold."},
    {"name": "problems", "description": "What a refusal means, and what to do."},
    {"name": "operations", "description": "Whether the service is well."},
)
"""The order of the page: as one goes about it."""
INTRODUCTION = """
Six requests, in this order, from nothing to an answer. Each works as it stands, and may be sent again.

**1. Make a ledger**: the book of one authority, here Chengdu.

```
PUT /v1/ledgers/chengdu
{"jurisdiction": "510100", "title": "成都"}
```

**2. Append** what is known of a person: a certificate and a registration. `GET /v1/event-types` has every type.

```
POST /v1/ledgers/chengdu/practitioners/P-1/events
{"events": [
  {"event_id": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f10", "type": "certificate.obtained", "occurred_on": "2023-06-18",
   "data": {"level": "junior", "scope": "national", "basis": "exam"}},
  {"event_id": "0190b6a0-7e2c-7d3b-9c58-6a1c8a9d2f11", "type": "registration.granted", "occurred_on": "2023-10-12",
   "data": {"first": true, "valid_from": "2023-10-12", "level": "junior"}}
]}
```

**3. Read the standing**: every answer about the person on a day. A browser gets a page.

```
GET /v1/ledgers/chengdu/practitioners/P-1/standing?as_of=2025-06-30
```

**4. Ask why**: one answer with its explanation, clause by clause, and what would change it.

```
GET /v1/ledgers/chengdu/practitioners/P-1/determinations/registration?as_of=2025-06-30
```

**5. Follow the feed**: every event by position. Send `next_after` as `after`; `wait` waits for news.

```
GET /v1/ledgers/chengdu/events?after=0
```

**6. Ask about everybody**: who has which answer, and how many.

```
GET /v1/ledgers/chengdu/standings?determination=registration&min_position=2
```

Whatever is refused is answered with a problem that says what to do; `GET /problems` lists them.
"""


def install(app: FastAPI) -> None:
    """Serve the page, and complete the document that it shows."""
    app.description, app.openapi_tags = INTRODUCTION.strip(), [dict(tag) for tag in TAGS]
    app.mount(ASSETS_URL, StaticFiles(directory=_swagger_ui_files()), name="docs-assets")
    app.add_api_route("/docs", _page, include_in_schema=False, response_class=HTMLResponse)
    build = app.openapi

    def openapi() -> dict[str, Any]:
        is_new = app.openapi_schema is None
        document = build()
        if is_new:
            _fill_in_what_is_required(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # As in `openapi.install`.


def _fill_in_what_is_required(document: Mapping[str, Any]) -> None:
    """Let the page fill in each parameter that a request needs, so that it can be sent at once."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                examples = parameter["schema"].get("examples")
                if parameter["required"] and examples:
                    parameter.setdefault("example", examples[0])


async def _page() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=TITLE,
        swagger_js_url=f"{ASSETS_URL}/swagger-ui-bundle.js",
        swagger_css_url=f"{ASSETS_URL}/swagger-ui.css",
        swagger_favicon_url=f"{ASSETS_URL}/favicon.png",
        swagger_ui_parameters={"validatorUrl": "none"},  # Its badge would load from an outside host.
    )


def _swagger_ui_files() -> Path:
    """Return the folder of files inside the fastapi-offline package, which is not imported: its code is not needed."""
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("fastapi_offline, which carries the files of the documentation page")
    return Path(spec.origin).parent / "static"
