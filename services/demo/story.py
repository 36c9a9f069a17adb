"""One career told by hand, the same for every seed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.demo.places import Place
from services.demo.telling import Telling


def tell_story(telling: Telling, places: Sequence[Place]) -> None:
    """Tell of a community worker who passes the examinations beside the work, and whose records take time to be right.

    She registers in 2019 and lets it lapse on 2 December 2022; only on 13 May 2024 is she registered again.
    In 2022 she trains 59.5 hours, half an hour short of 60 a year and, with the years before, of 90 in the term.
    On 1 March 2024 a correction says that 20 hours were recorded as 19.5: what was not met is met, and was all along.
    On 1 April 2022 she is promoted to an intermediate post with a junior certificate; from 20 October 2022 it conforms.
    On 1 March 2024 she moves on, where a registration is asked for, if the ledger has such a place.
    """
    first = next((place for place in places if place.has_yearly_rule), places[0])
    # Of several, the place whose allowance has the most tiers: there is most to see.
    asking = (place for place in places if place.asks_registration)
    second = max(asking, key=lambda place: len(place.tiers), default=first)
    _Story(telling, first, second).tell()


class _Story:
    def __init__(self, telling: Telling, first: Place, second: Place) -> None:
        self._telling = telling
        self._first = first
        self._second = second

    def tell(self) -> None:
        """Tell it in order of the days, which is the order in which the ledger learns it."""
        self._begins()
        self._is_promoted_too_early()
        self._moves_on()

    def _on(self, day: str, type_: str, **data: Any) -> str:
        return self._telling.tell(type_, date.fromisoformat(day).toordinal(), data)

    def _begins(self) -> None:
        self._on("2018-07-02", "practitioner.enrolled", identity_type="mainland", jurisdiction=self._first.jurisdiction)
        self._on("2018-07-03", "education.recorded", level="bachelor", field="sociology")
        self._works("2018-07-16", self._first)
        self._passes("2019-06-15", "junior", "comprehensive", "practice")
        self._on("2019-10-18", "certificate.obtained", level="junior", scope="national", basis="exam")
        self._registers("2019-12-02", "2022-12-01", first=True)
        self._trains("2020-09-11", "10", "老年社会工作", self._first)
        self._appointed("2021-03-01", self._first.bands["junior"][0], "助理社会工作师")
        self._passes("2021-06-12", "intermediate", "comprehensive", "practice")
        self._trains("2021-10-15", "20", "社区工作方法", self._first)

    def _is_promoted_too_early(self) -> None:
        self._appointed("2022-04-01", self._first.bands["intermediate"][0], "社会工作师")
        self._trains("2022-05-20", "40", "个案工作实务", self._first)
        self._passes("2022-06-18", "intermediate", "law_and_policy")
        self._on("2022-10-20", "certificate.obtained", level="intermediate", scope="national", basis="exam")
        self._short = self._trains("2022-11-18", "19.5", "社会工作伦理", self._first)
        self._trains("2023-04-14", "32", "小组工作方法", self._first)
        self._serves("2023-08-05", self._first)
        self._trains("2023-09-22", "28", "儿童社会工作", self._first)

    def _moves_on(self) -> None:
        self._on(
            "2024-03-01",
            "event.corrected",
            target=self._short,
            set={"data": {"amount": "20"}},
            reason="证明所载为20，登记时误为19.5",
        )
        self._works("2024-03-01", self._second)
        self._appointed("2024-04-01", self._second.bands["intermediate"][0], "社会工作师")
        self._serves("2024-04-20", self._second)
        self._registers("2024-05-13", "2027-05-12", first=False)
        self._trains("2024-08-30", "36", "督导实务", self._second)
        self._assessed("2025-01-15", "2024-03-01", "2025-12-31")
        self._serves("2025-03-15", self._second)
        self._trains("2025-06-20", "30", "社会工作伦理", self._second)
        self._assessed("2026-01-16", "2025-01-01", "2026-12-31")
        self._serves("2026-02-10", self._second)
        self._trains("2026-06-12", "30", "个案工作实务", self._second)

    def _works(self, day: str, place: Place) -> None:
        self._on(
            day,
            "employment.started",
            employer_type="urban_community",
            role="full_time_community_worker",
            jurisdiction=place.districts[0],
            direct_service=True,
        )

    def _passes(self, day: str, level: str, *subjects: str) -> None:
        for subject in subjects:
            self._on(day, "exam.subject_passed", level=level, subject=subject, exam_year=int(day[:4]), score="68")

    def _registers(self, day: str, last_day: str, *, first: bool) -> None:
        self._on(day, "registration.granted", first=first, valid_from=day, valid_until=last_day)

    def _appointed(self, day: str, post_level: int, title: str) -> None:
        self._on(day, "promotion.granted", post=f"{title}（{post_level}级）", post_level=post_level, method="竞争上岗")

    def _trains(self, day: str, amount: str, course: str, place: Place) -> str:
        data = {"subjects": ["sw_practice"], "provider": "社会工作协会", "course": course}
        return self._on(day, "training.completed", amount=amount, unit=place.unit, **data)

    def _serves(self, day: str, place: Place) -> None:
        platform = f"{place.name}社会工作服务平台"
        self._on(day, "service.recorded", platform=platform, verified=True, hours="3", task="帮困扶弱")

    def _assessed(self, day: str, covers_from: str, covers_until: str) -> None:
        covers = {"covers_from": covers_from, "covers_until": covers_until}
        self._on(day, "assessment.recorded", **covers, professional_role=True, result="优秀")
