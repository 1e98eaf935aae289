"""Asks the server as fast as it answers, over a few connections that stay open."""

import re
import selectors
import socket
import time
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

CONNECTIONS = 4
PATIENCE = 30  # seconds without any answer
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Unexpected(Exception):
    """The server answered with something else than what is measured."""


def get(path: str, **headers: str) -> bytes:
    """The bytes of a GET."""
    return _request("GET", path, headers)


def post(path: str, answers: dict[str, Any]) -> bytes:
    """The bytes of a form's POST."""
    body = urlencode(answers).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    return _request("POST", path, headers) + body


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{n}: {v}" for n, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def drive(port: int, requests: Iterable[bytes], *, status: int, connections: int = CONNECTIONS) -> float:
    """Send every request as soon as a connection is free. Returns the seconds until the last answer.

    Raises Unexpected for an answer with another status.
    """
    waiting = iter(requests)
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for _ in range(connections):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            selector.register(line, selectors.EVENT_READ, bytearray())
        began = time.perf_counter()
        for key in list(selector.get_map().values()):
            _go_on(selector, key, waiting)
        while selector.get_map():
            ready = selector.select(timeout=PATIENCE)
            if not ready:
                raise Unexpected(f"no answer for {PATIENCE} seconds")
            for key, _ in ready:
                if _receive(key, status):
                    _go_on(selector, key, waiting)
        return time.perf_counter() - began


def ask(line: socket.socket, request: bytes, *, status: int) -> float:
    """The seconds that one request takes over a connection that is open already. Raises Unexpected."""
    answer = bytearray()
    began = time.perf_counter()
    line.sendall(request)
    while not _is_whole(answer):
        answer += line.recv(1 << 17)
    taken = time.perf_counter() - began
    _check(answer, status)
    return taken


def _go_on(selector: selectors.BaseSelector, key: selectors.SelectorKey, waiting: Any) -> None:
    request = next(waiting, None)
    if request is None:
        selector.unregister(key.fileobj)
    else:
        key.fileobj.sendall(request)  # type: ignore[union-attr]


def _receive(key: selectors.SelectorKey, status: int) -> bool:
    """Take in what has arrived; whether that completes the answer."""
    part = key.fileobj.recv(1 << 17)  # type: ignore[union-attr]
    key.data.extend(part)
    if not part:
        raise Unexpected("the server closed the connection")
    if not _is_whole(key.data):
        return False
    _check(key.data, status)
    key.data.clear()
    return True


def _is_whole(answer: bytearray) -> bool:
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = LENGTH.search(answer, 0, end + 2)
    return len(answer) >= end + 4 + (int(length[1]) if length else 0)


def _check(answer: bytearray, status: int) -> None:
    if int(answer[9:12]) != status:
        raise Unexpected(f"expected {status}, got: {answer[:300].decode(errors='replace')}")
