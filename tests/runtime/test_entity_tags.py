"""Conditions on entity tags, and how the OpenAPI document describes them."""

import re
from itertools import product

from services.runtime.http.entity_tags import CONDITION_PATTERN, tag_condition
from services.runtime.http.parameters import InvalidParameter

ALPHABET = '*,"W/a \u00e9'
LONGEST = 5


def is_read(text: str) -> bool:
    try:
        return tag_condition("If-Match", [text]) is not None
    except InvalidParameter:
        return False


def test_a_condition_is_described_as_it_is_read() -> None:
    described = re.compile(CONDITION_PATTERN)
    texts = ("".join(parts) for length in range(LONGEST + 1) for parts in product(ALPHABET, repeat=length))
    arriving = [
        *(text for text in texts if text == text.strip()),
        '"v17"',
        '"v7", W/"v2" ,,"v3-gzip",',
        'W/"a b"',
        '"\t"',
    ]
    differing = [text for text in arriving if is_read(text) != (described.search(text) is not None)]
    assert differing == []
    assert any(map(is_read, arriving))
