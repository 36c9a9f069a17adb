"""The order in which a page tells the answers of a standing."""

from services.core.questions.standing import STANDING
from services.projections.pages.standing import in_reading_order


def told(status: str) -> list[str]:
    answers = [{"determination": name, "status": status if name == "recognition" else "valid"} for name in STANDING]
    return [answer["determination"] for answer in in_reading_order(answers)]


def test_that_no_qualification_from_elsewhere_is_recognized_is_told_last() -> None:
    """A36: for almost everybody it is none, and nobody asked."""
    assert told("none") == [*(name for name in STANDING if name != "recognition"), "recognition"]


def test_a_recognized_qualification_is_told_beside_the_certificate() -> None:
    assert told("valid") == [*STANDING]
    assert STANDING[:2] == ("certificate", "recognition")
