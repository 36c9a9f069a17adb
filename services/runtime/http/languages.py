"""In which language an answer is written: as the address says, else as Accept-Language prefers.

Without either a page is in Chinese, as its readers are, and a problem in English, as its programs are.
"""

from collections.abc import Iterator
from functools import lru_cache

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope

from contracts.languages import Lang

OF_PAGES: Lang = "zh"
OF_PROBLEMS: Lang = "en"
CHOSEN = "ledger.language"
"""Where in an ASGI scope the language stands that a problem is to have because it becomes part of a page."""
TAGS = {"zh": "zh-CN", "en": "en"}


def language_of(request: Request) -> Lang:
    """Return the language of a page."""
    match request.query_params.get("lang"):
        case "zh":
            return "zh"
        case "en":
            return "en"
    return _accepted(request.headers.get("accept-language", "")) or OF_PAGES


def language_of_problem(scope: Scope) -> Lang:
    """Return the language of the problem with which a request is answered."""
    chosen: Lang | None = scope.get(CHOSEN)
    return chosen or _accepted(Headers(scope=scope).get("accept-language", "")) or OF_PROBLEMS


@lru_cache(maxsize=128)
def _accepted(header: str) -> Lang | None:
    wanted = sorted(_wanted(header), key=lambda one: -one[0])
    return next((lang for quality, lang in wanted if quality), None)


def _wanted(accepted: str) -> Iterator[tuple[float, Lang]]:
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        quality = 1.0
        if (text := parameter.strip()).startswith("q="):
            try:
                quality = float(text.removeprefix("q="))
            except ValueError:
                continue
        match name.strip().partition("-")[0]:
            case "zh":
                yield quality, "zh"
            case "en":
                yield quality, "en"
