"""`/version`: which release answers, and by what it judges."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from contracts.policies.language import LANGUAGE
from contracts.policies.shipped import shipped
from services.core.rules.engine import ENGINE
from services.runtime.release import RELEASE

EXAMPLE_DIGEST = "sha256:0b0b7c7d1f0c2f6c8c9f0f5b1f0d3a0e6e8a4b0c1d2e3f405162738495a6b7c8"

router = APIRouter(tags=["operations"])


class Version(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"release": RELEASE, "engine": ENGINE, "language": LANGUAGE, "packs": {"100000": EXAMPLE_DIGEST}}
            ]
        }
    )
    release: Annotated[str, Field(description="The release of this service.")]
    engine: Annotated[int, Field(description="The number of the code that judges: it rises when a judgement changes.")]
    language: Annotated[int, Field(description="The newest version of the language that packs are written in.")]
    packs: Annotated[
        dict[str, str], Field(description="The digest of each place's pack in this release. A ledger keeps its own.")
    ]


@router.get("/version", summary="Which release answers, and by what does it judge?")
async def read_version() -> Version:
    """Two services with the same packs and engine give the same answers."""
    digests = {place: pack.digest for place, pack in sorted(shipped().items())}
    return Version(release=RELEASE, engine=ENGINE, language=LANGUAGE, packs=digests)
