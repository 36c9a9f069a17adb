"""The real server answers what is not an HTTP request with a problem document, and no other client is affected."""

import json
import socket

import httpx
import pytest

from services.server.protocol import MAX_HEAD_BYTES
from tests.faults.service import Service

REPLY_BYTES = 65_536
TIMEOUT_S = 30


@pytest.fixture(scope="module")
def running(service: Service) -> Service:
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
    endless = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * (MAX_HEAD_BYTES + 1)
    assert b"malformed-request" in reply_to(running, endless)
    assert httpx.get(f"{running.url}/livez").status_code == httpx.codes.OK
