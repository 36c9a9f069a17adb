"""The versions of each event type: its shape in every release, and how data stored in one version reads in another.

A released shape never changes. To give a type another version, leave its struct in `catalogue.py` under another name,
write the new one beside it, and add a `Step` at the end of STEPS. It may add members, each with a plain default, and
check new events more strictly. Data stored before reads as if it had the defaults.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from msgspec import UNSET, Struct, to_builtins
from msgspec.structs import fields

from contracts.events.catalogue import ALL_TYPES, CORRECTION, Data
from contracts.events.stored import as_stored


class Step(Struct, frozen=True):
    """The end of one version of a type. `before` is its shape in that version, kept for ever: patches written in it are
    checked by it."""

    event_type: str
    before: type[Data]


class BrokenPromise(ValueError):
    """A step would change how stored data reads."""


class Versions:
    """The shapes of every type: `types` has the current ones, `steps` the earlier ones in the order of release.

    The first version of a type is 1. A correction's patch is written in the shapes of its day, so every step of any
    type starts another version of `event.corrected`: that version determines the shapes of all other types.
    """

    def __init__(self, types: Mapping[str, type[Data]] = ALL_TYPES, steps: Sequence[Step] = ()) -> None:
        """Raise BrokenPromise for a step that does more than add members with a default."""
        self.types = types
        self._steps = steps
        self._shapes = {type_: [newest] for type_, newest in types.items()}
        for step in reversed(steps):
            shapes, of_corrections = self._shapes[step.event_type], self._shapes[CORRECTION]
            _check_promises(step, shapes[0])
            shapes.insert(0, step.before)
            if step.event_type != CORRECTION:
                of_corrections.insert(0, of_corrections[0])

    def current(self, type_: str) -> int:
        """Return the version in which events of a type are written today."""
        return len(self._shapes[type_])

    def knows(self, type_: str, version: int) -> bool:
        """Say whether this release has the shape of a version, and not only a later one."""
        return version <= self.current(type_)

    def read_in(self, type_: str, version: int) -> int:
        """Return the version in which data stored in `version` is read: the current one.

        A correction keeps its own, because of its patch, and so does a version that only a later release knows.
        """
        return version if type_ == CORRECTION else max(version, len(self._shapes.get(type_, ())))

    def shape(self, type_: str, version: int) -> type[Data]:
        """Return the shape of a type in a version. A version that this release does not know yet counts as the current
        one."""
        shapes = self._shapes[type_]
        return shapes[min(version, len(shapes)) - 1]

    def of_day(self, type_: str, correction: int) -> int:
        """Return the version that a type had when corrections were written in version `correction`."""
        ended = self._steps[: correction - 1]
        return correction if type_ == CORRECTION else 1 + sum(step.event_type == type_ for step in ended)

    def upcast(self, type_: str, version: int, data: dict[str, Any], to: int | None = None) -> dict[str, Any]:
        """Return data of a version as it reads in version `to`, by default the current one. The argument is not
        changed."""
        for before, after in pairwise(self._shapes.get(type_, ())[version - 1 : to]):
            data = {**_defaults(before, after), **data}
        return data


def _check_promises(step: Step, after: type[Data]) -> None:
    if broken := "; ".join(_broken(step.before, after)):
        raise BrokenPromise(f"the next version of {step.event_type} breaks what is stored: {broken}")


def _broken(before: type[Data], after: type[Data]) -> Iterator[str]:
    kept = {member.name: member for member in fields(as_stored(after))}
    for was in fields(as_stored(before)):
        now = kept.pop(was.name, None)
        if now is None:
            yield f"it has no member {was.name}"
        elif now.type != was.type:
            yield f"{was.name} has another type than before"
        elif now.default != was.default and not was.required:
            yield f"{was.name} has another meaning when it is left out"
    for added in kept.values():
        if added.required:
            yield f"{added.name} has no default"


def _defaults(before: type[Data], after: type[Data]) -> dict[str, Any]:
    """Return the members that the later of two shapes adds, as JSON. A member whose default is UNSET adds nothing."""
    had = {member.name for member in fields(before)}
    added = {member.name: member.default for member in fields(after) if member.name not in had}
    return {name: to_builtins(value) for name, value in added.items() if value is not UNSET}


STEPS: Sequence[Step] = ()
"""The released steps, in order."""
VERSIONS = Versions(ALL_TYPES, STEPS)
"""The versions that this release knows."""
