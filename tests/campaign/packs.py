"""Packs that could have been written: texts one after the other, with gaps, side by side, in a place and around it.

Each text is made of the rules of a shipped one, from any place, some of them with other figures. So what follows a
text may ask for more, for less, or for something else, or may not speak of the matter at all.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, get_args

from hypothesis import strategies as st
from msgspec import Struct, structs

from contracts.events.facts import Evidence
from contracts.events.revisions import resolve
from contracts.events.values import NATION, DeterminationId
from contracts.places import parents
from contracts.policies.language import (
    Edition,
    ExamYears,
    Hours,
    InForce,
    LocalStandard,
    Months,
    OtherDays,
    Pack,
    Records,
    Rule,
    Years,
)
from contracts.policies.packs import PinnedPack
from contracts.policies.readings import ALTERNATIVES, Assumption, assumptions
from contracts.policies.shape import bare, inner
from contracts.policies.shipped import shipped
from services.core.facts.facts import Facts
from services.core.facts.fold import fold
from services.core.rules.book import Rules, compose
from services.core.rules.evaluate import evaluate
from services.core.rules.verdict import Question
from tests.campaign.careers import EDGES, LEAP_DAYS, career
from tests.campaign.test_oracle import recorded

PACKS = shipped()
NATIONAL = PACKS[NATION].pack
TEXTS = tuple(text for place, pinned in PACKS.items() if place != NATION for text in pinned.pack.editions)
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
FIGURES: Mapping[Any, st.SearchStrategy[Any]] = {
    Hours: st.integers(1, 120).map(str),
    Months: st.integers(1, 60),
    Years: st.integers(1, 10),
    ExamYears: st.integers(1, 6),
    Records: st.sampled_from((1, 1, 2, 3)),
}
"""What may be written in place of a figure of a rule, by its type."""
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
    level = "junior" if determination == "exam.complete" else None
    rules = compose(home, PACKS, ())
    nodes = [evaluate(rules, facts, Question(determination, day, None, level)).node for day in SAMPLED]
    answers = [(node.status, node.reason) for node in nodes]
    return sum(before != after for before, after in pairwise(answers))


class Around:
    """The packs of a place and of those around it, its local standards, and a reading taken otherwise, if any."""

    def __init__(
        self,
        place: str,
        packs: Mapping[str, PinnedPack],
        standards: tuple[LocalStandard, ...],
        assumption: Assumption | None,
    ) -> None:
        self.place = place
        self.packs = packs
        self.standards = standards
        self.assumption = assumption

    def __repr__(self) -> str:
        """Say which texts there are, in their days, without their words."""
        texts = {place: [_told(text) for text in one.pack.editions] for place, one in self.packs.items()}
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
            packs[at] = PinnedPack(f"sha256:{at}", Pack(at, NATIONAL.name, found))
    standards = draw(_standards(place, determination))
    texts = [text for pinned in packs.values() for text in pinned.pack.editions]
    readings = sorted({reading for text in texts for reading in _read(text)})
    under = st.sampled_from([one for reading in readings for one in assumptions(reading)])
    return Around(place, packs, standards, draw(st.one_of(st.none(), st.none(), under)))


def _sources(place: str, determination: DeterminationId) -> Sequence[Edition]:
    """Return the texts whose rules are taken: most often that of the place, whose rules its people come near to."""
    having = [text for text in TEXTS if determination in text.determinations] or [*TEXTS]
    own = [text for at in parents(place)[:-1] if at in PACKS for text in PACKS[at].pack.editions]
    return having + [text for text in own if text in having] * (2 * len(having))


@st.composite
def _texts(draw: st.DrawFn, determination: DeterminationId, sources: Sequence[Edition]) -> tuple[Edition, ...]:
    """Draw up to four texts of a place, the one begun last first."""
    firsts = draw(st.lists(DAYS, max_size=MOST_TEXTS, unique=True))
    return tuple(draw(_text(first, determination, sources)) for first in sorted(firsts, reverse=True))


@st.composite
def _text(draw: st.DrawFn, first: date, determination: DeterminationId, sources: Sequence[Edition]) -> Edition:
    """Draw a text that begins on a day: for ever, for some days, or until about the day on which another one begins."""
    source = draw(st.sampled_from(sources))
    rules = {name: rule for name, rule in source.determinations.items() if draw(st.integers(0, 3))}
    if determination in source.determinations and draw(st.integers(0, 3)):
        rules[determination] = draw(_varied(source.determinations[determination]))
    last = draw(st.one_of(st.none(), st.integers(0, 2_000).map(lambda days: first + days * ONE_DAY), DAYS))
    if last is not None and last < first:
        last = None
    moved = draw(st.sampled_from((None, None, "R-01", "R-02")))
    others = _other_days(moved, first, last)
    readings = tuple(dict.fromkeys((*source.readings, *(other.reading for other in others))))
    return structs.replace(
        source,
        edition=first.isoformat(),
        in_force=InForce(first, last, others),
        determinations=rules,
        readings=readings,
        indicators={},
    )


def _other_days(reading: str | None, first: date, last: date | None) -> tuple[OtherDays, ...]:
    """Return other days under a reading: the printed one (R-01), or the corresponding day as the last one (R-02)."""
    if reading == "R-01":
        return (OtherDays("R-01", ALTERNATIVES["R-01"][0], first_day=first + ONE_DAY),)
    if reading == "R-02" and last is not None:
        return (OtherDays("R-02", ALTERNATIVES["R-02"][0], last_day=last + ONE_DAY),)
    return ()


@st.composite
def _national(draw: st.DrawFn) -> PinnedPack:
    """Draw the nation's pack: as shipped, or with a second text with other figures."""
    if draw(st.booleans()):
        return PACKS[NATION]
    [shipped_text] = NATIONAL.editions
    begins = shipped_text.in_force.first_day + draw(st.integers(1, 4_000)) * ONE_DAY
    rules = {name: draw(_varied(rule)) for name, rule in shipped_text.determinations.items() if draw(st.integers(0, 3))}
    second = structs.replace(
        shipped_text, edition=begins.isoformat(), in_force=InForce(begins), determinations=rules, indicators={}
    )
    return PinnedPack("sha256:nation", structs.replace(NATIONAL, editions=(second, shipped_text)))


@st.composite
def _varied(draw: st.DrawFn, rule: Rule) -> Rule:
    """Draw the rule as it is, or with other figures: any of its hours, months, years and numbers of records."""
    varied: Rule = _with_other_figures(draw, rule, Rule) if draw(st.booleans()) else rule
    return varied


def _with_other_figures(draw: st.DrawFn, value: Any, kind: Any) -> Any:
    if value is None:
        return None
    figure = next((FIGURES[one] for one in (kind, *get_args(kind)) if one in FIGURES), None)
    if figure is not None:
        return draw(st.one_of(st.just(value), figure))
    if isinstance(value, Struct):
        members = structs.fields(type(value))
        return structs.replace(
            value, **{one.name: _with_other_figures(draw, getattr(value, one.name), one.type) for one in members}
        )
    if isinstance(value, Mapping):
        return {key: _with_other_figures(draw, child, inner(bare(kind))) for key, child in value.items()}
    return value


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


def _told(text: Edition) -> str:
    days = f"{text.in_force.first_day} to {text.in_force.last_day}"
    return f"{days} as in {text.clause}: {' '.join(text.determinations)}"


def _read(text: Edition) -> Sequence[str]:
    return (*text.readings, *(reading for rule in text.determinations.values() for reading in rule.readings))
