"""The repository itself: it names no machine, its documents link to files that exist, its decisions are kept."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contracts.events.values import NATION
from contracts.policies.shipped import shipped

ROOT = Path(__file__).parents[2]
ADR_HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
SCREEN_LINES = 60
# In pieces, so that this file does not name what it looks for.
REGISTRY_HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry." + "npm" + "js",
    "npm" + "mirror.com",
    "crates" + ".io",
    "proxy.go" + "lang.org",
    "conda." + "ana" + "conda.org",
    "index" + "-url",
)
MACHINE_PATHS = re.compile("/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers")) + r")/[\w.-]")
GUIDES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "docs/policies/README.md")
OWN_FOLDERS = ("contracts/", "services/", "tests/", "migrations/", "docs/", "bench/")
SQL_NAMES_EVENTS = re.compile(r"(?:FROM|JOIN|INTO|UPDATE|TRUNCATE|COPY)\s+ledger\.events\b")

in_a_clone = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a clone knows which files are tracked")


@cache
def tracked() -> tuple[Path, ...]:
    """Return the tracked files that are there. A clone of another user's is read all the same."""
    command = ("git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z")
    listed = subprocess.check_output(command, text=True)  # noqa: S603 - git is what makes a clone; nothing is foreign
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every tracked file."""
    for path in tracked():
        yield str(path.relative_to(ROOT)), path.read_text(errors="replace")


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every Markdown page of the tree."""
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        yield path, path.read_text()


def decisions() -> list[Path]:
    return sorted((ROOT / "docs/adr").glob("[0-9]*.md"))


def named_tests() -> set[str]:
    pattern = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
    return {name for path in (ROOT / "tests").rglob("test_*.py") for name in pattern.findall(path.read_text())}


@in_a_clone
def test_no_file_names_a_package_registry() -> None:
    assert [(name, host) for name, text in texts() for host in REGISTRY_HOSTS if host in text] == []


@in_a_clone
def test_no_file_names_a_path_of_a_machine() -> None:
    assert [(name, found[0]) for name, text in texts() if (found := MACHINE_PATHS.search(text))] == []


@pytest.mark.parametrize("name", ["requirements.lock", "tools/contract/requirements.lock"])
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text()
    packages = re.findall(r"^\S+==.*$", lock, re.MULTILINE)
    assert packages
    assert [line for line in packages if f"{line}\n    --hash=sha256:" not in lock] == []
    assert "://" not in lock


def test_every_locked_package_of_node_has_a_hash_and_no_address() -> None:
    packages = json.loads((ROOT / "tools/contract/package-lock.json").read_text())["packages"]
    named = {name: package for name, package in packages.items() if name}
    assert named
    assert [name for name, package in named.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in named.items() if "resolved" in package] == []


def test_every_relative_link_leads_somewhere() -> None:
    links = ((page, link) for page, text in pages() for link in re.findall(r"\]\(([^)\s]+)\)", text))
    paths = ((page, link.partition("#")[0]) for page, link in links if "://" not in link)
    assert [(page.name, path) for page, path in paths if not (page.parent / path).exists()] == []


def test_every_target_that_the_documents_name_is_one_of_make() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    call = re.compile(r"(?:^|`)(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z]+)(?=`|\s*$|\s+#|;)", re.MULTILINE)
    named = {(page.name, target) for page, text in pages() for target in call.findall(text)}
    assert named
    assert [(page, target) for page, target in named if target not in targets] == []


def test_every_decision_has_the_five_headings_and_fits_a_screen() -> None:
    assert decisions()
    for page in decisions():
        lines = page.read_text().splitlines()
        assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == ADR_HEADINGS, page.name
        assert lines[0].startswith(f"# {page.name[:4]}: "), page.name
        assert len(lines) <= SCREEN_LINES, page.name


def test_the_index_of_decisions_names_every_page() -> None:
    index = (ROOT / "docs/adr/README.md").read_text()
    assert [page.name for page in decisions() if f"({page.name})" not in index] == []


def test_what_a_decision_names_is_there() -> None:
    tests = named_tests()
    for page in (*decisions(), *(ROOT / name for name in GUIDES)):
        names = re.findall(r"`([^`\s<>*]+)`", page.read_text())
        missing = [name for name in names if name.startswith(OWN_FOLDERS) and not (ROOT / name).exists()]
        missing += [name for name in names if name.startswith("test_") and "." not in name and name not in tests]
        assert missing == [], page.name


def test_no_code_that_judges_names_a_place() -> None:
    local = [pack.pack for place, pack in shipped().items() if place != NATION]
    names = {name for pack in local for name in (pack.jurisdiction, pack.name.zh, pack.name.en, pack.name.en.lower())}
    code = [*(ROOT / "services/core").rglob("*.py"), *(ROOT / "contracts/policies").glob("*.py")]
    found = [(path.name, name) for path in code for name in names if name in path.read_text()]
    assert found == []


def test_no_module_that_judging_loads_knows_json() -> None:
    """msgspec reads JSON too, which no import shows."""
    ours = "(module.__file__ for name, module in sys.modules.items() if name.startswith(('contracts.', 'services.')))"
    code = f"import sys, services.core.facts.fold, services.core.rules.evaluate; print(*{ours})"
    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()  # noqa: S603 - it is ours.
    assert str(ROOT / "services/core/rules/evaluate.py") in loaded
    assert [name for name in loaded if re.search(r"\bjson\b", Path(name).read_text())] == []


def test_no_module_uses_an_object_mapper() -> None:
    modules = (path for folder in ("contracts", "services", "migrations") for path in (ROOT / folder).rglob("*.py"))
    assert [path.name for path in modules if re.search(r"sqlalchemy(?:\.ext\.\w+)?\.orm", path.read_text())] == []


def test_only_the_journal_and_the_store_name_the_events_table() -> None:
    services = ROOT / "services"
    naming = [path for path in services.rglob("*.py") if SQL_NAMES_EVENTS.search(path.read_text())]
    allowed = {services / "runtime/journal_sql.py", services / "ledger/store/append.py"}
    assert set(naming) == allowed
