"""Two texts say the same, however they are written (design §3)."""

import pytest

from contracts.folding import folded

# Of Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt), some of each category.
UNSEEN = [0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180E, 0x180F, 0x2060, 0x2065, 0x3164]
UNSEEN += [0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0x1D173, 0xE0001, 0xE0080, 0xE0100, 0xE01EF, 0xE0FFF]
ALIKE = [
    ("ＺＺ－２０２３－００１", "ZZ-2023-001"),
    ("zz-2023-001", "ZZ-2023-001"),
    ("ZZ 2023\u3000001", "ZZ2023001"),
    ("ZZ—2023–001", "ZZ-2023-001"),
    ("ZZ−2023", "ZZ-2023"),
    ("小组工作——入门", "小组工作-入门"),
    ("民发〔2009〕44号", "民发（2009）44号"),
    ("民发[2009]44号", "民发【2009】44号"),
    ("成都社工\u00a0管理服务平台", "成都社工管理服务平台"),
    ("零\u200b宽", "零宽"),
    ("ZZ─2023━001", "ZZ-2023-001"),
    ("小组工作──入门", "小组工作——入门"),
    *((f"ZZ-{chr(code)}001", "ZZ-001") for code in UNSEEN),
]
UNLIKE = [
    ("ZZ-2023-001", "ZZ-2023-002"),
    ("ZZ-1", "ZZ1"),
    ("甲", "乙"),
    ("第1期", "第2期"),
    ("甲(一)", "甲一"),
    ("一期", "-期"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_width_case_white_space_dashes_and_brackets_make_no_difference(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_anything_else_makes_one(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_a_folded_text_is_folded() -> None:
    """Every letter, sign and width form, between two letters that have capitals."""
    written = [f"A{chr(code)}A" for code in (*range(0x3400), *range(0xF900, 0x10000))]
    assert [text for text in written if folded(folded(text)) != folded(text)] == []
