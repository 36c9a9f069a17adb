"""The packs that come with this release: YAML files to canonical documents and digests.

The digest covers the rules: not the sentences and their interpretation, the key terms, the examples, nor the day of the
last look at the source. So a better wording is the same pack, and a changed figure never is.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from contracts.strict_yaml import Read, StrictYamlError, read_strictly

FOLDER = Path(__file__).parent
NOT_RULES = frozenset({"text", "interpretation", "name", "key_terms", "examples", "last_verified_on"})


class TwoPacksOfAPlaceError(ValueError):
    """Two files say they are the pack of one place: which of them is law cannot be known. The message names both."""


class Shipped(msgspec.Struct, frozen=True):
    """A pack as it is pinned and kept: `document` is its canonical JSON."""

    jurisdiction: str
    digest: str
    document: bytes


def read_pack_file(path: Path) -> Read:
    """Return a YAML file as JSON values with their lines. Raises StrictYamlError with file, line and key."""
    if not path.is_file():
        raise StrictYamlError(f"{path}, line 1: is no file")
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
    """Return the files of a folder that are packs, by name. Raises StrictYamlError where one is misnamed."""
    for refused in misnamed(folder):
        raise refused
    return sorted(folder.glob("*.yaml"))


def misnamed(folder: Path) -> list[StrictYamlError]:
    """Return the refusals of YAML files that no reader of packs would open: their places would count as gone."""
    files = (path for path in sorted(folder.glob("*")) if path.suffix.lower() in (".yaml", ".yml"))
    return [
        StrictYamlError(f"{path}, line 1: a pack's name ends in .yaml: {path.stem}.yaml")
        for path in files
        if path.suffix != ".yaml"
    ]


def rules_only(value: Any) -> Any:
    """Return the document without what the digest does not cover."""
    if isinstance(value, dict):
        return {key: rules_only(child) for key, child in value.items() if key not in NOT_RULES}
    if isinstance(value, list):
        return [rules_only(child) for child in value]
    return value


def shipped_pack(document: Any) -> Shipped:
    """Return a pack document with its digest."""
    rules = msgspec.json.encode(rules_only(document), order="sorted")
    return Shipped(
        jurisdiction=document["jurisdiction"],
        digest="sha256:" + hashlib.sha256(rules).hexdigest(),
        document=msgspec.json.encode(document, order="sorted"),
    )


def packs_of(folder: Path) -> dict[str, Shipped]:
    """Return the packs of a folder by jurisdiction. Raises StrictYamlError, TwoPacksOfAPlaceError."""
    found: dict[str, tuple[Path, Shipped]] = {}
    for path in pack_files(folder):
        pack = shipped_pack(read_yaml(path))
        if pack.jurisdiction in found:
            raise two_packs(pack.jurisdiction, found[pack.jurisdiction][0], path)
        found[pack.jurisdiction] = path, pack
    return {place: pack for place, (_, pack) in found.items()}


def two_packs(jurisdiction: str, first: Path, second: Path) -> TwoPacksOfAPlaceError:
    """Return the refusal of a second file for a place."""
    return TwoPacksOfAPlaceError(f"{first} and {second} are both of jurisdiction {jurisdiction}; a place has one file")


@cache
def shipped() -> Mapping[str, Shipped]:
    """Return the packs of this release by jurisdiction. Raises StrictYamlError, TwoPacksOfAPlaceError."""
    return packs_of(FOLDER)
