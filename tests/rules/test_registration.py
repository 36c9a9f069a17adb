"""What leads to a registration, step by step (N-07), and what every national answer says besides (N-25, N-26)."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from msgspec.json import encode

from contracts.policies.language import LocalStandard
from contracts.policies.packs import PinnedPack
from services.core.questions.advice import HigherRegistration, Renewal
from services.core.words.advice import advice_in_words
from tests.documents import document_of, pack_with
from tests.explaining import ALL_CONDITIONS, CITY_WITH_ALLOWANCE, asked, needs, sentences
from tests.lives import CHENGDU_WORKER, NATION, PINNED, Life, alternatives, ask, someone, standard, worker

CERTIFIED = someone.certified("2015-10-18")
TODAY = "2026-11-29"
ASK_THE_REGISTRAR = "能否补登记须询登记机构"


def advised(life: Life, day: str = TODAY, **more: Any) -> dict[str, Any]:
    """Return the only advice on the registration, with its sentence in Chinese."""
    (entry,) = asked(NATION, "registration", day, life, **more)["would_change"]
    return {**entry, "text": entry["text"]["zh"]}


def test_a_first_registration_is_applied_for_within_a_year_of_approval() -> None:
    """N-07: the last day is the corresponding day of the next year (R-05 for 29 February)."""
    fresh = someone.certified("2026-09-30")
    assert advised(fresh) == {
        "need": "registration",
        "from": TODAY,
        "until": "2027-09-30",
        "text": "须申请首次登记，受理至2027-09-30",
    }
    assert advised(fresh, "2027-09-30")["need"] == "registration"
    assert advised(fresh, "2027-10-01")["need"] == "review"
    assert advised(someone.certified("2024-02-29"), "2024-03-01")["until"] == "2025-02-28"


def test_once_the_year_is_over_the_registrar_must_say_whether_a_late_one_is_taken() -> None:
    assert advised(CERTIFIED) == {
        "need": "review",
        "from": TODAY,
        "until": "2016-10-18",
        "text": f"首次登记受理期限已过，{ASK_THE_REGISTRAR}（受理至2016-10-18）",
    }


def test_the_year_may_run_from_the_day_of_issue() -> None:
    """R-40, whose alternative moves no status and so is no entry among the alternatives."""
    late = someone.certified("2025-10-18", issued_on="2025-12-31")
    answer = ask(late, "registration", TODAY, NATION)
    assert "R-40" in answer.readings
    assert alternatives(answer) == set()
    assert advised(late)["need"] == "review"
    by_issue = document_of(NATION)
    (text,) = (edition for edition in by_issue["editions"] if "registration" in edition["rules"])
    text["terms"]["first_registration"]["counted_from"] = "issue"
    packs: dict[str, PinnedPack] = {**PINNED, NATION: pack_with(NATION, *by_issue["editions"])}
    assert advised(late, packs=packs)["until"] == "2026-12-31"


def test_a_pack_that_does_not_say_until_when_advises_no_last_day() -> None:
    """As one that a ledger pinned earlier."""
    unsaid = document_of(NATION)
    (text,) = (edition for edition in unsaid["editions"] if "registration" in edition["rules"])
    del text["terms"]["first_registration"]
    packs: dict[str, PinnedPack] = {**PINNED, NATION: pack_with(NATION, *unsaid["editions"])}
    assert advised(CERTIFIED, packs=packs) == {"need": "registration", "from": TODAY, "text": "须申请首次登记"}


def test_after_the_term_only_the_registrar_can_say_whether_there_is_a_way_back() -> None:
    """A renewal is taken in the last three months of a term only."""
    lapsed = CERTIFIED.registered("2016-01-15", "2019-01-14")
    assert advised(lapsed) == {
        "need": "review",
        "from": TODAY,
        "held_until": "2019-01-14",
        "text": f"登记有效期至2019-01-14，再登记受理期限已过，{ASK_THE_REGISTRAR}",
    }
    assert advised(lapsed, "2019-01-15")["need"] == "review"
    assert "renewal" in needs(asked(NATION, "registration", "2019-01-14", lapsed))


@pytest.mark.parametrize(
    ("reason", "said"), [("cancelled", "登记已于2024-03-01注销"), ("refused", "登记机构已于2024-03-01不予登记")]
)
def test_after_an_early_end_the_registrar_is_asked_from_the_day_of_the_end(reason: str, said: str) -> None:
    """A registration that begins on the very day of the end stands."""
    ended = CERTIFIED.registered("2022-05-10", "2025-05-09").registration_ended("2024-03-01", reason)
    entry = advised(ended, "2024-03-01")
    assert entry.pop("text") == f"{said}（原有效期至2025-05-09），{ASK_THE_REGISTRAR}"
    assert entry == {
        "need": "review",
        "from": "2024-03-01",
        "held_until": "2024-02-29",
        "ended_on": "2024-03-01",
        "granted_until": "2025-05-09",
    }
    assert ask(ended.registered("2024-03-01"), "registration", "2024-03-01", NATION).node.status == "valid"


def test_without_a_certificate_no_registration_is_advised() -> None:
    """Not by the registration itself, nor by an allowance that asks for both."""
    withdrawn = CERTIFIED.certificate_withdrawn("2020-01-01")
    for life in (someone, withdrawn, someone.certified("2026-11-30")):
        assert advised(life)["need"] == "certificate"
    bare = ALL_CONDITIONS.without("certificate.obtained").without("registration.granted")
    document = asked(CITY_WITH_ALLOWANCE, "allowance", "2025-05-05", bare)
    assert document["result"]["missing"] == ["certificate", "registration"]
    assert "registration" not in needs(document)
    assert [entry["need"] for entry in document["would_change"]].count("certificate") == 1


def test_a_certificate_that_is_not_national_has_no_way_in_the_text() -> None:
    """44号 registers national certificates."""
    for local in (
        someone.certified("2026-10-18", "basic", scope="local", basis="local_test"),
        someone.certified("2026-10-18", scope="local"),
    ):
        entry = advised(local)
        assert entry["need"] == "review"
        assert entry["text"].endswith("员级证书如何登记，文件没有写明，须询登记机构")
        assert "until" not in entry


def test_a_registration_that_begins_later_needs_no_advice_but_the_day() -> None:
    document = asked(NATION, "registration", TODAY, CERTIFIED.registered("2026-12-01", on="2026-11-20"))
    assert needs(document) == {"time": {"on": "2026-12-01", "status": "valid", "reason": None}}


FRESH = someone.certified("2026-03-18")


@pytest.mark.parametrize(("first", "last"), [("2026-05-01", "2026-04-30"), ("2027-03-01", "2027-02-01")])
def test_a_registration_that_ends_before_it_begins_registers_nothing(first: str, last: str) -> None:
    """Whether its first day has come or not. It is told as one of another length than the rule's."""
    told = needs(asked(NATION, "registration", TODAY, FRESH.registered(first, last)))
    assert told["registration"]["until"] == "2027-03-18"
    assert "registration" not in needs(asked(NATION, "registration", TODAY, FRESH.registered(first, first)))


