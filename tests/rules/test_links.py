"""Two ids of one person: which links are accepted, and whose events they bring together (design §3, ADR-0027)."""

from itertools import pairwise

import pytest

from contracts.events.facts import Stream
from contracts.events.identity import events_of, links_among, person_of, streams_of
from contracts.events.revisions import Recorded, resolve
from services.ledger.domain.links import MAX_IDS_OF_ONE
from services.ledger.domain.rejections import (
    LinkedAlready,
    LinkInACircle,
    LinkToNobody,
    TargetOfAnotherPractitioner,
    TargetWouldBeInvalid,
    TooManyLinked,
)
from tests.deciding import E1, E2, Given, given
from tests.lives import Life, http, id_of, someone

OLD, NEW, THIRD = "P-1", "P-2", "P-3"
SAME_AS = "/events/0/data/same_as"
LINK = someone.linked(NEW, called="link")
TO_NEW, TO_THIRD = {OLD: NEW}, {OLD: THIRD}


def two_people(*of_old: Life) -> Given:
    """Return a ledger with somebody's old and new id, and a third one."""
    return given(*((OLD, life) for life in (E1, *of_old)), (NEW, E2), (THIRD, someone.trained(called="e3")))


# What the ledger accepts.


def test_a_stream_may_be_linked_to_that_of_another_id() -> None:
    two_people().when(LINK).then_appended("link")


def test_a_stream_may_begin_with_its_link() -> None:
    given((NEW, E2)).when(LINK).then_appended("link")


def test_a_second_link_is_refused() -> None:
    two_people(LINK).when(someone.linked(THIRD, called="second")).then_rejected(
        LinkedAlready, pointer=SAME_AS, practitioner_id=OLD, same_as=NEW
    )


def test_a_second_link_in_one_request_is_refused() -> None:
    two_people().when(LINK, someone.linked(THIRD, called="second")).then_rejected(
        LinkedAlready, pointer="/events/1/data/same_as"
    )


def test_the_same_link_again_is_a_second_one_unless_it_is_the_same_event() -> None:
    two_people(LINK).when(someone.linked(NEW, called="again")).then_rejected(LinkedAlready)
    two_people(LINK).when(LINK).then_replayed()


@pytest.mark.parametrize("chain", [(OLD,), (NEW, OLD), (NEW, THIRD, OLD)], ids=len)
def test_a_link_that_leads_back_to_its_stream_is_refused(chain: tuple[str, ...]) -> None:
    """To itself, or through others that are linked to it."""
    told = [(id_, someone.trained(called=f"of {id_}")) for id_ in (OLD, NEW, THIRD)]
    linked = [(one, someone.linked(other, called=f"by {one}")) for one, other in pairwise(chain)]
    given(*told, *linked).when(someone.linked(chain[0], called="last")).then_rejected(
        LinkInACircle, pointer=SAME_AS, practitioner_id=OLD, same_as=chain[0]
    )


def test_several_ids_may_be_linked_to_one_and_that_one_to_another() -> None:
    two_people(LINK).when(someone.linked(NEW, called="second"), to=THIRD).then_appended("second")
    two_people(LINK).when(someone.linked(THIRD, called="second"), to=NEW).then_appended("second")


def test_a_link_to_an_id_without_events_is_refused() -> None:
    given(E1).when(LINK).then_rejected(LinkToNobody, pointer=SAME_AS, same_as=NEW)


@pytest.mark.parametrize("others", [MAX_IDS_OF_ONE - 2, MAX_IDS_OF_ONE - 1])
def test_one_person_has_so_many_ids_at_most(others: int) -> None:
    linked = [(f"P-{number}", someone.linked(NEW, called=f"l{number}")) for number in range(100, 100 + others)]
    outcome = given((NEW, E2), *linked).when(LINK)
    if others + 2 > MAX_IDS_OF_ONE:
        outcome.then_rejected(TooManyLinked, ids=MAX_IDS_OF_ONE + 1, most=MAX_IDS_OF_ONE)
    else:
        outcome.then_appended("link")


def test_a_voided_link_leaves_room_for_another() -> None:
    voided = LINK.voided("link", called="void")
    two_people(voided).when(someone.linked(THIRD, called="right")).then_appended("right")
    two_people(LINK).when(someone.voided("link", called="void").linked(THIRD, called="right")).then_appended(
        "void", "right"
    )
    two_people(voided).when(someone.linked(OLD, called="other way"), to=NEW).then_appended("other way")


def test_a_link_that_was_voided_before_it_came_is_accepted_and_does_not_count() -> None:
    """Its sender is not responsible for revisions recorded before."""
    void = someone.voided("link", called="void")
    two_people(void).when(LINK).then_appended("link")
    two_people(void).when(LINK, someone.linked(THIRD, called="right")).then_appended("link", "right")
    two_people(LINK, someone.voided("second", called="void")).when(
        someone.linked(THIRD, called="second")
    ).then_appended("second")


