"""Entry to the exam (N-06): by education, and years of social work to the end of the exam year."""

from datetime import date

import pytest
from msgspec import UnsetType

from contracts.document import plain
from services.core.rules.needs import EntryNeed
from services.core.rules.verdict import Question
from services.core.words.advice import advice_in_words
from services.core.words.catalogue import REASONS
from tests.lives import NATION, Answered, Life, ask, facts_of, rules_of, someone

DAY, THIS_YEAR = "2026-11-29", 2026


def entry(life: Life, level: str, year: int | None = None, as_of: str = DAY) -> Answered:
    question = Question("exam.entry", date.fromisoformat(as_of), level=level, year=year)  # type: ignore[arg-type]  # A test writes plain words.
    return Answered(rules_of(NATION), facts_of(life), question)


def told(life: Life, level: str, year: int | None = None, as_of: str = DAY) -> tuple[str, str | None]:
    answer = entry(life, level, year, as_of)
    return answer.node.status, answer.node.reason


def result(life: Life, level: str, year: int | None = None, as_of: str = DAY) -> dict[str, object]:
    return dict(plain(entry(life, level, year, as_of).node.result))


def steps(life: Life, level: str) -> list[str]:
    """Return the advice on the exam of this year, which unlike one of the year asked about holds beyond it."""
    answer = entry(life, level, THIS_YEAR)
    return [
        advice_in_words("exam.entry", one, {}).zh for one in answer.would_change if one.need not in ("time", "in_force")
    ]


def working(years: int, level: str, field: str = "other") -> Life:
    """Return somebody of this education whose years of work are full on the last day of 2026."""
    return someone.graduated("2001-07-01", level, field).employed(f"{2027 - years}-01-01")


@pytest.mark.parametrize(
    ("asked", "education", "field", "years", "route"),
    [
        ("junior", "secondary", "other", 4, "secondary"),
        ("junior", "college", "social_work", 2, "social_work_college"),
        ("junior", "college", "other", 4, "other_college"),
        ("junior", "bachelor", "other", 2, "other_degree"),
        ("junior", "doctor", "sociology", 2, "other_degree"),
        ("intermediate", "college", "social_work", 4, "social_work_college"),
        ("intermediate", "bachelor", "social_work", 3, "social_work_bachelor"),
        ("intermediate", "master", "social_work", 1, "social_work_master"),
        ("intermediate", "college", "other", 6, "other_college"),
        ("intermediate", "bachelor", "other", 5, "other_bachelor"),
        ("intermediate", "master", "other", 3, "other_master"),
        ("intermediate", "doctor", "other", 2, "other_doctor"),
    ],
)
def test_each_education_asks_for_its_years(asked: str, education: str, field: str, years: int, route: str) -> None:
    full = working(years, education, field)
    assert told(full, asked) == ("eligible", None)
    assert result(full, asked) == {
        "route": route,
        "years_required": years,
        "years": years,
        "eligible_from_exam_year": 2026,
    }
    assert told(full, asked, 2025) == ("not_eligible", "too_few_years")
    assert result(full, asked, 2025)["years"] == years - 1
    a_day_short = someone.graduated("2001-07-01", education, field).employed(f"{2027 - years}-01-02")
    assert told(a_day_short, asked) == ("not_eligible", "too_few_years")
    assert result(a_day_short, asked)["eligible_from_exam_year"] == 2027


@pytest.mark.parametrize(("asked", "education"), [("junior", "bachelor"), ("intermediate", "doctor")])
def test_a_graduate_in_social_work_needs_no_years_where_none_are_asked(asked: str, education: str) -> None:
    graduate = someone.graduated("2026-07-01", education, "social_work")
    assert told(graduate, asked) == ("eligible", None)
    assert told(graduate, asked, as_of="2026-06-30") == ("needs_review", "no_education_on_record")
    assert told(graduate, asked, 2025)[0] == "needs_review", "of 2025 no education is on record"


def test_years_run_to_the_end_of_the_exam_year_only_in_work_that_has_not_ended() -> None:
    worker = working(4, "secondary")
    assert told(worker.left("2026-12-31"), "junior")[0] == "eligible"
    left = worker.left("2026-12-30")
    assert told(left, "junior") == ("not_eligible", "too_few_years")
    assert result(left, "junior")["eligible_from_exam_year"] is None
    back = left.employed("2027-03-01")
    assert result(back, "junior", as_of="2027-03-01")["eligible_from_exam_year"] == 2027
    assert result(back, "junior", 2027)["years"] == 3, "what begins later is not known to begin"


