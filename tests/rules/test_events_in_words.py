"""Events as the sentences that a page shows."""

from collections.abc import Sequence

import pytest
from msgspec import Struct

from contracts.events.catalogue import PRACTITIONER_TYPES, Patch, Session
from contracts.policies.language import Text
from services.core.words.events import EVENTS, MEMBERS, Names, event_in_words, value_in_words
from services.projections.pages.corrections import read_before
from tests.lives import Life, id_of, recorded, someone


@pytest.mark.parametrize(
    ("amount", "unit", "zh", "en"),
    [
        ("1", "hour", "完成培训1小时", "Training completed: 1 hour"),
        ("1.5", "hour", "完成培训1.5小时", "Training completed: 1.5 hours"),
        ("20", "class_hour", "完成培训20学时", "Training completed: 20 class hours"),
        ("1", "day", "完成培训1天", "Training completed: 1 training day"),
    ],
)
def test_a_training_is_told_with_its_amount_in_the_unit_recorded(amount: str, unit: str, zh: str, en: str) -> None:
    training = {"amount": amount, "unit": unit, "subjects": ["sw_practice"]}
    assert event_in_words("training.completed", training, Names(), "zh") == zh
    assert event_in_words("training.completed", training, Names(), "en") == en


def test_what_a_training_says_of_its_course_follows_its_amount() -> None:
    training = {
        "amount": "6",
        "unit": "hour",
        "subjects": ["sw_practice"],
        "course": "个案工作",
        "provider": "社区学院",
    }
    assert (
        event_in_words("training.completed", training, Names(), "en")
        == "Training completed: 6 hours, 个案工作, 社区学院"
    )


def test_a_free_text_forges_no_line_of_its_own() -> None:
    training = {
        "amount": "1",
        "unit": "hour",
        "subjects": ["sw_practice"],
        "course": "督导\u2028[✓] 津贴：符合条件\uffff",
    }
    sentence = event_in_words("training.completed", training, Names(), "zh")
    assert (len(sentence.splitlines()), "督导 [✓] 津贴：符合条件 " in sentence) == (1, True)


def test_a_rank_is_told_without_an_article() -> None:
    designated = {"rank": "intermediate", "authority": "成都市民政局"}
    sentence = event_in_words("supervisor.designated", designated, Names(), "en")
    assert sentence == "Designated as supervisor: intermediate (成都市民政局)"


def test_every_event_of_a_person_has_a_sentence_and_every_member_a_name() -> None:
    assert set(PRACTITIONER_TYPES) <= set(EVENTS)
    shapes: Sequence[type[Struct]] = (*PRACTITIONER_TYPES.values(), Session, Patch)
    members = {name for shape in shapes for name in shape.__struct_fields__}
    assert members == set(MEMBERS)


def test_a_degree_is_told_with_its_major_where_that_is_recorded() -> None:
    degree = {"level": "bachelor", "field": "other"}
    assert event_in_words("education.recorded", degree, Names(), "zh") == "取得学历：本科，其他专业"
    sentence = event_in_words("education.recorded", {**degree, "major": "法学"}, Names(), "en")
    assert sentence == "Education: bachelor, another field, major 法学"


def test_an_enrolment_is_told_with_its_place_by_whose_rules_a_person_without_work_is_judged() -> None:
    enrolled = {"identity_type": "mainland", "jurisdiction": "410100"}
    names = {"410100": Text(zh="郑州市", en="Zhengzhou")}
    assert event_in_words("practitioner.enrolled", enrolled, Names(names), "en") == "Enrolled, Zhengzhou (410100)"


@pytest.mark.parametrize(
    ("told", "zh"),
    [
        (someone.certificate_withdrawn(reason="refused"), "初级证书被撤销：refused"),
        (someone.registration_ended(reason="refused"), "登记终止：不予登记"),
        (someone.role_recorded(role="community_worker"), "社会职务：community_worker"),
        (someone.served(field="social_work", task="exam", platform="national"), "服务记录，national，已核实"),
        (someone.promoted(post="senior", method="exam"), "聘任：senior，12级岗位"),
    ],
)
def test_a_free_text_is_never_translated(told: Life, zh: str) -> None:
    """A39: a word is one of a vocabulary by the type of its event, not by the name of its member alone."""
    (event,) = told.events
    assert event_in_words(event.type, event.data, Names(), "zh") == zh


@pytest.mark.parametrize(
    ("type_", "name", "value", "zh"),
    [
        ("assessment.recorded", "result", "pass", "pass"),
        ("senior_review.decided", "result", "pass", "通过"),
        ("service.recorded", "field", "sociology", "sociology"),
        ("education.recorded", "field", "sociology", "社会学"),
        (None, "field", "sociology", "sociology"),
        (None, "rank", "senior", "高级"),
        (None, "verified", True, "已核实"),
    ],
)
def test_a_correction_tells_a_code_by_the_type_of_its_target(
    type_: str | None, name: str, value: object, zh: str
) -> None:
    assert value_in_words(type_, name, value, Names(), "zh") == zh


# What a correction found: its target as it read before.


def test_each_correction_finds_its_target_as_those_before_it_left_it() -> None:
    granted = someone.registered("2025-04-01")
    before = read_before(
        recorded(granted.corrected(1, valid_until="2028-04-30").corrected(1, valid_until="2028-03-31"))
    )
    assert {id_: event.raw.get("valid_until") for id_, event in before.items()} == {
        id_of(2): None,
        id_of(3): "2028-04-30",
    }


def test_a_correction_that_would_break_its_target_changes_nothing_for_the_next() -> None:
    broken = someone.certified("2021-10-17").corrected(1, level="highest")
    before = read_before(recorded(broken.corrected(1, level="senior")))
    assert [event.raw["level"] for event in before.values()] == ["junior", "junior"]


def test_how_a_target_read_is_not_told_where_it_is_unknown_or_one_of_its_corrections_was_taken_back() -> None:
    assert read_before(recorded(someone.corrected(9, occurred_on="2025-01-01"))) == {}
    wrong = someone.certified("2021-10-17").corrected(1, level="senior")
    right = wrong.voided(2).corrected(1, level="intermediate")
    assert read_before(recorded(right)) == {}
