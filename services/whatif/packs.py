"""The packs that a comparison is about: those of a folder or of a commit, with every fault in them."""

import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contracts.document import Read
from contracts.events.values import NATION
from contracts.keys import shown
from contracts.policies.packs import Shipped
from contracts.policies.shipped import FOLDER, misnamed, read_pack_file, shipped_pack, two_packs
from contracts.strict_yaml import StrictYamlError
from services.core.authoring.clauses import unknown_clauses
from services.core.authoring.company import wrong_in_company
from services.core.authoring.examples import play
from services.core.authoring.lacking_examples import lacking_examples
from services.core.authoring.load import InvalidPackError, load_pack_file

GIT_TIMEOUT_S = 30


class UnreadableBase(Exception):
    """The base of the comparison cannot be read. The message says why."""


def read_packs(folder: Path, clauses: Collection[str] | None = None) -> tuple[dict[str, Shipped], list[str]]:
    """Return the packs of a folder, and the faults of those that cannot be used, with file, line and key.

    With `clauses`, a pack may cite only these. Where the pack of the nation is among them, each is also checked in the
    company of those from which it inherits.
    """
    packs: dict[str, Shipped] = {}
    files: dict[str, Path] = {}
    lines: dict[str, Read] = {}
    wrong = [str(refused) for refused in misnamed(folder)]
    for path in sorted(folder.glob("*.yaml")):
        try:
            read = read_pack_file(path)
            load_pack_file(str(path), read)
        except (StrictYamlError, InvalidPackError) as error:
            wrong.append(str(error))
            continue
        pack = shipped_pack(read.value)
        if clauses is not None:
            wrong += [
                f"{path}, line {read.line_of(at)}: {shown(at)}: "
                f"the register docs/policies/rules.md has no clause {clause}"
                for at, clause in unknown_clauses(read.value, clauses)
            ]
        if pack.jurisdiction in files:
            wrong.append(str(two_packs(pack.jurisdiction, files[pack.jurisdiction], path)))
            continue
        packs[pack.jurisdiction], files[pack.jurisdiction], lines[pack.jurisdiction] = pack, path, read
    for place in packs if NATION in packs else ():
        wrong += [
            f"{files[place]}, line {lines[place].line_of(at)}: {shown(at)}: {why}"
            for at, why in wrong_in_company(place, packs)
        ]
    return packs, wrong


def broken_examples(packs: Mapping[str, Shipped]) -> list[dict[str, Any]]:
    """Return the examples inside the packs that fail, and what their answers have instead."""
    played = (
        (place, example.name, play(packs, place, example))
        for place, read in packs.items()
        for example in read.pack.examples
    )
    return [{"jurisdiction": place, "name": name, "wrong": wrong} for place, name, wrong in played if wrong]


def lacking(folder: Path) -> list[dict[str, Any]]:
    """Return what no example in the packs of a folder shows, with place, file, line and key. All can be used."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yaml")):
        read = read_pack_file(path)
        pack = shipped_pack(read.value).pack
        about = {"jurisdiction": pack.jurisdiction, "file": str(path)}
        found += (
            {**about, "line": read.line_of(at), "at": shown(at), "why": why} for at, why in lacking_examples(pack)
        )
    return found


@contextmanager
def base_folder(base: str) -> Iterator[Path]:
    """Yield the folder of packs that `base` names: a folder itself, or its content in a commit of this repository."""
    if Path(base).is_dir():
        yield Path(base)
        return
    root = FOLDER.parents[1]
    inside = FOLDER.relative_to(root).as_posix()
    commit = _commit(root, base)
    names = _git(root, "ls-tree", "--name-only", commit, f"{inside}/").split()
    with tempfile.TemporaryDirectory(prefix="packs-") as scratch:
        for name in names:
            if name.endswith(".yaml"):
                (Path(scratch) / Path(name).name).write_text(_git(root, "show", f"{commit}:{name}"), encoding="utf-8")
        yield Path(scratch)


def _commit(root: Path, name: str) -> str:
    """Return the id of a commit. Raises UnreadableBase."""
    shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    try:
        return _git(root, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").strip()
    except UnreadableBase as error:
        fetch = "this clone is shallow: git fetch --unshallow; or " if shallow else ""
        raise UnreadableBase(
            f"there is no folder and no commit {name!r} here; {fetch}name a folder of packs"
        ) from error


def _git(root: Path, *arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise UnreadableBase("there is no git here; name a folder of packs with --base")
    done = subprocess.run(  # noqa: S603 - git itself, and a commit that git has checked to be one.
        [git, "-C", str(root), *arguments], capture_output=True, check=False, encoding="utf-8", timeout=GIT_TIMEOUT_S
    )
    if done.returncode != 0:
        raise UnreadableBase(f"{done.stderr.strip()}; name a folder of packs with --base")
    return done.stdout
