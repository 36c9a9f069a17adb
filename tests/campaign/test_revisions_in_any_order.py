"""What stands of a stream after random corrections and voids, wherever its fact arrives."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.events.catalogue import TrainingCompleted
from contracts.events.facts import Stream
from contracts.events.revisions import resolve
from tests.lives import Life, recorded, someone

REVISIONS = st.lists(
    st.one_of(
        st.builds(lambda n, t: ("void", n, t), st.integers(0, 9), st.integers(0, 9)),
        st.builds(lambda n, t: ("amount", n, t), st.integers(0, 9), st.integers(0, 9)),
        st.builds(lambda n, t: ("invalid", n, t), st.integers(0, 9), st.integers(0, 9)),
        st.builds(lambda n, t: ("reason", n, t), st.integers(0, 9), st.integers(0, 9)),
    ),
    unique_by=lambda revision: revision[1],
    max_size=8,
)


def standing(*lives: Life) -> Stream:
    """Return what stands of lives, one after another."""
    return resolve(recorded(sum(lives, someone)))


def amounts(stream: Stream) -> list[str]:
    return [fact.data.amount for fact in stream.facts if isinstance(fact.data, TrainingCompleted)]


def problems(stream: Stream) -> dict[str, str]:
    return {finding.event_id: finding.problem for finding in stream.findings}


def told_as(kind: str, name: int, target: int) -> Life:
    match kind:
        case "void":
            return someone.voided(f"n{target}", called=f"n{name}")
        case "amount":
            return someone.corrected(f"n{target}", amount=f"{name + 1}", called=f"n{name}")
        case "invalid":
            return someone.corrected(f"n{target}", amount="1e3", called=f"n{name}")
    return someone.corrected(f"n{target}", reason=f"by {name}", called=f"n{name}")


@given(REVISIONS, st.integers(0, 9), st.integers(0, 8))
def test_when_the_fact_arrives_makes_no_difference(
    revisions: list[tuple[str, int, int]], fact: int, before: int
) -> None:
    """The order of corrections matters; whether the fact comes before, between or after them must not."""
    life = [told_as(*revision) for revision in revisions if revision[1] != fact]
    early = standing(someone.trained(called=f"n{fact}"), *life)
    late = standing(*life[:before], someone.trained(called=f"n{fact}"), *life[before:])
    assert amounts(early) == amounts(late)
    assert len(early.voided) == len(late.voided)
    assert problems(early) == problems(late)


@given(REVISIONS)
def test_whatever_is_recorded_can_be_read(revisions: list[tuple[str, int, int]]) -> None:
    stream = standing(someone.trained(called="n0"), *(told_as(*revision) for revision in revisions if revision[1] != 0))
    assert len(stream.facts) + len(stream.voided) == 1
