"""Bytes from one connection to another and back: what tunnels and SOCKS servers do once they are asked."""

import socket
import threading


def _copy(source, sink):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
    except OSError:
        pass
    try:
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def both_ways(one, other):
    """Until both sides have ended."""
    back = threading.Thread(target=_copy, args=(other, one), daemon=True)
    back.start()
    _copy(one, other)
    back.join(5)
    other.close()


def tunnel(client, target):
    """To the port that a CONNECT names, on this machine whatever the host."""
    port = target.rpartition(":")[2]
    if not port.isdigit() or not 0 < int(port) < 65536:
        return
    try:
        server = socket.create_connection(("127.0.0.1", int(port)), 5)
    except OSError:
        return
    server.settimeout(None)
    both_ways(client, server)
