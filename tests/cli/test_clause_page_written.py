"""`make contracts` writes the page of clauses only where register, lines, packs and events agree."""

from pathlib import Path

import pytest

from tools import generate
from tools.clauses import LINES, ClauseDisagreement
from tools.reference import clause_reference


def test_a_clause_without_a_line_breaks_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = tmp_path / "clauses.yaml"
    kept = [line for line in LINES.read_text().splitlines() if not line.startswith("FJ-09:")]
    lines.write_text("\n".join(kept))
    with pytest.raises(ClauseDisagreement):
        clause_reference(lines)
    assert generate.main(["--check"], lines) == 1
    assert "FJ-09: has no line" in capsys.readouterr().err
