"""A server that answers as a case's <reply> says, and records what it was asked."""

import re
import socket
import threading
import time

from curlcase import relay
from curlcase.exchange import Instructions, Request

MOST_AT_ONCE = 20  # bytes a write, so that clients see heads and bodies cut anywhere


class CaseServer:
    """Serves on a port of its own, or on a Unix socket, until it is closed."""

    def __init__(self, record, listener, tls=None, is_proxy=False):
        self.record = record
        self.listener = listener
        self.tls = tls
        self.is_proxy = is_proxy
        self.listener.listen(32)
        self.lock = threading.Lock()
        self.open = set()
        self.bounce = None
        self.case = None
        self.thread = None

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def start(self, case):
        self.case = case
        self.orders = Instructions(case.words("reply", "servercmd"))
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.open.add(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            if self.tls:
                client = self._secured(client)
            self._converse(client)
        except OSError:
            pass
        with self.lock:
            self.open.discard(client)
            if "connection-monitor" in self.orders:
                self.record.add(b"[DISCONNECT]\n")
        try:
            if self.tls:
                client.settimeout(0.2)
                client.unwrap()
            client.shutdown(socket.SHUT_WR)
        except (OSError, ValueError):
            pass
        client.close()

    def _secured(self, client):
        client.settimeout(5)
        secured = self.tls.wrap_socket(client, server_side=True)
        secured.settimeout(None)
        with self.lock:
            self.open.discard(client)
            self.open.add(secured)
        return secured

    def _converse(self, client):
        if self.orders.delay:
            time.sleep(self.orders.delay)
        data = b""
        while True:
            request = Request(data, self.orders)
            while not request.complete:
                most = 65536
                if self.orders.skip and request.head_size > 3:
                    most = max(request.size - len(data), 1)
                piece = client.recv(most)
                if not piece:
                    self._note(data)
                    return
                data += piece
                request = Request(data, self.orders)
            self._note(data[: request.size])
            data = data[request.size :]
            if not self._answer(client, request):
                return

    def _note(self, data):
        self.record.add(data)

    def _answer(self, client, request):
        """True to go on with the connection."""
        if "idle" in self.orders:
            client.recv(1)
            return False
        if "stream" in self.orders:
            while True:
                client.sendall(b"a string to stream 01234567890\n")
        part = request.part()
        with self.lock:
            if self.bounce is not None:
                part = self.bounce + 1
        tunnels = request.method == "CONNECT"
        name = ("connect" if tunnels else "data") + (str(part) if part else "")
        text = self.case.text("reply", name)
        if text is None:
            return False
        with self.lock:
            self.bounce = part if "swsbounce" in text else None
        data = text.encode("latin-1")
        for at in range(0, len(data), MOST_AT_ONCE):
            client.sendall(data[at : at + MOST_AT_ONCE])
            if self.orders.write_delay:
                time.sleep(self.orders.write_delay)
        for command in self.case.words("reply", "postcmd"):
            wait = re.match(r"wait (\d+)", command)
            if wait:
                time.sleep(int(wait.group(1)))
        if request.head.find(b"Connection: close") >= 0:
            return False
        stays = bool(data) and "swsclose" not in text and "swsclose" not in self.orders
        if stays and tunnels and self.is_proxy:
            relay.tunnel(client, request.path)
            return False
        return stays

    def close(self):
        """Ends it, once all connections are done."""
        limit = time.time() + 1
        while time.time() < limit:
            with self.lock:
                if not self.open:
                    break
            time.sleep(0.005)
        self.listener.close()
        with self.lock:
            for client in self.open:
                try:
                    client.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def tcp_server(record, tls=None, family=socket.AF_INET, is_proxy=False):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
    return CaseServer(record, listener, tls, is_proxy)


def unix_server(record, path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    return CaseServer(record, listener)
