"""`designated`: holds a talent title, or is designated a supervisor."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from contracts.events.values import Code, Day, SupervisorRank
from services.core.calendar import AskedDay
from services.core.facts.facts import Facts
from services.core.rules.needs import ConditionNeed, RankNeed, TalentTitleNeed
from services.core.rules.parts import Check, Context, Lack, Word
from services.core.rules.verdict import Verdict


class Designated(Word, frozen=True):
    """Holds one of the talent titles, or, where `ranks` are given, is designated a supervisor of one of them.

    `conferred` in force means on a day on which the text was in force (R-23).
    """

    FOR_REVIEW: ClassVar = "title_not_listed"
    talents: tuple[Code, ...] | None = None
    ranks: tuple[SupervisorRank, ...] | None = None
    conferred: Literal["whenever", "in_force"] | None = None

    def compile(self, context: Context) -> Check:
        return self._supervisor if self.ranks is not None else self._talent(context)

    def needs(self, lack: Lack, _verdict: Verdict) -> Iterator[ConditionNeed]:
        """Yield a designation."""
        if self.ranks is not None:
            yield RankNeed(ranks=self.ranks, **lack.members())
            return
        yield TalentTitleNeed(
            code="talent_title_review"
            if lack.reviewed
            else "talent_title_new"
            if self.conferred == "in_force"
            else "talent_title",
            titles=self.talents or (),
            **lack.members(),
        )

    def _supervisor(self, facts: Facts, day: AskedDay) -> Verdict:
        for held in facts.supervisions:
            if held.rank in (self.ranks or ()) and day.within(held.first, held.last):
                return Verdict("met", None, held.sources)
        return Verdict("not_met", "no_supervisor_designation")

    def _talent(self, context: Context) -> Check:
        def new(on: Day) -> bool:
            return context.first_day <= on and (context.last_day is None or on <= context.last_day)

        def check(facts: Facts, day: AskedDay) -> Verdict:
            held = [
                title
                for title in facts.talents
                if (self.talents is None or title.talent in self.talents) and day.reached(title.on)
            ]
            for title in held:
                if self.conferred != "in_force" or new(title.on):
                    return Verdict("met", None, title.sources)
            others = tuple(source for title in held for source in title.sources)
            return Verdict("not_met", "conferred_on_another_day" if held else "no_talent_title", others)

        return check
