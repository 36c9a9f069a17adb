"""How the README's answers are compared with those of a service."""

import pytest

from tests.journeys.readme import agrees

LONG = 100_000


@pytest.mark.parametrize(
    ("printed", "got"),
    [
        ('{"a": 1}\n', '{"a": 1}'),
        ('{"a": 1, …}', '{"a": 1, "b": 2}\n'),
        ('{"a": …, "b": …}', '{"a": 1, "b": 2, "b": 3}'),
        ("… end", "begin, end"),
        ('{… "b": 2 …}', '{"a": 1,\n "b": 2\n}'),
        ("a … a", "aa"),
    ],
)
def test_an_ellipsis_stands_for_anything(printed: str, got: str) -> None:
    assert agrees(printed, got)


@pytest.mark.parametrize(
    ("printed", "got"),
    [
        ('{"a": 1}', '{"a": 1} and more'),
        ('{"a": 1, …}', '{"a": 2, "b": 2}'),
        ("a … b … c", "a c b"),
        ("a … b … c", "a b c d"),
        ("a … a", "a"),
        ("ab … bc", "abc"),
        ("a … b … b", "a b"),
    ],
)
def test_what_is_printed_stands_in_the_answer_in_its_order(printed: str, got: str) -> None:
    assert not agrees(printed, got)


def test_a_long_answer_that_differs_is_told_at_once() -> None:
    """Each part is looked for once. Tried in every place with every place of the others, it would take for ever."""
    printed = "a … b … c … d … e … f … z"
    assert not agrees(printed, "a" + "b c d " * LONG + "z")
    assert not agrees(printed, "a" + "b c d e f " * LONG)
