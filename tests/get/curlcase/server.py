"""A server that answers as a case's <reply> says, and records what it was asked."""

import re
import socket
import threading
import time

MOST_AT_ONCE = 20  # bytes a write, so that clients see heads and bodies cut anywhere


class Instructions:
    """<servercmd>."""

    def __init__(self, lines):
        self.flags = {line for line in lines if ":" not in line}
        numbers = dict(line.split(":", 1) for line in lines if re.match(r"^\w+: *\d+$", line))
        self.skip = int(numbers.get("skip", 0))
        self.delay = int(numbers.get("delay", 0)) / 1000
        self.write_delay = int(numbers.get("writedelay", 0)) / 1000

    def __contains__(self, flag):
        return flag in self.flags


class Request:
    """What has come of one."""

    def __init__(self, data, orders):
        self.head_size = data.find(b"\r\n\r\n") + 4
        self.head = data[: max(self.head_size, 0)]
        self.complete = self.head_size > 3
        if not self.complete:
            return
        line = self.head.split(b"\r\n", 1)[0]
        self.method = line.split(b" ")[0].decode("latin-1")
        self.path = b" ".join(line.split(b" ")[1:-1]).decode("latin-1")
        self.authorized = b"Authorization:" in data
        if "auth_required" in orders and not self.authorized:
            self.size = len(data)
            return
        if "no-expect" in orders and re.search(rb"\nExpect: 100-continue", self.head, re.I):
            self.size = len(data)
        elif re.search(rb"\nTransfer-Encoding: chunked", self.head, re.I):
            end = re.search(rb"\r\n0\r\n(?:[^\r\n]+\r\n)*\r\n", data[self.head_size - 2 :])
            self.complete = end is not None
            self.size = self.head_size - 2 + end.end() if end else 0
        else:
            length = re.search(rb"\nContent-Length: *(\d+)", self.head, re.I)
            self.size = self.head_size + (max(int(length.group(1)) - orders.skip, 0) if length else 0)
            if orders.skip:
                self.size = max(self.size, min(len(data), self.size))
            self.complete = len(data) >= self.size

    def part(self):
        """Which <data> it asks for: none for the case's number in the path, 2 for that number and 0002."""
        digits = re.match(r"\d+", self.path[self.path.rfind("/") + 1 :])
        asked = int(digits.group(0)) if digits else 0
        part = asked % 10000 if asked > 10000 else 0
        if b"Authorization: Digest" in self.head:
            part += 1000
        elif b"Authorization: NTLM TlRMTVNTUAAD" in self.head:
            part += 1002
        elif b"Authorization: NTLM TlRMTVNTUAAB" in self.head:
            part += 1001
        elif part >= 1000 and b"Authorization: Basic" in self.head:
            part += 1
        return part


class Record:
    """What the servers of a case were asked, in the order in which it came."""

    def __init__(self):
        self.lock = threading.Lock()
        self.data = b""

    def add(self, data):
        with self.lock:
            self.data += data


class CaseServer:
    """Serves on a port of its own, or on a Unix socket, until it is closed."""

    def __init__(self, record, listener, tls=None):
        self.record = record
        self.listener = listener
        self.tls = tls
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
        name = ("connect" if request.method == "CONNECT" else "data") + (str(part) if part else "")
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
        return bool(data) and "swsclose" not in text and "swsclose" not in self.orders

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


def tcp_server(record, tls=None, family=socket.AF_INET):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
    return CaseServer(record, listener, tls)


def unix_server(record, path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    return CaseServer(record, listener)
