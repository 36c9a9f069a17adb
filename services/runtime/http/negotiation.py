"""Which of a route's representations a client wants (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from services.runtime.refusals import Refusal

_quality = re.compile(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)\Z", re.ASCII)


@dataclass(eq=False)
class NotAcceptable(Refusal):
    """The client accepts none of the offered media types."""

    offered: str


def preferred(request: Request, offered: Sequence[str]) -> str:
    """Return the media type of the answer, one of `offered`. Raises NotAcceptable.

    The most specific range of the Accept header decides how much a type is wanted. Among types wanted equally, one that
    is named goes before one that only matches a wildcard, then the earlier in `offered`. Without the header it is the
    first. Parameters other than q and invalid ranges are ignored.
    """
    accept = ",".join(request.headers.getlist("accept"))
    if not accept.strip():
        return offered[0]
    ranges = quality_of(accept)
    wanted = [(_wanted(media_type, ranges), media_type) for media_type in offered]
    most = max(want for want, _ in wanted)
    if not most[0]:
        raise NotAcceptable(", ".join(offered))
    return next(media_type for want, media_type in wanted if want == most)


def quality_of(accepted: str) -> dict[str, float]:
    """Return how much each range or coding of an Accept header is wanted, by its name in lower case."""
    return dict(filter(None, map(_range, accepted.split(","))))


def _range(text: str) -> tuple[str, float] | None:
    """Return a media range in lower case and its q; None if q is invalid."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            quality = parameter.removeprefix("q=")
            return (name, float(quality)) if _quality.match(quality) else None
    return name, 1.0


def _wanted(media_type: str, ranges: dict[str, float]) -> tuple[float, int]:
    """Return how much a type is wanted, and how specific the range is that decides it."""
    for specific, name in ((2, media_type), (1, media_type.partition("/")[0] + "/*"), (0, "*/*")):
        if name in ranges:
            return ranges[name], specific
    return 0.0, 0