def test_a_registration_to_come_of_another_level_leaves_the_year_of_a_certificate_as_it_is() -> None:
    """R-34."""
    both = FRESH.certified("2016-01-01", "intermediate")
    of_another = both.registered("2027-05-01", level="intermediate")
    assert needs(asked(NATION, "registration", TODAY, of_another))["registration"]["until"] == "2027-03-18"
    of_both = (both.registered("2027-05-01"), FRESH.registered("2027-05-01"), someone.registered("2027-05-01"))
    for silent in of_both:
        assert needs(asked(NATION, "registration", TODAY, silent)).keys() == {"time"}


def test_a_certificate_obtained_after_a_registration_has_a_year_of_its_own() -> None:
    """R-34: a registration is of the certificate that it names, or of those obtained by its first day."""
    lapsed = CERTIFIED.registered("2016-01-15", "2019-01-14")
    assert advised(lapsed.certified("2026-09-30", "intermediate"))["until"] == "2027-09-30"
    named = CERTIFIED.certified("2016-01-01", "intermediate").registered("2016-01-15", "2016-03-01", level="junior")
    assert advised(named, "2016-06-01")["until"] == "2017-01-01"
    assert advised(named, "2017-01-02")["need"] == "review"


@pytest.mark.parametrize(
    "life",
    [
        someone.registered("2025-01-01", "2027-12-31"),
        someone.certified("2024-10-18").registered("2025-01-01", "2027-12-31").certificate_withdrawn("2025-03-01"),
    ],
)
def test_no_renewal_is_advised_where_no_certificate_is_held(life: Life) -> None:
    """The status stands, as nothing is inferred."""
    document = asked(NATION, "registration", "2026-01-01", life)
    assert (document["status"], "renewal" in needs(document)) == ("valid", False)


