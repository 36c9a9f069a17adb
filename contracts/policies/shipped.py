"""The packs that come with this release: YAML files to canonical documents and digests.

The digest covers the rules: not the sentences, the key terms, the examples, nor the day of the last look at the source.
So a better wording is the same pack, and a changed figure never is.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

FOLDER = Path(__file__).parent
NOT_RULES = frozenset({"text", "name", "key_terms", "examples", "last_verified_on"})


class Shipped(msgspec.Struct, frozen=True):
    """A pack as it is pinned and kept: `document` is its canonical JSON."""

    jurisdiction: str
    digest: str
    document: bytes


class DuplicateKeyError(yaml.YAMLError):
    """A mapping names a key twice; YAML would silently take the last."""


class _Loader(yaml.SafeLoader):
    """YAML 1.2 in what matters here: only true and false are booleans, and a key stands once."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise DuplicateKeyError(
                f"{node.start_mark.name}, line {key_node.start_mark.line + 1}: {key!r} stands twice"
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# YAML 1.1 reads on, off, yes and no as booleans.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Any:
    """Return a YAML file as JSON values; dates become ISO text. Raises yaml.YAMLError with file and line."""
    with path.open("rb") as stream:
        return _json(yaml.load(stream, Loader=_Loader))  # noqa: S506 - _Loader is a SafeLoader.


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _json(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_json(child) for child in value]
    return value.isoformat() if isinstance(value, date) else value


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


@cache
def shipped() -> Mapping[str, Shipped]:
    """Return the packs of this release by jurisdiction."""
    packs = [shipped_pack(read_yaml(path)) for path in sorted(FOLDER.glob("*.yaml"))]
    return {pack.jurisdiction: pack for pack in packs}
