"""A timeline as a picture, and as a table of the same statuses with their causes, to be read and printed. Pure.

The picture is SVG without style or script, so it complies with the strictest content security policy. A bar's word,
mark and hatching say what it means, never colour alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

from msgspec import Struct

from contracts.events.values import FIRST_DAY, LAST_DAY, Day, DeterminationId
from services.core.calendar import ONE_DAY
from services.core.facts.place import place_on, place_until
from services.core.questions.known import Knowledge, UndatedQuestion
from services.core.questions.timeline import Budget, Cause, DayChange, DaysPage, walk_days
from services.core.rules.verdict import Status
from services.core.words.catalogue import DETERMINATION_NAMES
from services.core.words.labels import label
from services.core.words.sentences import Lang, in_lang, in_words, verdict_in_words
from services.projections.pages.page import FAILS, HOLDS, MARKS, NEITHER, OPEN, FactLine, kind_of

YEARS_BEFORE, YEARS_AFTER = 5, 1
"""Whole calendar years shown before and after the year of the day in question."""
MAX_CHANGES = 100
"""The most changes of status drawn and listed in one lane."""
MAX_WORK_EVENTS = 20_000
"""The most events folded for one lane, so that a page of many lanes stays within a second or two."""
WIDTH, LABEL_WIDTH, LANE_HEIGHT, BAR_HEIGHT, HEAD_HEIGHT, FOOT_HEIGHT = 760, 190, 38, 24, 26, 26
"""In units of the picture."""
CHARACTER_WIDTH: Mapping[Lang, float] = {"zh": 12.5, "en": 6.6}
"""Width of 12-unit text, in units: a word that does not fit into its bar appears in the table only."""
LABEL_CHARACTERS: Mapping[Lang, int] = {"zh": 14, "en": 24}
"""The longest name that fits on one line before the bars, in characters."""
FONT = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif"
INKS: Mapping[str, str] = {HOLDS: "#0b5d33", FAILS: "#8c1d18", OPEN: "#6b4700", NEITHER: "#4a5565"}
GROUNDS: Mapping[str, str] = {HOLDS: "#cfe8da", FAILS: "url(#fails)", OPEN: "url(#open)", NEITHER: "#ffffff"}
PATTERNS = (
    '<defs><pattern id="fails" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="#fbe9e7"/><rect width="1.6" height="7" fill="#dba7a2"/></pattern>'
    '<pattern id="open" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#fdf1d6"/>'
    '<circle cx="3.5" cy="3.5" r="1.1" fill="#c9a24a"/></pattern></defs>'
)


class Span(Struct, frozen=True):
    """The days of one status, first and last inclusive, and the kind of it."""

    first: Day
    last: Day
    status: Status
    kind: str


class Lane(Struct, frozen=True):
    """One determination over the days shown: the days of each status in turn, and why it changed."""

    determination: DeterminationId
    page: DaysPage
    spans: tuple[Span, ...]


def lanes_of(
    knowledge: Knowledge, place: str | None, determinations: Iterable[DeterminationId], as_of: Day
) -> tuple[Day, Day, list[Lane]]:
    """Return the days shown and a lane for each determination that is ever judged in them.

    Without a `place` every day is judged by the rules of the person's place on that day.
    """
    first = max(FIRST_DAY, date(max(as_of.year - YEARS_BEFORE, FIRST_DAY.year), 1, 1))
    last = min(LAST_DAY, date(min(as_of.year + YEARS_AFTER, LAST_DAY.year), 12, 31))
    lanes = []
    for name in determinations:
        question = UndatedQuestion(name, place, of_status=True)
        page = walk_days(knowledge, question, first, last, Budget(MAX_CHANGES, MAX_WORK_EVENTS))
        spans = tuple(_spans(knowledge, question, page, first, last))
        if any(span.kind != NEITHER for span in spans):
            lanes.append(Lane(name, page, spans))
    return first, last, lanes


def _spans(knowledge: Knowledge, question: UndatedQuestion, page: DaysPage, first: Day, last: Day) -> Iterable[Span]:
    begins = [first, *(change.on for change in page.changes)]
    ends = [*(change.on - ONE_DAY for change in page.changes), page.next_from or last]
    for begin, end in zip(begins, ends, strict=True):
        node = knowledge.answer(question, begin).node
        yield Span(begin, end, node.status, kind_of(node.status))


def places_of(knowledge: Knowledge, first: Day, last: Day) -> list[tuple[Day, str]]:
    """Return the person's places in turn, each with its first day of those shown."""
    stays = [(first, place_on(knowledge.facts, first, knowledge.home))]
    while (until := place_until(knowledge.facts, stays[-1][0], knowledge.home)) is not None and until < last:
        stays.append((until + ONE_DAY, place_on(knowledge.facts, until + ONE_DAY, knowledge.home)))
    return stays


