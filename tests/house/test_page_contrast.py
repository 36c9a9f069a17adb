"""The colours of a page can be told from each other by everybody: WCAG 2.1, 1.4.3, level AA."""

import re

import pytest

from services.core.words.catalogue import STATUSES
from services.projections.pages.page import FAILS, HOLDS, KIND_OF_STATUS, MARKS, NEITHER, OPEN
from services.projections.pages.rendering import STYLE

LEAST_CONTRAST = 4.5
COLOURS = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", STYLE))
PAIRS = (
    ("ink", "ground"),
    ("ink", "open-ground"),
    ("soft", "ground"),
    ("soft", "shade"),
    ("accent", "ground"),
    ("holds", "holds-ground"),
    ("fails", "fails-ground"),
    ("open", "open-ground"),
    ("holds", "ground"),
    ("fails", "ground"),
    ("open", "ground"),
)
"""Each ink and its background; the last three on paper, where no background is printed."""


def luminance(colour: str) -> float:
    """Return the relative luminance of six hexadecimal digits."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    darker, lighter = sorted((luminance(COLOURS[ink]), luminance(COLOURS[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


def test_every_colour_is_held_against_another() -> None:
    assert set(COLOURS) - {name for pair in PAIRS for name in pair} == {"line"}


def test_every_kind_of_status_has_a_mark_of_its_own() -> None:
    assert set(MARKS) == {HOLDS, FAILS, OPEN, NEITHER}
    assert len(set(MARKS.values())) == len(MARKS)
    assert set(KIND_OF_STATUS) == set(STATUSES)
