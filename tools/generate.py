"""Generate from the code what others rely on: schemas, pack digests, OpenAPI, reference pages.

`make contracts` writes; `make lint` runs it with --check, which writes nothing and fails where a file would change.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import contracts
from contracts.events.catalogue import ALL_TYPES
from contracts.events.schema import event_schema, schema_name
from contracts.policies.shipped import shipped
from services.core.answers.language_schema import pack_schema
from services.core.answers.schema import answer_schemas
from services.runtime.settings import Settings
from services.server.app import create_app
from tools.clauses import LINES, ClauseDisagreement
from tools.reference import clause_reference, event_reference, mistake_reference

ROOT = Path(contracts.__file__).parent


def generated(clause_lines: Path = LINES) -> Mapping[Path, str]:
    """Return every generated file with its content. Raises ClauseDisagreement."""
    files = {ROOT / "schemas" / "events" / f"{schema_name(name)}.json": _json(event_schema(name)) for name in ALL_TYPES}
    files[ROOT / "schemas" / "policy_pack.json"] = _json(pack_schema())
    for name, schema in answer_schemas().items():
        files[ROOT / "schemas" / "answers" / f"{name}.json"] = _json(schema)
    files[ROOT / "policies" / "digests.json"] = _json({place: pack.digest for place, pack in shipped().items()})
    files[ROOT.parent / "docs" / "reference" / "events.md"] = event_reference()
    files[ROOT.parent / "docs" / "reference" / "mistakes.md"] = mistake_reference()
    files[ROOT.parent / "docs" / "reference" / "clauses.md"] = clause_reference(clause_lines)
    app = create_app(Settings(database_url="postgresql://not.opened"))
    files[ROOT / "openapi" / "openapi.json"] = _json(app.openapi())
    return files


def main(arguments: list[str], clause_lines: Path = LINES) -> int:
    """Return 0 if all files are current or written, 1 if --check finds drift or the clauses disagree."""
    try:
        files = generated(clause_lines)
    except ClauseDisagreement as error:
        sys.stderr.write(f"docs/policies/clauses.yaml disagrees with the register, the packs or the events:\n{error}\n")
        return 1
    drifted = [path for path, content in files.items() if not path.exists() or path.read_text() != content]
    if "--check" in arguments:
        for path in drifted:
            sys.stderr.write(f"{path.relative_to(ROOT.parent)} is out of date: run `make contracts`\n")
        return 1 if drifted else 0
    for path in drifted:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path])
        sys.stdout.write(f"wrote {path.relative_to(ROOT.parent)}\n")
    return 0


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
