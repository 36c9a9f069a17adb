"""The bench loses no figure and no failure, and compares what is comparable."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from bench.client import HOST, Client, NotAnswered

DEADLINE_S = 10.0


def test_a_client_connects_again_after_the_server_has_closed_its_connection() -> None:
    with hanging_up() as (port, hung_up):
        plain = HTTPConnection(HOST, port)
        plain.request("GET", "/")
        plain.getresponse().read()
        assert hung_up.acquire(timeout=DEADLINE_S)
        plain.request("GET", "/")
        with pytest.raises(ConnectionError):
            plain.getresponse()
        plain.close()
        client = Client(port)
        for _ in range(3):
            assert client.ask("/") > 0
            assert hung_up.acquire(timeout=DEADLINE_S)
        with pytest.raises(NotAnswered):
            client.ask("/missing")
        client.close()


def test_a_client_fails_if_the_server_is_gone() -> None:
    with hanging_up() as (port, hung_up):
        client = Client(port)
        client.ask("/")
        assert hung_up.acquire(timeout=DEADLINE_S)
    with pytest.raises(ConnectionRefusedError):
        client.ask("/")


@contextmanager
def hanging_up() -> Iterator[tuple[int, threading.Semaphore]]:
    """A server that closes each connection after one answer without saying so, as others do after an idle while.

    Yields its port, and a semaphore released at each close.
    """
    hung_up = threading.Semaphore(0)
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked = b""
                while not asked.endswith(b"\r\n\r\n") and (more := connection.recv(4096)):
                    asked += more
                status = b"404 Not Found" if b"/missing" in asked else b"200 OK"
                connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
            hung_up.release()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], hung_up
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
