"""The bytes of random JSON values: those of RFC 8785, and read back as what they were."""

from string import ascii_lowercase, digits
from typing import Any

import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import strict_json
from contracts.events.codec import canonical

# Said in code points: asked for the characters of an encoding, the first run of all counts them for a second.
texts = st.text(st.characters(max_codepoint=0xD7FF) | st.characters(min_codepoint=0xE000))
member_names = st.text(ascii_lowercase + digits + "_", min_size=1, max_size=11)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(member_names, children, max_size=4),
    max_leaves=12,
)


@given(json_values)
@example("e\u0301")
def test_canonical_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(json_values)
def test_canonical_bytes_are_read_back_as_the_same_value(value: Any) -> None:
    assert strict_json.parse(canonical(value)) == value
