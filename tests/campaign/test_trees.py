"""Parts combined at random: a whole is as good as its parts make it."""

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.rules.verdict import Status
from tests.documents import Document
from tests.rules.test_language import MET, NOT_MET, OPEN, ground, named

LEAVES: Mapping[Status, Document] = {"met": MET, "not_met": NOT_MET, "needs_review": OPEN}
RANK: Sequence[Status] = ("not_met", "needs_review", "met")


def worst(*statuses: Status) -> Status:
    return min(statuses, key=RANK.index)


def best(*statuses: Status) -> Status:
    return max(statuses, key=RANK.index)


def review(status: Status) -> Status:
    return worst(status, "needs_review")


def combined(inner: st.SearchStrategy[tuple[Document, Status]]) -> st.SearchStrategy[tuple[Document, Status]]:
    """Draw a word with parts inside, and the status that it has by those of its parts."""
    several = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        several.map(lambda parts: (named("all_of", *(part for part, _ in parts)), worst(*(is_ for _, is_ in parts)))),
        several.map(lambda parts: (named("any_of", *(part for part, _ in parts)), best(*(is_ for _, is_ in parts)))),
        inner.map(lambda part: ({"for_review": part[0]}, review(part[1]))),
    )


TREES = st.recursive(st.sampled_from([(part, status) for status, part in LEAVES.items()]), combined, max_leaves=12)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_all_is_as_good_as_the_worst_part_any_as_the_best_and_a_review_is_never_met(
    tree: tuple[Document, Status],
) -> None:
    part, status = tree
    node = ground(part)
    assert node.status == status
    assert (node.reason is None) == (status == "met")