def test_work_counts_as_it_does_for_the_years_of_work() -> None:
    """Direct service in any role, overlaps once."""
    other = someone.graduated("2001-07-01", "secondary", "other").employed("2020-01-01", direct_service=False)
    assert result(other, "junior")["years"] == 0
    twice = working(4, "secondary").employed("2024-01-01", concurrent=True, role="other")
    assert result(twice, "junior")["years"] == 4
    assert plain(ask(twice, "professional_years", "2026-12-31", NATION).node.result)["years"] == 4


def test_years_after_a_certificate_count_from_its_day() -> None:
    worker = working(20, "secondary")
    assert told(worker, "intermediate") == ("not_eligible", "no_certificate_to_count_from")
    assert told(worker.certified("2021-01-01"), "intermediate") == ("eligible", None)
    assert told(worker.certified("2021-01-02"), "intermediate") == ("not_eligible", "too_few_years")
    assert told(worker.certified("2021-01-01", scope="local"), "intermediate")[1] == "no_certificate_to_count_from"
    gone = worker.certified("2021-01-01").certificate_withdrawn("2025-01-01")
    assert told(gone, "intermediate") == ("not_eligible", "no_certificate_to_count_from")


def test_the_senior_exam_asks_for_a_degree_and_five_years_after_the_intermediate_certificate() -> None:
    """N-05."""
    bachelor = working(20, "bachelor").certified("2022-01-01", "intermediate")
    assert told(bachelor, "senior") == ("eligible", None)
    assert told(bachelor, "senior", 2025) == ("not_eligible", "too_few_years")
    assert told(working(20, "bachelor").certified("2022-01-01"), "senior")[1] == "no_certificate_to_count_from"
    college = working(20, "college").certified("2010-01-01", "intermediate")
    assert told(college, "senior") == ("not_eligible", "education_opens_no_entry")
    assert result(college, "senior")["route"] is None


def test_the_first_way_that_is_open_is_told_and_else_the_one_that_opens_first() -> None:
    both = working(6, "college").graduated("2022-07-01", "bachelor", "social_work")
    assert result(both, "intermediate")["route"] == "social_work_bachelor"
    later = working(3, "college").graduated("2001-07-01", "secondary", "other").graduated("2026-07-01", "bachelor")
    assert told(later, "intermediate")[0] == "eligible"
    young = someone.graduated("2020-07-01", "college", "other").graduated("2025-07-01", "bachelor", "other")
    assert result(young.employed("2024-01-01"), "intermediate") == {
        "route": "other_bachelor",
        "years_required": 5,
        "years": 3,
        "eligible_from_exam_year": 2028,
    }


def test_without_an_education_on_record_a_person_must_decide() -> None:
    worker = someone.employed("2010-01-01")
    assert told(worker, "junior") == ("needs_review", "no_education_on_record")
    assert result(worker, "junior") == {
        "route": None,
        "years_required": None,
        "years": 17,
        "eligible_from_exam_year": None,
    }
    [review] = steps(worker, "junior")
    assert review == "截至判断当日没有学历记录，须由人工按当时所持学历核对报考条件（N-06）"


def test_who_graduates_later_is_not_told_that_no_education_is_on_record() -> None:
    """Of 2025 the education held then decides, which is not on record."""
    answer = entry(someone.graduated(DAY).employed("2010-01-01"), "junior", 2025)
    assert answer.node.reason == "no_education_on_record"
    assert REASONS[answer.node.reason][1] == "no education obtained by the deciding day is on record"


@pytest.mark.parametrize(
    ("life", "level", "advised"),
    [
        (working(3, "secondary"), "junior", ["继续从事社会工作的，自2027年度考试起可以报考"]),
        (working(3, "secondary").left("2026-01-01"), "junior", ["须从事社会工作满4年，算至考试年度末"]),
        (working(9, "college"), "senior", ["须取得可以报考这一级别的学历"]),
        (
            working(9, "bachelor"),
            "senior",
            ["须取得全国证书：中级", "须从事社会工作满5年，算至考试年度末"],
        ),
        (working(4, "secondary"), "junior", []),
    ],
)
def test_advice_names_what_opens_the_exam(life: Life, level: str, advised: list[str]) -> None:
    assert steps(life, level) == advised


def first_year_advised(life: Life, year: int, as_of: str) -> int | UnsetType | None:
    told = entry(life, "junior", year, as_of).would_change
    return next((one.exam_year for one in told if isinstance(one, EntryNeed)), None)


@pytest.mark.parametrize(
    ("begun", "year", "as_of", "advised"),
    [
        ("2023-01-01", 2025, "2026-06-30", 2026),
        ("2023-01-01", 2025, "2026-07-01", 2027),
        ("2023-01-01", 2025, DAY, 2027),
        ("2021-01-01", 2022, DAY, 2027),
        ("2025-01-01", 2025, DAY, 2028),
    ],
)
def test_no_exam_that_was_held_is_advised(begun: str, year: int, as_of: str, advised: int) -> None:
    """Advice names the next exam year, as that of `exam.complete` does; the result says when the years were full."""
    worker = someone.graduated("2010-07-01", "secondary", "other").employed(begun, "510107")
    assert told(worker, "junior", year, as_of) == ("not_eligible", "too_few_years")
    assert first_year_advised(worker, year, as_of) == advised
    assert result(worker, "junior", year, as_of)["eligible_from_exam_year"] == int(begun[:4]) + 3


