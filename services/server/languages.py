"""In which language a page is written: as the address says, else as the browser prefers, else in Chinese."""

from collections.abc import Iterator

from fastapi import Request

from services.core.words.sentences import Lang

DEFAULT: Lang = "zh"


def language_of(request: Request) -> Lang:
    """Return `?lang=`, else the language that Accept-Language wants most."""
    match request.query_params.get("lang"):
        case "zh":
            return "zh"
        case "en":
            return "en"
    wanted = sorted(_wanted(request.headers.get("accept-language", "")), key=lambda one: -one[0])
    return next((lang for quality, lang in wanted if quality), DEFAULT)


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
