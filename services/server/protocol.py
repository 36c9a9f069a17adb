"""HTTP below the application: even what is not an HTTP request is answered with a problem document."""

from http import HTTPStatus

import msgspec
from uuid_utils import uuid7
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.runtime.http.problems import MEDIA_TYPE, problem_document
from services.runtime.http.requests import REQUEST_ID_HEADER

MAX_HEAD_BYTES = 65_536
"""The request line and the headers together."""


class ProblemProtocol(HttpToolsProtocol):
    """uvicorn's protocol, but its refusals are problem documents and the request head has a bounded size."""

    _in_head = False
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.send_400_response(f"The request line and headers have more than {MAX_HEAD_BYTES} bytes.")

    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be parsed as a request, and close the connection."""
        body = msgspec.json.encode(problem_document("malformed-request", {"detail": msg}))
        head = (
            f"HTTP/1.1 400 {HTTPStatus.BAD_REQUEST.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\n{REQUEST_ID_HEADER.lower()}: {uuid7()}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
