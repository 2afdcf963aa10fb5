"""HTTP/1.1 on a loopback port: one thread for each connection, closed at once when asked."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from vps_tui.sandbox.messages import Recorded
from vps_tui.sandbox.routes import STEERING, Delivery

MAX_BODY = 1_000_000
"""In bytes; the providers' own limits are not documented."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_JOIN_SECONDS = 1.0


class Listener(ThreadingHTTPServer):
    """Serves one sandbox; `respond` is called from the thread of each connection."""

    daemon_threads = True
    # The second sandbox on a port must fail, not share it.
    allow_reuse_port = False
    request_queue_size = 64

    def __init__(self, port: int, respond: Callable[[Recorded], Delivery]) -> None:
        """Bind 127.0.0.1; raises OSError when the port is taken."""
        self.respond = respond
        self.requests: list[Recorded] = []
        self.failures: list[BaseException] = []
        """What went wrong in the sandbox itself; a client that leaves is not counted."""
        self.closing = threading.Event()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._wake, self._sleeper = socket.socketpair()
        try:
            super().__init__(("127.0.0.1", port), Exchange)
        except OSError:
            self._wake.close()
            self._sleeper.close()
            raise
        # `handle_request` asks again whether a connection waits, and must not wait itself.
        self.timeout = 0

    def serve(self) -> None:
        """Accept connections until `stop`."""
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(self._sleeper, selectors.EVENT_READ)
            while not self.closing.is_set():
                selector.select()
                if not self.closing.is_set():
                    self.handle_request()

    def stop(self, accepting: threading.Thread) -> None:
        """Stop `accepting`, which runs `serve`, then end every connection, answered or not."""
        self.closing.set()
        self._wake.send(b"x")
        accepting.join()
        self.server_close()
        self._wake.close()
        self._sleeper.close()
        with self._lock:
            still_open = dict(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in still_open.values():
            thread.join(_JOIN_SECONDS)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.pop(request, None)
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET_ON_CLOSE)) == _RESET_ON_CLOSE:
            # A shutdown would send the orderly end that a reset is to replace.
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.failures.append(error)


class Exchange(BaseHTTPRequestHandler):
    """One connection."""

    server: Listener
    protocol_version = "HTTP/1.1"
    server_version = "vps-tui-sandbox"
    sys_version = ""
    # Head and body leave in one packet, and the next reply does not wait for the last one's receipt.
    wbufsize = -1
    disable_nagle_algorithm = True

    def answer(self) -> None:
        """Read one request, have it answered, and deliver the answer as it wants to be delivered."""
        body = self._read_body()
        if body is None:
            return
        media_type = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        request = Recorded(self.command, self.path, media_type, self.headers, body)
        if request.route not in STEERING:
            self.server.requests.append(request)
        self._deliver(self.server.respond(request))

    # The base class finds a method by these names.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdecimal()):
            self._refuse(411)
        elif len(length) > 9 or int(length) > MAX_BODY:
            self._refuse(413)
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                return body
            self.close_connection = True
        return None

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(status, "application/json", (("Connection", "close"),), b"{}", 2)

    def _deliver(self, delivery: Delivery) -> None:
        if self.server.closing.wait(delivery.seconds) if delivery.seconds else False:
            self.close_connection = True
            return
        if delivery.manner == "hang":
            self.server.closing.wait()
        if delivery.manner == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        if delivery.manner:
            self.close_connection = True
        if delivery.manner in ("", "truncated"):
            length = len(delivery.body)
            part = delivery.body[: length // 2] if delivery.manner else delivery.body
            self._send(delivery.status, delivery.content_type, delivery.headers, part, length)

    def _send(
        self, status: int, content_type: str, headers: tuple[tuple[str, str], ...], body: bytes, length: int
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it so)
        """Say nothing: standard error belongs to the program that runs the sandbox."""
