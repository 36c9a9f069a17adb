"""The packs, by their own examples."""

import pytest

from contracts.policies.shipped import shipped
from services.projections.examples import play
from services.projections.packs import compose, load_pack
from services.projections.policy.evaluate import PinnedPack
from services.projections.policy.pack import Example

PINNED = {place: PinnedPack(one.digest, load_pack(one.document)) for place, one in shipped().items()}
EXAMPLES = [
    pytest.param(place, example, id=f"{pinned.pack.name.en}: {example.name}")
    for place, pinned in PINNED.items()
    for example in pinned.pack.examples
]


@pytest.mark.parametrize(("place", "example"), EXAMPLES)
def test_an_example_holds(place: str, example: Example) -> None:
    assert play(compose(example.jurisdiction or place, PINNED, ()), example) == []
