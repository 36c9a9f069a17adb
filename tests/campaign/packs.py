"""Packs that could have been written: texts one after the other, with gaps, side by side, in a place and around it.

Each text is made of the rules of a shipped one, from any place, some of them with other figures, with parts nested in
others, and with terms of their own. So what follows a text may ask for more, for less, or for something else, or may
not speak of the matter at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from contracts.events.facts import Evidence
from contracts.events.revisions import resolve
from contracts.events.values import NATION, DeterminationId, ExamLevel
from contracts.places import parents
from contracts.policies.choices import choices_in, reading_of
from contracts.policies.language import LocalStandard
from contracts.policies.packs import Shipped
from contracts.policies.readings import Assumption
from contracts.policies.shipped import shipped
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.kinds.registry import OF_A_LEVEL, WORDS
from services.core.rules.verdict import Question
from tests.campaign.careers import EDGES, LEAP_DAYS, career
from tests.campaign.test_oracle import recorded
from tests.documents import Document, document_of, pack_with

PACKS = shipped()
NATIONAL: Sequence[Document] = document_of(NATION)["editions"]
TEXTS: Sequence[Document] = [text for place in PACKS if place != NATION for text in document_of(place)["editions"]]
MOST_TEXTS = 4
MOST_STANDARDS = 3
ONE_DAY = timedelta(days=1)
DAYS = st.one_of(st.sampled_from((*EDGES, *LEAP_DAYS)), st.dates(date(2016, 1, 1), date(2031, 12, 31)))

FIRST_DAYS = st.dates(date(2016, 1, 1), date(2026, 12, 31))
DAYS_ASKED = 3_653
"""Ten years."""
CAREERS = 2_000
LOOKED_AT = range(600)
"""Careers of which those are found in which most happens."""
LIVELY = 60
HOURS, MONTHS = st.integers(1, 120).map(str), st.integers(1, 60)
FIGURES: Mapping[str, st.SearchStrategy[Any]] = {
    "at_least": st.sampled_from((1, 1, 2, 3)),
    "degree_counts": HOURS,
    "last_months": MONTHS,
    "months": MONTHS,
    "pass_mark": HOURS,
    "within_months": MONTHS,
    "within_years": st.integers(1, 6),
    "years": st.integers(1, 10),
}
"""What may be written in place of a figure of a rule or a term, by its name; hours are texts, whatever their name."""
COMBINED = ("all_of", "any_of")
SAMPLED = [date(year, month, 15) for year in range(2016, 2032) for month in (3, 9)]


@cache
def person(seed: int) -> tuple[str, Facts]:
    """Return where the person of a random career is at home, and what is true of them."""
    life = career(seed)
    return life.home, fold(resolve(recorded(life)))


def careers_for(determination: DeterminationId) -> st.SearchStrategy[int]:
    """Draw the seed of a career: of those in which most happens to the answer at home, or else of any."""
    return st.one_of(st.sampled_from(_lively(determination)), st.integers(0, CAREERS - 1))


@cache
def _lively(determination: DeterminationId) -> list[int]:
    return sorted(LOOKED_AT, key=lambda seed: -_turns(seed, determination))[:LIVELY]


def _turns(seed: int, determination: DeterminationId) -> int:
    """Return how often the answer is another one, of those of sixteen years, under the shipped packs."""
    home, facts = person(seed)
    level: ExamLevel | None = "junior" if determination in OF_A_LEVEL else None
    rules = compose(home, PACKS, ())
    nodes = [evaluate(rules, facts, Question(determination, day, None, level)).node for day in SAMPLED]
    answers = [(node.status, node.reason) for node in nodes]
    return sum(before != after for before, after in pairwise(answers))


class Around:
    """The packs of a place and of those around it, its local standards, and a reading taken otherwise, if any."""

    def __init__(
        self,
        place: str,
        packs: Mapping[str, Shipped],
        standards: tuple[LocalStandard, ...],
        assumption: Assumption | None,
    ) -> None:
        self.place = place
        self.packs = packs
        self.standards = standards
        self.assumption = assumption

    def __repr__(self) -> str:
        """Say which texts there are, in their days, without their words."""
        texts = {place: [_told(text) for text in one.current["editions"]] for place, one in self.packs.items()}
        standards = [
            (one.jurisdiction, f"{one.effective_from} to {one.effective_until}", *one.tiers) for one in self.standards
        ]
        return f"{self.place}: {texts}, standards {standards}, {self.assumption}"

    @property
    def rules(self) -> Rules:
        """The rules of the place."""
        composed = compose(self.place, self.packs, self.standards)
        return composed.assuming(self.assumption) if self.assumption else composed


@st.composite
def packs_around(draw: st.DrawFn, place: str, determination: DeterminationId) -> Around:
    """Draw the packs of a place, of what it lies in, and of the nation; `determination` is in some of their texts."""
    packs = {}
    sources = _sources(place, determination)
    for at in parents(place):
        if at == NATION:
            packs[at] = draw(_national())
        elif (at[4:] == "00" or draw(st.booleans())) and (found := draw(_texts(determination, sources))):
            packs[at] = pack_with(at, *found)
    standards = draw(_standards(place, determination))
    found = [text for pinned in packs.values() for text in pinned.current["editions"]]
    under = [Assumption(reading, name) for reading, names in choices_in(found).items() for name in names]
    return Around(place, packs, standards, draw(st.one_of(st.none(), st.none(), st.sampled_from(under))))


@cache
def _sources(place: str, determination: DeterminationId) -> Sequence[Document]:
    """Return the texts whose rules are taken: most often that of the place, whose rules its people come near to."""
    having = [text for text in TEXTS if determination in text["rules"]] or [*TEXTS]
    own = [text for at in parents(place)[:-1] if at in PACKS for text in document_of(at)["editions"]]
    return having + [text for text in own if text in having] * (2 * len(having))


@st.composite
def _texts(draw: st.DrawFn, determination: DeterminationId, sources: Sequence[Document]) -> Sequence[Document]:
    """Draw up to four texts of a place, the one begun last first."""
    firsts = draw(st.lists(DAYS, max_size=MOST_TEXTS, unique=True))
    return [draw(_text(first, determination, sources)) for first in sorted(firsts, reverse=True)]


@st.composite
def _text(draw: st.DrawFn, first: date, determination: DeterminationId, sources: Sequence[Document]) -> Document:
    """Draw a text that begins on a day: for ever, for some days, or until about the day on which another one begins."""
    source = draw(st.sampled_from(sources))
    rules = {name: rule for name, rule in source["rules"].items() if draw(st.integers(0, 3))}
    if determination in source["rules"] and draw(st.integers(0, 3)):
        rules[determination] = draw(_varied(source["rules"][determination]))
    last = draw(st.one_of(st.none(), st.integers(0, 2_000).map(lambda days: first + days * ONE_DAY), DAYS))
    if last is not None and last < first:
        last = None
    moved = draw(st.sampled_from((None, None, "R-01", "R-02")))
    terms = draw(_terms()) if not draw(st.integers(0, 3)) else {}
    return _as_text(source, first, _in_force(moved, first, last), terms, rules)


def _as_text(source: Document, first: date, in_force: Document, terms: Document, rules: Document) -> Document:
    described = {name: source[name] for name in ("clause", "document", "last_verified_on")}
    return {**described, "edition": first.isoformat(), "in_force": in_force, "terms": terms, "rules": rules}


def _in_force(moved: str | None, first: date, last: date | None) -> Document:
    """Return the days of a text, with others under a reading: the printed first day (R-01), or the corresponding
    day as the last one (R-02)."""
    days: Document = {"first_day": first.isoformat()} | ({"last_day": last.isoformat()} if last else {})
    if moved == "R-01":
        days["first_day"] = {"R-01": days["first_day"], "printed_date": (first + ONE_DAY).isoformat()}
    if moved == "R-02" and last is not None:
        days["last_day"] = {"R-02": days["last_day"], "civil_count": (last + ONE_DAY).isoformat()}
    return days


@st.composite
def _terms(draw: st.DrawFn) -> Document:
    """Draw some of the terms of the law, with other figures."""
    every = {name: term for text in NATIONAL for name, term in text.get("terms", {}).items()}
    return {name: draw(_varied(every[name])) for name in draw(st.lists(st.sampled_from(sorted(every)), unique=True))}


@st.composite
def _national(draw: st.DrawFn) -> Shipped:
    """Draw the nation's pack: as shipped, or with one more text, which has other figures and terms."""
    if draw(st.booleans()):
        return PACKS[NATION]
    every = {name: rule for text in NATIONAL for name, rule in text["rules"].items()}
    begins = date.fromisoformat(NATIONAL[0]["in_force"]["first_day"]) + draw(st.integers(1, 4_000)) * ONE_DAY
    rules = {name: draw(_varied(rule)) for name, rule in every.items() if draw(st.integers(0, 3))}
    another = _as_text(NATIONAL[0], begins, {"first_day": begins.isoformat()}, draw(_terms()), rules)
    return pack_with(NATION, another, *NATIONAL)