def test_no_answer_calls_a_certificate_void_for_want_of_registration() -> None:
    """N-08."""
    document = asked(NATION, "certificate", TODAY, CERTIFIED)
    assert document["status"] == "valid"
    registration = asked(NATION, "registration", TODAY, CERTIFIED)
    assert "没有登记不影响证书" in registration["explanation"]["interpretation"]["zh"]
    assert not any("void" in sentence for sentence in sentences(registration))


@pytest.mark.parametrize(
    ("determination", "first"),
    [
        ("certificate", "2006-09-01"),
        ("recognition", "2006-09-01"),
        ("professional_years", "2006-09-01"),
        ("registration", "2009-04-08"),
        ("continuing_education.registration_term", "2009-09-07"),
        ("certificate.senior_route", "2018-03-06"),
    ],
)
def test_each_national_rule_begins_on_its_own_day(determination: str, first: str) -> None:
    """N-27."""
    eve = str(date.fromordinal(date.fromisoformat(first).toordinal() - 1))
    assert ask(someone, determination, eve, NATION).node.status == "not_in_force"
    assert ask(someone, determination, first, NATION).node.status != "not_in_force"


def test_the_commencement_of_71_is_a_reading() -> None:
    """N-27: it is not confirmed."""
    held = someone.certified("2006-08-01")
    assert alternatives(ask(held, "certificate", "2006-08-01", NATION)) == {("R-01", "valid")}
    assert alternatives(ask(held, "certificate", "2006-09-01", NATION)) == set()
    assert alternatives(ask(held, "certificate", "2006-07-19", NATION)) == set()


def test_every_national_answer_says_which_text_is_not_on_file() -> None:
    """N-26, N-25; an answer by a text of the place says neither."""

    def noted(determination: str) -> list[str]:
        return [note["clause"] for note in asked(CITY_WITH_ALLOWANCE, determination, TODAY)["explanation"]["notes"]]

    for determination in (
        "certificate",
        "registration",
        "continuing_education.registration_term",
        "professional_years",
    ):
        assert noted(determination) == ["N-26", "N-25"]
    assert noted("allowance") == []


HIGHER = CHENGDU_WORKER.but(someone.registered("2022-04-01", "2027-03-31")).certified("2024-10-15", "intermediate")


def higher_told(life: Life, determination: str, day: str, standards: Sequence[LocalStandard] = ()) -> dict[str, Any]:
    """Return the advice on a certificate higher than those registered, with its sentence in Chinese; none is empty."""
    answer = ask(life, determination, day, "510107", standards=standards)
    told = [entry for entry in answer.would_change if isinstance(entry, HigherRegistration)]
    return {
        name: value
        for entry in told
        for name, value in {**json.loads(encode(entry)), "text": advice_in_words(determination, entry, {}).zh}.items()
        if name in ("need", "until", "levels", "result", "text")
    }


def test_a_higher_certificate_is_to_be_registered_by_its_own_last_day_and_told_with_what_it_gains() -> None:
    """R-34, N-07: the tier follows the highest certificate that is registered."""
    paid = (standard("510107", "2022-04-01", {"junior": "200", "intermediate": "300"}),)
    assert higher_told(HIGHER, "allowance", "2024-12-15", paid) == {
        "need": "registration",
        "until": "2025-10-15",
        "levels": ["intermediate"],
        "result": {"tier": "intermediate", "amount": "300"},
        "text": "须就中级证书申请登记，受理至2025-10-15；办妥后档次变为中级，金额变为300元/月",
    }
    assert higher_told(HIGHER, "allowance", "2024-12-15")["result"] == {"tier": "intermediate"}
    assert higher_told(HIGHER, "registration", "2024-12-15") == {
        "need": "registration",
        "until": "2025-10-15",
        "levels": ["intermediate"],
        "text": "须就中级证书申请登记，受理至2025-10-15",
    }


@pytest.mark.parametrize("first", ["2024-12-01", "2025-01-01"])
def test_a_higher_certificate_is_not_registered_by_what_ends_before_it_begins(first: str) -> None:
    empty = HIGHER.registered(first, "2024-11-01", level="intermediate")
    assert higher_told(empty, "allowance", "2024-12-15")["until"] == "2025-10-15"


