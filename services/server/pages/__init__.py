"""The first page and the page of a problem, as HTML: one request each, without a script or another host. Pure."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from services.core.words.front import front_words
from services.core.words.sentences import Lang

_loader = PackageLoader("services.server", "pages")
_templates = Environment(
    loader=_loader,
    autoescape=select_autoescape(("html.jinja",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
STYLE = _loader.get_source(_templates, "style.css")[0]
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept, Accept-Language",
}
"""Of every page: only the one style sheet in it, identified by its digest."""


def page(template: str, lang: Lang, **facts: Any) -> str:
    """Return the page that a template beside this module makes of some facts."""
    return _templates.get_template(template).render(
        facts,
        lang=lang,
        other="en" if lang == "zh" else "zh",
        tags={"zh": "zh-CN", "en": "en"},
        style=Markup(STYLE),  # noqa: S704 - the style sheet that lies beside the templates
        words=lambda name, **values: front_words(name, lang, **values),
    )
