"""The URL of a configured database: whether it can be one, and its name without user and password. Pure.

No message quotes any part of a URL: where a password with a reserved character is not percent-encoded, each part of the
URL may hold a piece of it.
"""

from urllib.parse import parse_qs, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")
DEFAULT_PORT = 5432
SHAPE = (
    "postgresql://user:password@host:5432/database, with every /, ?, #, : and @ of user and password percent-encoded "
    "(@ as %40)"
)


class UnusableUrl(ValueError):
    """The text is not the URL of a database. The message quotes nothing of it."""

    def __init__(self) -> None:
        super().__init__(f"it is not the URL of a database: {SHAPE}")


def check(url: str) -> str:
    """Return the URL. Raises UnusableUrl."""
    name_of(url)
    return url


def name_of(url: str) -> str:
    """Return `host:5432/database`. Raises UnusableUrl.

    As the driver reads it, the network location and the path go before the query, the last value of a name counts, and
    a database without a name is called like its user.
    """
    try:
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        user, _, location = parts.netloc.rpartition("@")
        if parts.scheme not in SCHEMES or parts.fragment or "@" in parts.path or "@" in user:
            raise UnusableUrl
        hosts = unquote(location) or query.get("host", "localhost")
        database = unquote(parts.path.removeprefix("/")) or query.get("dbname") or query.get("database")
        database = database or unquote(user.partition(":")[0]) or query.get("user", "")
        return f"{_with_ports(hosts, query.get('port', ''))}/{database}"
    except ValueError:
        raise UnusableUrl from None


def _with_ports(hosts: str, ports: str) -> str:
    """Return a list of hosts, each with its port. Raises ValueError."""
    separate = [int(port) for port in ports.split(",")] if ports else [DEFAULT_PORT]
    named = hosts.split(",")
    return ",".join(_with_port(host, separate[min(index, len(separate) - 1)]) for index, host in enumerate(named))


def _with_port(host: str, port: int) -> str:
    if host.startswith("/"):  # The folder of a socket.
        return f"{host}:{port}"
    end = host.rpartition("]")[2]  # An address of IPv6 has colons of its own.
    own = end.partition(":")[2]
    return f"{host.removesuffix(f':{own}')}:{int(own) if own else port}"
