"""How much room is left where the embedded database lies."""

import shutil
from pathlib import Path

LITTLE_DISK_BYTES = 2 * 1024**3
TOO_LITTLE_DISK_BYTES = 200 * 1024**2
MAKE_ROOM = "make room: PostgreSQL stops when the disk is full"


def room_at(folder: Path) -> tuple[int, str]:
    """Return the free bytes at a folder, and a phrase about them."""
    usage = shutil.disk_usage(folder)
    return usage.free, f"{usage.free / 1024**3:.1f} GiB of {usage.total / 1024**3:.1f} are free at {folder}"


def why_full(data: Path) -> str | None:
    """Return what to do if the embedded database of a data folder has too little room; None if it has enough, or there
    is none."""
    folder = data / "postgres"
    if not folder.exists():
        return None
    free_bytes, phrase = room_at(folder)
    return f"{phrase}: {MAKE_ROOM}" if free_bytes < TOO_LITTLE_DISK_BYTES else None
