"""The packs that come with this release: YAML files to canonical documents and digests."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from contracts.document import Read
from contracts.policies.packs import Shipped
from contracts.policies.pinned import read_pack
from contracts.strict_yaml import StrictYamlError, read_strictly

FOLDER = Path(__file__).parent
REGISTER = FOLDER.parents[1] / "docs" / "policies" / "rules.md"
"""The register of the clauses that packs cite. It is there where the docs are."""


class TwoPacksOfAPlaceError(ValueError):
    """Two files claim to be the pack of the same place. The message names both."""


def read_pack_file(path: Path) -> Read:
    """Return a YAML file as JSON values with their lines. Raises StrictYamlError with file, line and key."""
    if not path.is_file():
        raise StrictYamlError(f"{path}, line 1: is not a file")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StrictYamlError(f"{path}, line 1: cannot be read: {error.strerror}") from error
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise StrictYamlError(f"{path}, line {line}: is not UTF-8 at byte {error.start}") from error
    return read_strictly(text, str(path))


def read_yaml(path: Path) -> Any:
    """Return a YAML file as JSON values; days become ISO text. Raises StrictYamlError with file, line and key."""
    return read_pack_file(path).value


def pack_files(folder: Path) -> list[Path]:
    """Return the pack files of a folder, in order of their names. Raises StrictYamlError if one is misnamed."""
    for error in misnamed(folder):
        raise error
    return sorted(folder.glob("*.yaml"))


def misnamed(folder: Path) -> list[StrictYamlError]:
    """Return an error for each YAML file whose name keeps it from being read: its place would seem to have no pack."""
    files = (path for path in sorted(folder.glob("*")) if path.suffix.lower() in (".yaml", ".yml"))
    return [
        StrictYamlError(f"{path}, line 1: a pack's name ends in .yaml: {path.stem}.yaml")
        for path in files
        if path.suffix != ".yaml"
    ]


def shipped_pack(value: Any) -> Shipped:
    """Return the pack in JSON values, read without checks. Raises UnreadablePackError."""
    document = msgspec.json.encode(value, order="sorted")
    read = read_pack(document)
    return Shipped(**structs.asdict(read), document=document)


def packs_of(folder: Path) -> dict[str, Shipped]:
    """Return the packs of a folder by jurisdiction.

    Raises StrictYamlError, UnreadablePackError, TwoPacksOfAPlaceError.
    """
    packs: dict[str, tuple[Path, Shipped]] = {}
    for path in pack_files(folder):
        pack = shipped_pack(read_yaml(path))
        if pack.jurisdiction in packs:
            raise two_packs(pack.jurisdiction, packs[pack.jurisdiction][0], path)
        packs[pack.jurisdiction] = path, pack
    return {place: pack for place, (_, pack) in packs.items()}


def two_packs(jurisdiction: str, first: Path, second: Path) -> TwoPacksOfAPlaceError:
    """Return the error for a second file of the same place."""
    return TwoPacksOfAPlaceError(f"{first} and {second} are both of jurisdiction {jurisdiction}; a place has one file")


@cache
def shipped() -> Mapping[str, Shipped]:
    """Return the packs of this release by jurisdiction. Raises what `packs_of` raises."""
    return packs_of(FOLDER)
