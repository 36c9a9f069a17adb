"""One client of an HTTP server on this machine, on one connection that it keeps alive."""

import time
from http import HTTPStatus
from http.client import HTTPConnection

HOST = "127.0.0.1"
TIMEOUT_S = 60.0


class NotAnswered(Exception):
    """The server answered with a status other than 200."""


class Client:
    """Sends one GET after another."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=TIMEOUT_S)

    def ask(self, path: str) -> float:
        """Return the seconds from the first byte sent to the last one read, without connecting.

        Raises NotAnswered, or what connecting raises.
        """
        try:
            return self._ask(path)
        except ConnectionError:
            # A server closes a connection that has been idle too long, which shows only at the next request. That
            # request is sent, and timed, again on a new connection.
            self.close()
            return self._ask(path)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, path: str) -> float:
        if self._connection.sock is None:
            self._connection.connect()
        began = time.perf_counter()
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        response.read()
        took = time.perf_counter() - began
        if response.status != HTTPStatus.OK:
            raise NotAnswered(f"GET {path} gave {response.status}")
        return took