@st.composite
def _varied(draw: st.DrawFn, rule: Document) -> Document:
    """Draw a rule or a term as it is, or with other figures and with parts nested in other parts."""
    varied: Document = _with_other_figures(draw, rule) if draw(st.booleans()) else rule
    return varied


def _with_other_figures(draw: st.DrawFn, value: Any, name: str = "") -> Any:
    if isinstance(value, Mapping):
        of_levels = name == "at_least"
        return {
            key: child
            if key == "told"
            else _with_other_figures(draw, child, name if of_levels or _choice(value) else key)
            for key, child in value.items()
        }
    if isinstance(value, list) and name in COMBINED:
        return [{key: _nested(draw, part) for key, part in item.items()} for item in value]
    if isinstance(value, list):
        return [_with_other_figures(draw, item) for item in value]
    if name in FIGURES:
        figure = HOURS if isinstance(value, str) else FIGURES[name]
        return draw(st.one_of(st.just(value), figure))
    return value


def _choice(value: Any) -> bool:
    return reading_of(value) is not None


def _nested(draw: st.DrawFn, part: Document) -> Document:
    """Draw a part with other figures, alone or combined with a part of any shipped rule."""
    varied: Document = _with_other_figures(draw, part)
    match draw(st.sampled_from((None, None, None, *COMBINED, "for_review"))):
        case None:
            return varied
        case "for_review":
            return varied if _choice(varied) else {"for_review": varied}
        case combinator:
            return {combinator: [{"as_written": varied}, {"another": draw(st.sampled_from(_parts_of_shipped_rules()))}]}