def timeline_svg(first: Day, last: Day, as_of: Day, lanes: Sequence[Lane], lang: Lang) -> str:
    """Return only the picture: a lane for each determination, and a line at the day in question."""
    height = HEAD_HEIGHT + LANE_HEIGHT * len(lanes) + FOOT_HEIGHT
    title = label("drawn", lang, first=first, last=last)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FONT}" font-size="12"><title>{escape(title)}</title>'
    )
    parts = [
        opening,
        PATTERNS,
        *_years(first, last, height),
    ]
    for number, lane in enumerate(lanes):
        parts.extend(_lane(lane, first, last, HEAD_HEIGHT + number * LANE_HEIGHT, lang))
    x = _x(as_of, first, last)
    parts.append(
        f'<path d="M{x:.1f} {HEAD_HEIGHT - 6}V{height - FOOT_HEIGHT + 4}" stroke="#1d4f91" stroke-width="2"/>'
        f'<text x="{x:.1f}" y="{height - 8}" text-anchor="middle" fill="#1d4f91" font-weight="600">{as_of}</text>'
    )
    return "".join((*parts, "</svg>"))


def _years(first: Day, last: Day, height: int) -> Iterable[str]:
    for year in range(first.year, last.year + 1):
        x, end = _x(date(year, 1, 1), first, last), _x(date(year, 12, 31), first, last)
        yield (
            f'<path d="M{x:.1f} {HEAD_HEIGHT - 4}V{height - FOOT_HEIGHT}" stroke="#c9d0da"/>'
            f'<text x="{(x + end) / 2:.1f}" y="16" text-anchor="middle" fill="#4a5565">{year}</text>'
        )


def _lane(lane: Lane, first: Day, last: Day, top: int, lang: Lang) -> Iterable[str]:
    middle = top + LANE_HEIGHT / 2
    yield from _label(_name(lane, lang), middle, lang)
    for span in lane.spans:
        yield _bar(lane.determination, span, first, last, middle, lang)


def _label(name: str, middle: float, lang: Lang) -> Iterable[str]:
    """Yield the lane's name, on two lines where one is too long."""
    # Before a bracket, otherwise at the last space that leaves a short first line.
    cut = max(name.find("（"), name.rfind(" ", 0, LABEL_CHARACTERS[lang]))
    is_long = cut > 0 and len(name) > LABEL_CHARACTERS[lang]
    lines = [name[:cut], name[cut:].strip()] if is_long else [name]
    for number, line in enumerate(lines):
        y = middle + 4 + (number - (len(lines) - 1) / 2) * 14
        yield f'<text x="0" y="{y:.1f}" fill="#1c2430">{escape(line)}</text>'