def test_a_void_in_another_stream_does_not_keep_a_link_from_counting() -> None:
    given((OLD, E1), (NEW, E2), (NEW, someone.voided("link")), (OLD, LINK)).when(
        someone.linked(NEW, called="again")
    ).then_rejected(LinkedAlready)


def test_a_link_is_voided_in_its_own_stream() -> None:
    two_people(LINK).when(someone.voided("link", called="void"), to=NEW).then_rejected(TargetOfAnotherPractitioner)


def test_a_correction_leads_a_link_to_no_other_id() -> None:
    two_people(LINK).when(someone.corrected("link", same_as=THIRD, called="c")).then_rejected(
        TargetWouldBeInvalid, pointer="/events/0/data/set"
    )
    two_people(LINK).when(someone.corrected("link", occurred_on="2023-05-06", called="day")).then_appended("day")


# Whose events they bring together.


def streams(*lives: tuple[str, Life]) -> list[Recorded]:
    """Return the events of lives, one after another, each life in the stream that is given with it."""
    told = [(stream, event) for stream, life in lives for event in http(life)]
    versions: dict[str, int] = {}
    events = []
    for position, (stream, event) in enumerate(told, 1):
        versions[stream] = versions.get(stream, 0) + 1
        about = (position, versions[stream], event["event_id"], event["type"], event["occurred_on"], event["data"])
        events.append(Recorded(*about, stream=stream))
    return events


def test_linked_streams_are_one_person_under_the_id_linked_to() -> None:
    events = streams((OLD, E1), (NEW, E2), (OLD, LINK), (NEW, someone.linked(THIRD)), (THIRD, someone.trained()))
    assert links_among(events) == {OLD: NEW, NEW: THIRD}
    assert {person_of(id_, links_among(events)) for id_ in (OLD, NEW, THIRD)} == {THIRD}
    assert streams_of(OLD, links_among(events)) == [THIRD, OLD, NEW]
    assert events_of(THIRD, events) == events_of(OLD, events) == events


def test_a_link_counts_from_its_position_until_its_void() -> None:
    events = streams((OLD, E1), (NEW, E2), (OLD, LINK), (NEW, someone.trained()), (OLD, someone.voided("link")))
    alone = [event for event in events if event.stream == NEW]
    assert events_of(NEW, events[:2]) == alone[:1]
    assert events_of(NEW, events[:3]) == events_of(OLD, events[:3]) == events[:3]
    assert events_of(NEW, events[:4]) == events[:4]
    assert events_of(NEW, events) == alone


def test_a_void_before_the_link_or_in_another_stream() -> None:
    assert not links_among(streams((OLD, someone.voided("link")), (OLD, LINK)))
    assert links_among(streams((NEW, someone.voided("link")), (OLD, LINK))) == TO_NEW


def test_a_damaged_circle_ends() -> None:
    assert person_of(OLD, {OLD: NEW, NEW: OLD}) in (OLD, NEW)


def test_a_revision_changes_its_own_stream_alone() -> None:
    """It came before its target, which was then recorded under the other id."""
    for revision in (someone.voided("e1", called="r"), someone.corrected("e1", amount="13", called="r")):
        together = resolve(streams((NEW, revision), (OLD, E1), (OLD, LINK)))
        assert [fact.event_id for fact in together.facts] == [id_of("e1"), id_of("link")]
        assert together.voided == ()
        assert [finding.problem for finding in together.findings] == ["target_unknown"]


def test_a_correction_that_came_before_its_link_leads_it_nowhere_else() -> None:
    events = streams((OLD, someone.corrected("link", same_as=THIRD)), (OLD, LINK))
    assert links_among(events) == TO_NEW
    assert [finding.problem for finding in resolve(events).findings] == ["target_would_be_invalid"]


def without_findings(stream: Stream) -> tuple[object, ...]:
    return stream.facts, stream.voided


@pytest.mark.parametrize("of_new", [set(), {0}, {2, 3, 6}, {1, 3, 5, 7, 9}, set(range(10))])
def test_what_remains_of_one_life_under_two_ids_is_what_remains_of_it_under_one(of_new: set[int]) -> None:
    """Each revision stands where its target stands."""
    trained = [someone.trained(called=f"t{number}") for number in range(10)]
    revised = [
        someone.corrected(f"t{number}", amount="7", called=f"r{number}")
        if number % 2
        else someone.voided(f"t{number}", called=f"r{number}")
        for number in range(0, 10, 3)
    ]
    owners = [NEW if number in of_new else OLD for number in [*range(10), *range(0, 10, 3)]]
    apart = streams(*zip(owners, [*trained, *revised], strict=True))
    together = streams(*((OLD, life) for life in [*trained, *revised]))
    assert without_findings(resolve(apart)) == without_findings(resolve(together))
    assert [fact.position for fact in resolve(apart).facts] == sorted(fact.position for fact in resolve(apart).facts)