def test_who_has_sat_the_exam_of_the_year_is_advised_of_the_next() -> None:
    worker = someone.graduated("2010-07-01", "secondary", "other").employed("2023-01-01", "510107")
    assert first_year_advised(worker.passed("2026-06-14"), 2025, "2026-06-20") == 2027
    assert first_year_advised(worker.passed("2026-06-14"), 2025, "2026-06-13") == 2026


def test_the_year_asked_about_is_that_of_the_day_and_an_answer_holds_as_long_as_it() -> None:
    worker = working(3, "secondary")
    assert told(worker, "junior", as_of="2026-12-31") == ("not_eligible", "too_few_years")
    assert told(worker, "junior", as_of="2027-01-01") == ("eligible", None)
    assert entry(worker, "junior").until == date(2026, 12, 31)
    assert entry(worker, "junior", 2027).until is None
    assert told(worker, "junior", 2027) == ("eligible", None)


def test_from_approval_or_from_issue_the_years_may_differ() -> None:
    """R-11."""
    worker = working(20, "secondary").certified("2020-12-20", issued_on="2021-03-01")
    answer = entry(worker, "intermediate")
    assert answer.node.status == "eligible"
    assert {(other.reading, other.status) for other in answer.alternatives} == {("R-11", "not_eligible")}


GRADUATE = someone.graduated("2005-07-01", "bachelor", "social_work").employed("2005-07-02")


@pytest.mark.parametrize(
    ("level", "year", "status"),
    [
        ("junior", 2007, "not_applicable"),
        ("junior", 2008, "eligible"),
        ("intermediate", 2007, "not_applicable"),
        ("intermediate", 2008, "eligible"),
        ("senior", 2016, "not_applicable"),
        ("senior", 2018, "not_applicable"),
        ("senior", 2019, "eligible"),
    ],
)
def test_of_a_year_before_the_first_exam_of_a_level_nobody_is_judged(level: str, year: int, status: str) -> None:
    """N-01: the first two since 2008, the senior exam since 2019."""
    worker = GRADUATE.certified("2009-10-18", "intermediate")
    assert told(worker, level, year)[0] == status
    if status == "not_applicable":
        assert told(worker, level, year)[1] == "exam_not_held_yet"
        assert entry(worker, level, year).would_change == ()
    assert told(worker, level, as_of=f"{year}-12-31")[0] == status, "as by default on a day of that year"


def test_the_first_year_open_is_never_one_before_the_first_exam() -> None:
    assert result(GRADUATE, "junior")["eligible_from_exam_year"] == 2008
    worker = GRADUATE.certified("2009-10-18", "intermediate")
    assert result(worker, "senior")["eligible_from_exam_year"] == 2019


def test_the_exam_year_decides_which_text_answers() -> None:
    """N-27: of a year that ended before the text began the text says nothing."""
    assert told(GRADUATE, "junior", 2005) == ("not_in_force", "edition_not_in_force")
    assert told(GRADUATE, "junior", 2006) == ("not_applicable", "exam_not_held_yet")


@pytest.mark.parametrize(
    ("life", "level"),
    [
        (working(20, "secondary").certified("2020-10-18", "intermediate"), "intermediate"),
        (working(20, "secondary").certified("2020-10-18", "senior"), "intermediate"),
        (working(20, "secondary").left("2003-12-31").certified("2020-10-18", "senior"), "junior"),
        (working(9, "college").certified("2020-10-18", "senior"), "senior"),
    ],
)
def test_who_holds_the_level_or_a_higher_one_is_not_told_what_would_open_its_exam(life: Life, level: str) -> None:
    assert told(life, level)[0] in ("eligible", "not_eligible"), "the status is that of the education and the years"
    assert steps(life, level) == []


def test_a_withdrawn_certificate_leaves_the_exam_to_be_sat() -> None:
    gone = working(20, "secondary").certified("2020-10-18", "intermediate")
    gone = gone.certificate_withdrawn("2026-01-01", "intermediate")
    assert steps(gone, "intermediate")[0] == "须取得全国证书：初级"


def test_a_local_certificate_of_the_level_is_no_reason_to_withhold_what_opens_the_exam() -> None:
    """N-04: it is valid only in its place."""
    worker = working(20, "secondary").certified("2020-10-18", "intermediate", scope="local")
    assert steps(worker, "intermediate")[0] == "须取得全国证书：初级"