def _bar(determination: str, span: Span, first: Day, last: Day, middle: float, lang: Lang) -> str:
    kind = span.kind
    left, right = _x(span.first, first, last), _x(span.last + ONE_DAY, first, last)
    top, width = middle - BAR_HEIGHT / 2, max(right - left, 1.0)
    word = in_lang(verdict_in_words(determination, span.status), lang)
    title = f"{word} {span.first} – {span.last}"
    dashes = ' stroke-dasharray="3 3"' if kind == NEITHER else ""
    bar = (
        f"<g><title>{escape(title)}</title>"
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{BAR_HEIGHT}" fill="{GROUNDS[kind]}" '
        f'stroke="{INKS[kind]}"{dashes}/>'
    )
    marked = f"{MARKS[kind]} {word}"
    shown = next((text for text in (marked, MARKS[kind]) if _width(text, lang) < width - 6), "")
    if shown:
        # Its own background keeps the word readable on the hatching, in print too.
        bar += (
            f'<rect x="{left + 3:.1f}" y="{top + 3:.1f}" width="{_width(shown, lang) + 2:.1f}" '
            f'height="{BAR_HEIGHT - 6}" fill="#ffffff" fill-opacity="0.85"/>'
            f'<text x="{left + 5:.1f}" y="{middle + 4:.1f}" fill="{INKS[kind]}">{escape(shown)}</text>'
        )
    return bar + "</g>"


def _width(text: str, lang: Lang) -> float:
    return len(text) * CHARACTER_WIDTH[lang]


def _x(day: Day, first: Day, last: Day) -> float:
    days = (last - first).days + 1
    return LABEL_WIDTH + (WIDTH - LABEL_WIDTH - 2) * (day - first).days / days


def timeline_table(lanes: Sequence[Lane], facts: Mapping[str, FactLine], lang: Lang) -> str:
    """Return the content of the picture as a table with the causes, every text escaped. `facts` are records by event
    id."""
    names = (_word("question", lang), _word("from", lang), _word("verdict", lang), _word("cause", lang))
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(row for lane in lanes for row in _rows(lane, facts, lang))
    caption = f"<caption>{_word('changes_table', lang)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _rows(lane: Lane, facts: Mapping[str, FactLine], lang: Lang) -> Iterable[str]:
    opening, *later = lane.spans
    yield _row(_name(lane, lang), opening.first, _verdict(lane, opening, lang), _word("so_before", lang))
    for span, change in zip(later, lane.page.changes, strict=True):
        yield _row("", span.first, _verdict(lane, span, lang), _because(change, facts, lang))
    if lane.page.next_from is not None:
        yield _row("", lane.page.next_from, "", _word("later_changes", lang))


def _row(name: str, day: Day, verdict: str, cause: str) -> str:
    """Return a row. `verdict` and `cause` are HTML already."""
    return f'<tr><th scope="row">{escape(name)}</th><td class="day">{day}</td><td>{verdict}</td><td>{cause}</td></tr>'


def _verdict(lane: Lane, span: Span, lang: Lang) -> str:
    word = in_lang(verdict_in_words(lane.determination, span.status), lang)
    return escape(f"{MARKS[span.kind]} {word}")


def _because(change: DayChange, facts: Mapping[str, FactLine], lang: Lang) -> str:
    return label("then", lang).join(text for cause in change.causes for text in _cause(cause, facts, lang))


def _cause(cause: Cause, facts: Mapping[str, FactLine], lang: Lang) -> Iterable[str]:
    if cause.standard is not None:
        yield _word("standard_ended" if cause.turn == "ended" else "standard_begins", lang, standard=cause.standard)
    elif cause.turn is not None:
        yield _word("text_begins" if cause.turn == "begins" else "text_ended", lang, edition=cause.edition)
    elif cause.cause == "time":
        yield _word("time_passing", lang)
    for event in cause.events if cause.standard is None else ():
        line = facts.get(event.event_id)
        yield _word("by_record", lang, position=event.position, text=line.text if line else event.type)


def _name(lane: Lane, lang: Lang) -> str:
    return in_lang(in_words(DETERMINATION_NAMES, lane.determination), lang)


def _word(name: str, lang: Lang, **members: object) -> str:
    return escape(label(name, lang, **members))
