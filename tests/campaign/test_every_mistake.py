"""Every odd value at every place of an event is refused by the slow search for mistakes as by the fast parse, and told
in Chinese as in English."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from contracts.events.catalogue import ALL_TYPES
from contracts.events.codec import Envelope, InvalidEvent, parse_event
from contracts.events.examples import example_event
from contracts.events.mistakes import new_event
from contracts.sentences import in_words
from tests.house.test_sentences import foreign_words
from tests.rules.test_codec import ODD_VALUES, with_an_odd_value
from tests.rules.test_mistakes import told

QUOTED = re.compile("“[^”]*”")


def names_in(schema: Any) -> Iterator[str]:
    """Yield the names of members and the words of vocabularies."""
    match schema:
        case {"enum": words, **others}:
            yield from map(str, words)
            yield from names_in(others)
        case dict():
            yield from schema.get("properties", ())
            for child in schema.values():
                yield from names_in(child)
        case list():
            for child in schema:
                yield from names_in(child)


NAMES = {*ALL_TYPES, *names_in(msgspec.json.schema_components([*ALL_TYPES.values(), Envelope])[1])}


@pytest.mark.parametrize("type_", ALL_TYPES)
def test_a_single_mistake_is_refused_as_ever_and_told_at_its_place(type_: str) -> None:
    """Whatever the fast parse refuses is found again, as the same kind and at the same pointer, or inside of it."""
    sound = msgspec.to_builtins(example_event(type_))
    refused = 0
    for changed in (changed for odd in ODD_VALUES for changed in with_an_odd_value(sound, odd)):
        first = refused_first(changed)
        if first is None:
            assert new_event(changed, types=ALL_TYPES) == parse_event(changed, types=ALL_TYPES)
            continue
        refused += 1
        with pytest.raises(InvalidEvent) as raised:
            new_event(changed, types=ALL_TYPES)
        assert type(raised.value) is type(first)
        found = told(raised.value)
        assert any(pointer.startswith(first.pointer) for pointer in found), (changed, first.pointer, found)
        words = " ".join(found.values())
        assert not any(foreign in words for foreign in ("`", "Expected", "None", "True", "dict", "Invalid")), words
        for mistake in raised.value.mistakes.told:
            chinese = in_words(mistake.what, "zh")
            assert foreign_words(QUOTED.sub("", chinese)) <= NAMES, chinese
    assert refused > len(ODD_VALUES)


def refused_first(event: Any) -> InvalidEvent | None:
    """Return what the fast parse refuses an event as, if it does."""
    try:
        parse_event(event, types=ALL_TYPES)
    except InvalidEvent as first:
        return first
    return None
