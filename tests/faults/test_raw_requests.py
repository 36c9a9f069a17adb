"""The real server answers what is not an HTTP request with a problem document, and no other client is affected."""

import json
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from services.server.protocol import MAX_HEAD_BYTES
from tests.faults.service import Service, wait_until

REPLY_BYTES = 65_536
TIMEOUT_S = 30


MAX_FILES = 1_024
SILENT_CONNECTIONS = 1_100


@pytest.fixture(scope="module")
def running(service: Service) -> Service:
    service.max_files = MAX_FILES
    service.start_until_ready()
    return service


def reply_to(service: Service, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", service.port), TIMEOUT_S) as connection:
        connection.sendall(request)
        reply = b""
        while chunk := connection.recv(REPLY_BYTES):
            reply += chunk
    return reply


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /v1/ledgers?x=成都 HTTP/1.1",
        "GET /v1/成都 HTTP/1.1",
        "FETCH /livez HTTP/1.1",
        "GET /livez\0 HTTP/1.1",
        "hello",
    ],
)
def test_what_is_no_request_is_a_problem(running: Service, request_line: str) -> None:
    reply = reply_to(running, f"{request_line}\r\nHost: localhost\r\n\r\n".encode())
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert json.loads(body)["code"] == "malformed-request"


def test_a_head_without_end_is_cut(running: Service) -> None:
    """It need not be read to its end: the server closes once it is too long."""
    endless = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 2 * MAX_HEAD_BYTES
    assert b"head-too-large" in reply_to(running, endless)
    assert httpx.get(f"{running.url}/livez").status_code == httpx.codes.OK


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process open as many files as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_silent_connections_keep_nobody_out(running: Service) -> None:
    """More than the process may have files: who asks nothing makes room, and the log says so."""
    with ExitStack() as silent:
        for _ in range(SILENT_CONNECTIONS):
            silent.enter_context(socket.create_connection(("127.0.0.1", running.port), TIMEOUT_S))
        assert httpx.get(f"{running.url}/livez", timeout=TIMEOUT_S).status_code == httpx.codes.OK
        assert "http_connections_cut_total" in httpx.get(f"{running.url}/metrics", timeout=TIMEOUT_S).text
    wait_until(lambda: "connections cut because they were late: crowd" in running.output, "a line in the log")