def test_after_the_year_only_the_registrar_can_say_whether_a_higher_certificate_is_registered_late() -> None:
    assert higher_told(HIGHER, "registration", "2025-10-15")["need"] == "registration"
    late = higher_told(HIGHER, "registration", "2025-10-16")
    assert (late["need"], "until" in late) == ("review", False)
    assert ASK_THE_REGISTRAR in late["text"]


@pytest.mark.parametrize(
    "registered",
    [
        HIGHER.registered("2024-12-01", level="intermediate"),
        HIGHER.registered("2025-01-01", on="2024-12-10", level="intermediate"),
        CHENGDU_WORKER.but(someone.registered("2022-04-01", "2027-03-31", level="junior")).certified(
            "2021-10-15", "basic", scope="local", basis="local_test"
        ),
        HIGHER.certificate_withdrawn("2024-12-01", "intermediate"),
    ],
    ids=["registered", "to be registered", "lower", "withdrawn"],
)
def test_a_certificate_that_is_registered_or_not_higher_or_not_held_is_not_to_be_registered(registered: Life) -> None:
    for determination in ("registration", "allowance"):
        assert higher_told(registered, determination, "2024-12-15") == {}


def test_a_higher_certificate_is_told_only_to_whom_its_registration_would_gain_something() -> None:
    """CD-25: not where the role is missing, so that there is no tier."""
    roleless = HIGHER.without("employment.started")
    assert higher_told(roleless, "allowance", "2024-12-15") == {}
    assert higher_told(roleless, "registration", "2024-12-15")["levels"] == ["intermediate"]
    assert higher_told(HIGHER, "certificate", "2024-12-15") == {}


def test_where_no_certificate_held_is_registered_the_highest_that_can_still_be_is_told() -> None:
    """R-34: whether the registration is of another one is open, so the registrar is asked already."""
    early = CHENGDU_WORKER.but(someone.certified("2024-10-15")).but(someone.registered("2022-04-01", "2027-03-31"))
    assert higher_told(early, "allowance", "2024-12-15")["result"] == {"tier": "junior", "unresolved": []}
    assert higher_told(early.certified("2023-10-15", "senior"), "allowance", "2024-12-15")["levels"] == ["junior"]
    assert higher_told(early, "allowance", "2025-10-16") == {}


LOCAL = someone.certified("2021-10-18", "basic", scope="local", basis="local_test")
OF_ONE_GONE = (
    worker("371502", "2018-01-01")
    .certified("2017-10-18")
    .registered("2024-01-15", "2027-01-14", level="junior")
    .certified("2024-10-18", "intermediate")
    .certificate_withdrawn("2025-06-01", "junior")
)


@pytest.mark.parametrize("level", [{"level": "junior"}, {}], ids=["named", "by its first day"])
def test_a_registration_whose_certificate_was_withdrawn_is_not_to_be_renewed(level: dict[str, str]) -> None:
    """R-34, N-07: what it is of is known, and gone; whether another one can still be registered the registrar says."""
    life = OF_ONE_GONE.without("registration.granted").registered("2024-01-15", "2027-01-14", **level)
    for determination, status in (("registration", "valid"), ("allowance", "needs_review")):
        document = asked("371502", determination, TODAY, life)
        assert (document["status"], "renewal" in needs(document)) == (status, False)
        told = [entry["text"]["zh"] for entry in document["would_change"] if entry.get("levels") == ["intermediate"]]
        assert len(told) == 1
        assert told[0].startswith("中级证书不在有效的登记之内，首次登记受理期限已过，能否补登记须询登记机构")


@pytest.mark.parametrize("day", ["2026-10-14", "2026-10-15", "2027-01-14"])
def test_a_registration_of_one_certificate_that_is_gone_and_one_that_is_held_is_renewed(day: str) -> None:
    """R-34: without a level it is of all that were obtained by its first day."""
    of_both = OF_ONE_GONE.without("registration.granted").registered("2024-12-01", "2027-01-14")
    assert renewals(of_both, "registration", day) == [("2026-10-15", "2027-01-14")]


def test_a_basic_certificate_that_is_held_is_one_that_the_registration_is_still_of() -> None:
    """R-34, CD-25: any registration covers it, and how it is registered again no text says."""
    for determination in ("allowance", "registration"):
        life = (CHENGDU_WORKER + LOCAL).certificate_withdrawn("2024-06-01", "junior")
        named = life.without("registration.granted").registered("2022-04-01", "2025-03-31", level="junior")
        document = asked("510107", determination, "2025-01-10", named)
        assert (document["status"] in ("eligible", "valid"), "renewal" in needs(document)) == (True, False)
        assert "review" in needs(document)


