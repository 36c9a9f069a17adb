"""What happened, as a page says it in one sentence."""

import pytest

from services.projections.pages.words import event_in_words


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
    assert event_in_words("training.completed", training, {}, "zh") == zh
    assert event_in_words("training.completed", training, {}, "en") == en


def test_what_a_training_says_of_its_course_follows_its_amount() -> None:
    training = {
        "amount": "6",
        "unit": "hour",
        "subjects": ["sw_practice"],
        "course": "个案工作",
        "provider": "社区学院",
    }
    assert event_in_words("training.completed", training, {}, "en") == "Training completed: 6 hours, 个案工作, 社区学院"


def test_a_rank_is_told_without_an_article() -> None:
    designated = {"rank": "intermediate", "authority": "成都市民政局"}
    told = event_in_words("supervisor.designated", designated, {}, "en")
    assert told == "Designated as supervisor: intermediate (成都市民政局)"
