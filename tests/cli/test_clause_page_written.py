"""`make contracts` writes the page of clauses only where register, lines, packs and events agree."""

from typing import Any

import pytest

from tools import generate
from tools.clauses import ClausesDisagree, read_lines
from tools.reference import clause_reference


def test_a_clause_without_a_line_breaks_the_build(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    lines = {id_: line for id_, line in read_lines().items() if id_ != "FJ-09"}
    monkeypatch.setattr("services.cli.reference.read_lines", lambda: lines)
    with pytest.raises(ClausesDisagree):
        clause_reference()
    assert generate.main(["--check"]) == 1
    assert "FJ-09: has no line" in capsys.readouterr().err