def test_a_registration_of_a_certificate_that_is_not_on_record_is_renewed() -> None:
    """R-34: whether it is of the one that is held is open."""
    unrecorded = OF_ONE_GONE.without("certificate.obtained").certified("2024-10-18", "intermediate")
    assert renewals(unrecorded, "registration", TODAY) == [("2026-10-15", "2027-01-14")]
    basic_gone = unrecorded.certified("2017-10-18", "basic", scope="local").certificate_withdrawn("2025-06-01", "basic")
    assert renewals(basic_gone, "registration", TODAY) == [("2026-10-15", "2027-01-14")], "it names another"


LEVELS_PAID = (standard("371502", "2021-01-01", {"junior": "200", "intermediate": "300"}),)
WITH_INTERMEDIATE = (
    someone.employed("2018-05-01", "371502")
    .certified("2018-10-18")
    .certified("2023-10-18", "intermediate")
    .registered("2024-01-01", "2026-12-31", level="intermediate")
)
OF_TWO_LEVELS = WITH_INTERMEDIATE.registered("2025-06-01", "2028-05-31", level="junior")


def renewals(life: Life, determination: str, day: str, place: str = "371502") -> list[tuple[str, str]]:
    """Return the first and last days of each renewal that is advised."""
    told = ask(life, determination, day, place, standards=LEVELS_PAID).would_change
    return [(str(entry.from_), str(entry.until)) for entry in told if isinstance(entry, Renewal)]


def test_each_registration_is_to_be_renewed_whose_end_changes_the_answer() -> None:
    """R-34, N-07: the tier is that of the intermediate one, which began and ends before the junior one."""
    for determination in ("allowance", "registration"):
        assert renewals(OF_TWO_LEVELS, determination, TODAY) == [
            ("2026-10-01", "2026-12-31"),
            ("2028-03-01", "2028-05-31"),
        ]


def test_a_registration_beside_one_that_gives_as_much_for_longer_is_not_to_be_renewed() -> None:
    """R-34: the junior one ends first, and the tier stays that of the intermediate one."""
    outlasted = WITH_INTERMEDIATE.registered("2025-06-01", "2026-05-31", level="junior")
    for determination in ("allowance", "registration"):
        assert renewals(outlasted, determination, "2026-04-01") == [("2026-10-01", "2026-12-31")]


@pytest.mark.parametrize("begins", ["2027-01-01", "2027-02-01"])
def test_of_several_registrations_the_one_that_is_renewed_already_needs_no_renewal(begins: str) -> None:
    renewed = OF_TWO_LEVELS.registered(begins, "2028-05-30", on="2026-11-01", level="intermediate", is_first=False)
    assert renewals(renewed, "allowance", TODAY) == [("2028-03-01", "2028-05-31")]
    another = OF_TWO_LEVELS.registered("2027-01-01", "2028-05-30", on="2026-11-01", level="junior", is_first=False)
    assert ("2026-10-01", "2026-12-31") in renewals(another, "allowance", TODAY)


def test_of_a_certificate_that_is_not_national_the_registrar_is_asked_and_no_renewal_told() -> None:
    """44号 registers national certificates: no text says how a basic one, or another local one, is registered again."""
    for local in (LOCAL, someone.certified("2021-10-18", scope="local", valid_in="510100")):
        for determination in ("allowance", "registration"):
            document = asked("510107", determination, "2025-01-10", CHENGDU_WORKER.but(local))
            assert document["status"] in ("eligible", "valid")
            assert "renewal" not in needs(document)
            (entry,) = (entry for entry in document["would_change"] if entry["need"] == "review")
            assert entry["text"]["zh"].endswith("员级证书如何登记，文件没有写明，须询登记机构")
            assert "until" not in entry


def test_beside_a_national_certificate_that_is_registered_a_local_one_keeps_no_renewal_back() -> None:
    both = CHENGDU_WORKER + LOCAL
    for determination in ("allowance", "registration"):
        assert renewals(both, determination, "2025-01-10", "510107") == [("2025-01-01", "2025-03-31")]
        assert "review" not in needs(asked("510107", determination, "2025-01-10", both))
