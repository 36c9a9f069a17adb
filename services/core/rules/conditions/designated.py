"""`designated`: holds a talent title, or is designated a supervisor."""

from collections.abc import Callable, Iterator
from typing import ClassVar, Literal, TypeAlias

from msgspec import Struct, structs

from contracts.events.values import Code, SupervisorRank
from contracts.places import lies_in
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts, Supervision, TalentTitle
from services.core.rules.needs import ConditionNeed, RankNeed, TalentTitleNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Decision, Reason, Verdict

Authority: TypeAlias = Literal["of_the_place", "anyone"]
"""Whose designation counts: an authority of the text's place, or anyone's (R-36)."""
Designation: TypeAlias = TalentTitle | Supervision
Counts: TypeAlias = Literal["counts", "elsewhere", "unsaid"]
"""Whether a designation counts; it does not if its authority is of another place, or no one recorded of which."""


class Perhaps(Struct, frozen=True):
    """The title to which the one held may amount."""

    title: Code


class Designated(Word, frozen=True):
    """Holds one of the talent titles, or, where `ranks` are given, is designated a supervisor of one of them.

    With `other_talents_than` it is any title but those; `perhaps` it makes its holder what the text calls otherwise.
    `conferred` in force means on a day on which the text was in force (R-23). For `authority` see R-36.
    """

    FOR_REVIEW: ClassVar = "title_not_listed"
    talents: tuple[Code, ...] | None = None
    other_talents_than: tuple[Code, ...] | None = None
    perhaps: Code | None = None
    ranks: tuple[SupervisorRank, ...] | None = None
    authority: Authority | None = None
    conferred: Literal["whenever", "in_force"] | None = None

    def compile(self, context: Context) -> Check:
        counting = _whose_counts(context, self.authority)
        amounts_to = None if self.perhaps is None else Perhaps(self.perhaps)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            held = self._held(facts, day)
            by_authority = [(counting(designation), designation) for designation in held]
            in_time = [one for one in by_authority if self._in_time(one[1], context)]
            for wanted in ("counts", "unsaid"):
                for counts, designation in in_time:
                    if counts == wanted:
                        return structs.replace(_found(counts, designation), detail=amounts_to)
            sources = tuple(source for designation in held for source in designation.sources)
            return Verdict("not_met", self._why_none(by_authority), sources)

        return check

    def for_review_because(self) -> Decision:
        """Return what a person must decide of a title: whether it is what the text calls otherwise, or one of 等."""
        return "title_not_listed" if self.perhaps is None else "title_perhaps_enough"

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a designation; nothing for a title that the text does not name: no one is sent for such."""
        here = self.authority == "of_the_place"
        if self.ranks is not None:
            of_rank: Literal["supervisor_of_rank", "supervisor_of_rank_here"] = (
                "supervisor_of_rank_here" if here else "supervisor_of_rank"
            )
            yield RankNeed(code=of_rank, ranks=self.ranks, **lack.members())
        elif self.other_talents_than is None:
            titles = self.talents or ()
            if self.conferred == "in_force":
                yield TalentTitleNeed(code="talent_title_new", titles=titles, **lack.members())
            else:
                yield TalentTitleNeed(
                    code="talent_title_here" if here else "talent_title", titles=titles, **lack.members()
                )

    def _held(self, facts: Facts, day: AskedDay) -> list[Designation]:
        """Return the designations of the titles or ranks on a day, whoever made them."""
        if self.ranks is not None:
            return [one for one in facts.supervisions if one.rank in self.ranks and day.within(one.first, one.last)]
        return [
            title
            for title in facts.talents
            if (self.talents is None or title.talent in self.talents)
            and (self.other_talents_than is None or title.talent not in self.other_talents_than)
            and day.reached(title.on)
        ]

    def _in_time(self, designation: Designation, context: Context) -> bool:
        if self.conferred != "in_force" or isinstance(designation, Supervision):
            return True
        on, last = designation.on, context.last_day
        return context.first_day <= on and (last is None or on <= last)

    def _why_none(self, held: list[tuple[Counts, Designation]]) -> Reason:
        """Return why no designation will do, of those held with whether they count by their authority."""
        if any(counts != "elsewhere" for counts, _ in held):
            return "conferred_on_another_day"
        if held:
            return "designated_elsewhere"
        return "no_supervisor_designation" if self.ranks is not None else "no_talent_title"


def _whose_counts(context: Context, authority: Authority | None) -> Callable[[Designation], Counts]:
    """Return the function that says whether a designation counts by its authority (R-36).

    The place of the authority must be that of the text, lie in it or contain it. Titles of the nation count everywhere.
    """

    def counts(designation: Designation) -> Counts:
        if authority != "of_the_place":
            return "counts"
        if isinstance(designation, TalentTitle) and designation.talent in context.national_titles:
            return "counts"
        place = designation.jurisdiction
        if place is None:
            return "unsaid"
        return "counts" if lies_in(place, context.jurisdiction) or lies_in(context.jurisdiction, place) else "elsewhere"

    return counts


def _found(counts: Counts, designation: Designation) -> Verdict:
    if counts == "counts":
        return Verdict("met", None, designation.sources)
    return Verdict("needs_review", "place_of_authority_unsaid", designation.sources)