@cache
def _parts_of_shipped_rules() -> Sequence[Document]:
    """Return every part of a shipped rule that asks something by itself and not of a part before it."""
    parts = [part for text in TEXTS for part in _parts(text["rules"])]
    return [part for part in parts if "measured" not in part and "covers" not in part.get("registered", {})]


def _parts(value: Any) -> Iterator[Document]:
    """Yield every part in a rule, or in rules by their names. In a list each part has a name, which may be a word."""
    if isinstance(value, Mapping):
        if len(value.keys() & WORDS.keys()) == 1 and not value.keys() & {*COMBINED, "told"}:
            yield {key: child for key, child in value.items() if key in WORDS or key == "clause"}
        for key, child in value.items():
            if key != "told":
                yield from _parts(child)
    elif isinstance(value, list):
        for item in value:
            for child in item.values() if isinstance(item, Mapping) else ():
                yield from _parts(child)


@st.composite
def _standards(draw: st.DrawFn, place: str, determination: str) -> tuple[LocalStandard, ...]:
    """Draw local standards of the place and around it, each from a day on, for ever or to a day."""
    count = draw(st.integers(0, MOST_STANDARDS)) if determination in ("allowance", "reward.exam") else 0
    return tuple(draw(_standard(number, place, determination)) for number in range(count))


@st.composite
def _standard(draw: st.DrawFn, number: int, place: str, determination: str) -> LocalStandard:
    levels = st.sampled_from(("junior", "intermediate", "senior"))
    tiers: Any = draw(st.dictionaries(levels, st.just("100"), min_size=1))
    adds: Any = draw(st.sampled_from(((), ("social_work_agency",), ("social_organization", "public_institution"))))
    first = draw(DAYS)
    last = draw(st.one_of(st.none(), st.integers(0, 1_500).map(lambda days: first + days * ONE_DAY), DAYS))
    if last is not None and last < first:
        first, last = last, first
    return LocalStandard(
        standard_id=f"s-{number}",
        jurisdiction=draw(st.sampled_from(parents(place)[:-1])),
        determination=determination,
        effective_from=first,
        effective_until=last,
        tiers=tiers,
        unit="CNY_per_month",
        adds_employer_types=adds,
        evidence=Evidence(f"s-{number}", 10_000 + number, "local_standard.registered"),
    )


def _told(text: Document) -> str:
    days = " to ".join(map(str, text["in_force"].values()))
    return f"{days} as in {text['clause']}: {' '.join([*text['rules'], *text.get('terms', {})])}"
