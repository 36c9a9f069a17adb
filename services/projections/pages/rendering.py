"""A page as HTML or plain text, from the templates beside this module. Pure."""

from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from services.core.words.labels import label
from services.core.words.sentences import Lang
from services.projections.pages.page import MARKS, Page, Timeline

_loader = PackageLoader("services.projections", "pages")
_templates = Environment(
    loader=_loader,
    autoescape=select_autoescape(("html.jinja",), default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
STYLE = _loader.get_source(_templates, "style.css")[0]
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Only the one style sheet in the page, identified by its digest."""


def as_html(page: Page) -> str:
    """Return the page as HTML, without scripts or anything from another host."""
    return _templates.get_template("standing.html.jinja").render(
        page=page,
        style=Markup(STYLE),  # noqa: S704 - the style sheet that lies beside the template
        picture=Markup(page.timeline.picture) if page.timeline else None,  # noqa: S704 - made here, texts escaped
        drawn_by=_drawn_by(page.timeline, page.lang) if page.timeline else None,
        changes=Markup(page.timeline.table) if page.timeline else None,  # noqa: S704 - as the picture
        label=lambda name, **values: label(name, page.lang, **values),
        mark=MARKS,
    )


def as_text(page: Page) -> str:
    """Return the page as plain text."""
    return _templates.get_template("standing.txt.jinja").render(page=page, label=lambda name: label(name, page.lang))


def _drawn_by(timeline: Timeline, lang: Lang) -> str:
    """Return the sentence that names the places whose rules the picture is drawn by."""
    (_, opening), *moves = timeline.places
    if not timeline.of_own_place:
        return label("drawn_under", lang, place=opening)
    places = [opening, *(label("moved", lang, on=on, place=place) for on, place in moves)]
    return label("drawn_day_by_day", lang, places=label("then", lang).join(places))
