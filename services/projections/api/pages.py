"""A standing as a page for people: reads what its sentences need from the journal, and sets the headers."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from msgspec import Struct, structs, to_builtins

from contracts.events.catalogue import REVISION_TYPES
from contracts.events.facts import Fact
from contracts.events.revisions import Recorded, resolve
from contracts.policies.language import LocalStandard
from services.core.questions.known import Knowledge
from services.core.questions.standing import STANDING
from services.core.rules.book import talents_of
from services.core.rules.verdict import Question
from services.core.words.events import Names, event_in_words, place_in_words
from services.core.words.labels import label
from services.core.words.sentences import Lang
from services.projections import ask as answers
from services.projections.api.answering import HTML
from services.projections.ask import KnownPerson, StoredKnowledge
from services.projections.pages.corrections import read_before, revision_in_words
from services.projections.pages.page import About, FactLine, LinkedId, Timeline
from services.projections.pages.rendering import CONTENT_SECURITY_POLICY, as_html, as_text
from services.projections.pages.standing import page_of
from services.projections.pages.timeline_svg import lanes_of, places_of, timeline_svg, timeline_table
from services.projections.rulebook import check_readable
from services.runtime import journal
from services.runtime.clock import CHINA
from services.runtime.computing import Unread
from services.runtime.http.computed import computed
from services.runtime.journal import Connection
from services.runtime.stored_events import as_read

LANGUAGE_TAGS: Mapping[Lang, str] = {"zh": "zh-CN", "en": "en"}
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}


class Wanted(Struct, frozen=True):
    """Which page about a person: of which day and place, in which form and language, and the link to the other one."""

    as_of: date
    today: date
    place: str | None
    recorded_at: str
    media_type: str
    lang: Lang
    other_language: str


async def instant_of(connection: Connection, ledger: str, position: int) -> str:
    """Return the instant of an event in Chinese time."""
    last = await journal.feed_page(connection, ledger, after=position - 1, limit=1)
    instant = datetime.fromisoformat(as_read(last.events[0]).recorded_at)
    return instant.astimezone(CHINA).isoformat(sep=" ", timespec="seconds")


async def standing_page(
    request: Request,
    stored: StoredKnowledge | Unread[StoredKnowledge],
    recorded_at: str,
    as_of: date,
    today: date,
    place: str | None,
    media_type: str,
    lang: Lang,
) -> Response:
    """Return the page of a standing, as HTML or plain text, by the rules of `place`, or else of the person's own.
    `recorded_at` is the instant of the last known event, in Chinese time."""
    wanted = Wanted(as_of, today, place, recorded_at, media_type, lang, _other_language(request, lang))
    page = await computed(request, written, stored, wanted)
    headers = {**HEADERS, "Content-Language": LANGUAGE_TAGS[lang]}
    return Response(page, headers=headers, media_type=media_type)


def written(stored: StoredKnowledge, wanted: Wanted) -> str:
    """Return the page. Raises DamagedEvent, UnreadablePack."""
    check_readable(stored.rulebook, stored.book.digests)
    known, as_of, lang = answers.known(stored), wanted.as_of, wanted.lang
    rules, later = known.rules(as_of, wanted.place), known.later(as_of, wanted.place)
    documents = [answers.whole(rules, known, Question(name, as_of), wanted.today, later=later) for name in STANDING]
    names = _names(known)
    moves_on = min(later, default=None)
    about = About(
        ledger=known.book.ledger.ledger,
        practitioner_id=known.practitioner_id,
        linked=tuple(_linked_ids(known)),
        jurisdiction=rules.jurisdiction,
        place=rules.packs[0].pack.name,
        as_of=as_of,
        known_at_position=known.position,
        recorded_at=wanted.recorded_at,
        projected=as_of > wanted.today,
        moves_on=moves_on,
        moves_to="" if moves_on is None else place_in_words(later[moves_on].jurisdiction, names.places, lang),
        applied={name: rules.answering(known.facts, Question(name, as_of)).provision for name in STANDING},
    )
    facts = dict(facts_in_words(known.recorded, known.book.standards, names, lang))
    drawn = _timeline(known, names, wanted.place, as_of, facts, lang) if wanted.media_type == HTML else None
    page = page_of(about, documents, facts, lang=lang, other_language=wanted.other_language, timeline=drawn)
    return as_html(page) if wanted.media_type == HTML else as_text(page)


def _names(known: KnownPerson) -> Names:
    """Return what the packs call places and talent titles."""
    packs = {place: pinned.pack for place, pinned in sorted(known.rulebook.packs.items())}
    return Names({place: pack.name for place, pack in packs.items()}, talents_of(packs.values()))


def _linked_ids(known: KnownPerson) -> Iterable[LinkedId]:
    """Yield the other ids of the person, each with its own records up to the position."""
    for other in sorted({event.stream for event in known.recorded} - {known.practitioner_id}):
        yield LinkedId(other, f"../{quote(other)}/events?known_at_position={known.position}")


def _timeline(
    known: KnownPerson, names: Names, place: str | None, as_of: date, facts: Mapping[str, FactLine], lang: Lang
) -> Timeline | None:
    """Return the timeline of the years around the day, under the rules of `place`, or else of the person's place on
    each day.

    None if nothing is judged in them.
    """
    knowledge = Knowledge(known.stream, known.facts, known.rulebook)
    first, last, lanes = lanes_of(knowledge, place, STANDING, as_of)
    if not lanes:
        return None
    stays = [(first, place)] if place else places_of(knowledge, first, last)
    return Timeline(
        picture=timeline_svg(first, last, as_of, lanes, lang),
        table=timeline_table(lanes, facts, lang),
        places=tuple((day, place_in_words(code, names.places, lang)) for day, code in stays),
        of_own_place=place is None,
    )


def facts_in_words(
    stream: Iterable[Recorded], standards: Iterable[LocalStandard], names: Names, lang: Lang
) -> Iterable[tuple[str, FactLine]]:
    """Yield in words, with its id, every event that an answer may rest on, as its corrections leave it."""

    def line(position: int, day: str, type_: str, data: Mapping[str, Any]) -> FactLine:
        return FactLine(position, day, event_in_words(type_, data, names, lang))

    def fact_line(fact: Fact) -> FactLine:
        return line(fact.position, fact.occurred_on.isoformat(), fact.type, to_builtins(fact.data))

    events = list(stream)
    resolved, before = resolve(events), read_before(events)
    positions = {event.event_id: event.position for event in events}
    for fact in resolved.facts:
        yield fact.event_id, fact_line(fact)
    for fact in resolved.voided:
        sentence = fact_line(fact)
        yield fact.event_id, structs.replace(sentence, text=label("was_voided", lang, told=sentence.text))
    for event in events:
        if event.type in REVISION_TYPES:
            data = revision_in_words(event, before.get(event.event_id), positions, names, lang)
            yield event.event_id, line(event.position, event.occurred_on, event.type, data)
    for standard in standards:
        known, day = standard.evidence, standard.effective_from.isoformat()
        data = {"standard_id": standard.standard_id, "effective_from": day}
        yield known.event_id, line(known.position, day, known.type, data)
        if (ended := standard.ended_by) is not None and standard.effective_until is not None:
            last_day = standard.effective_until.isoformat()
            data = {"standard_id": standard.standard_id, "last_day": last_day}
            yield ended.event_id, line(ended.position, last_day, ended.type, data)


def _other_language(request: Request, lang: Lang) -> str:
    """Return a relative link to the same page in the other language."""
    others = {name: value for name, value in request.query_params.items() if name != "lang"}
    return "?" + urlencode({**others, "lang": "en" if lang == "zh" else "zh"})
