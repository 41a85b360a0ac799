"""A server of SOCKS 4, 4a and 5 that reaches this machine whatever it is asked for, as a case's <servercmd> says."""

import socket
import struct
import threading

from curlcase import relay

NUMBERS = {"version": 5, "nmethods_min": 1, "nmethods_max": 3, "method": 0, "response": 0, "backendport": 0}


class Refused(Exception):
    """The client said what it should not: the connection ends."""


def exactly(client, size):
    data = b""
    while len(data) < size:
        piece = client.recv(size - len(data))
        if not piece:
            raise Refused
        data += piece
    return data


def until_nul(client):
    data = b""
    while not data.endswith(b"\0"):
        data += exactly(client, 1)
        if len(data) > 256:
            raise Refused
    return data


class SocksServer:
    def __init__(self, record, listener):
        self.record = record
        self.listener = listener
        self.listener.listen(8)

    @property
    def port(self):
        return self.listener.getsockname()[1]

    def start(self, case):
        self.orders = {"user": "", "password": "", "backend": "127.0.0.1", **NUMBERS}
        for line in case.words("reply", "servercmd"):
            name, _, value = line.partition(" ")
            if name in self.orders:
                self.orders[name] = int(value) if name in NUMBERS else value
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            client.settimeout(10)
            version = exactly(client, 1)[0]
            server = self._socks4(client) if version == 4 else self._socks5(client, version)
            client.settimeout(None)
            if server:
                relay.both_ways(client, server)
        except (Refused, OSError):
            pass
        client.close()

    def _reach(self, port):
        try:
            server = socket.create_connection((self.orders["backend"], self.orders["backendport"] or port), 5)
            server.settimeout(None)
            return server
        except OSError:
            return None

    def _socks4(self, client):
        head = exactly(client, 7)
        if head[0] != 1:
            raise Refused
        until_nul(client)
        if head[3:6] == b"\0\0\0" and head[6]:
            until_nul(client)
        server = self._reach(struct.unpack(">H", head[1:3])[0])
        client.sendall(bytes([0, 90 if server else 91]) + head[1:7])
        return server

    def _sign_in(self, client):
        version, size = exactly(client, 2)
        user = exactly(client, size)
        password = exactly(client, exactly(client, 1)[0])
        good = user.decode("latin-1") == self.orders["user"] and password.decode("latin-1") == self.orders["password"]
        client.sendall(bytes([1, 0 if good else 1]))
        if version != 1 or not good:
            raise Refused

    def _socks5(self, client, version):
        count = exactly(client, 1)[0]
        exactly(client, count)
        if version != self.orders["version"] or not self.orders["nmethods_min"] <= count <= self.orders["nmethods_max"]:
            raise Refused
        client.sendall(bytes([5, self.orders["method"]]))
        if self.orders["method"] == 2:
            self._sign_in(client)
        version, command, reserved, kind = exactly(client, 4)
        if version != self.orders["version"] or command != 1 or reserved or kind not in (1, 3, 4):
            raise Refused
        address = exactly(client, 1) if kind == 3 else b""
        address += exactly(client, {1: 4, 3: address[0] if address else 0, 4: 16}[kind])
        shown = {1: ".".join(map(str, address)), 3: address[1:].decode("latin-1"), 4: address.hex(" ")}[kind]
        self.record.add(("atyp %d => %s\n" % (kind, shown)).encode("latin-1"))
        port = exactly(client, 2)
        server = None if self.orders["response"] else self._reach(struct.unpack(">H", port)[0])
        answer = self.orders["response"] if server or self.orders["response"] else 1
        client.sendall(bytes([5, answer, 0, kind]) + address + port)
        return server

    def close(self):
        self.listener.close()


def tcp_server(record):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    return SocksServer(record, listener)


def unix_server(record, path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    return SocksServer(record, listener)
