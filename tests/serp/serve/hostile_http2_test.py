"""HTTP/2 requests and frames that are malformed, or come in floods, are refused, and the server goes on answering.

usage: hostile_http2_test.py BIN_DIR
"""
import socket

from server import check, client, main, origin, serve

DATA, HEADERS, PRIORITY, RESET, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END, END_HEADERS, PADDED = 1, 4, 8
PROTOCOL, FLOW, SIZE, COMPRESSION, CALM = 1, 3, 6, 9, 11


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def field(name, value):
    """A literal that is not remembered, without Huffman's code (RFC 7541, 6.2.2)."""
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def setting(number, value):
    return frame(SETTINGS, 0, 0, number.to_bytes(2, "big") + value.to_bytes(4, "big"))


def ask(block, stream=1, flags=END | END_HEADERS):
    return frame(HEADERS, flags, stream, block)


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, b"")
GET, POST, HTTP = b"\x82", b"\x83", b"\x86"
PATH, AUTHORITY = field(b":path", b"/healthz"), field(b":authority", b"127.0.0.1")
head = GET + HTTP + PATH + AUTHORITY
post = POST + HTTP + field(b":path", b"/v1/task") + AUTHORITY


def with_body(length, body):
    return ask(post + field(b"content-length", length), flags=END_HEADERS) + frame(DATA, END, 1, body)


# What is sent, and what must come of stream 1: a status, or None for a reset. The connection goes on.
refused = {
    "a name in upper case": (ask(head + field(b"X-Upper", b"a")), None),
    "a name with a space": (ask(head + field(b"x a", b"a")), None),
    "a name that is empty": (ask(head + field(b"", b"a")), None),
    "connection": (ask(head + field(b"connection", b"close")), None),
    "keep-alive": (ask(head + field(b"keep-alive", b"5")), None),
    "proxy-connection": (ask(head + field(b"proxy-connection", b"close")), None),
    "transfer-encoding": (ask(head + field(b"transfer-encoding", b"chunked")), None),
    "upgrade": (ask(head + field(b"upgrade", b"websocket")), None),
    "te that is not trailers": (ask(head + field(b"te", b"gzip")), None),
    "CR LF in a value": (ask(head + field(b"x", b"a\r\nx-smuggled: b")), None),
    "LF in a value": (ask(head + field(b"x", b"a\nb")), None),
    "NUL in a value": (ask(head + field(b"x", b"a\0b")), None),
    "no :method": (ask(HTTP + PATH + AUTHORITY), None),
    "no :scheme": (ask(GET + PATH + AUTHORITY), None),
    "no :path": (ask(GET + HTTP + AUTHORITY), None),
    "an empty :path": (ask(GET + HTTP + field(b":path", b"") + AUTHORITY), None),
    ":path without a slash": (ask(GET + HTTP + field(b":path", b"healthz") + AUTHORITY), None),
    ":path with a host": (ask(GET + HTTP + field(b":path", b"http://evil.example/") + AUTHORITY), None),
    "an empty :authority": (ask(GET + HTTP + PATH + field(b":authority", b"")), None),
    "neither :authority nor host": (ask(GET + HTTP + PATH), None),
    "two :method": (ask(head + POST), None),
    "two :path": (ask(head + PATH), None),
    "two :authority": (ask(head + AUTHORITY), None),
    "an unknown pseudo-header": (ask(head + field(b":smuggled", b"a")), None),
    ":status in a request": (ask(head + field(b":status", b"200")), None),
    "a pseudo-header behind a field": (ask(GET + HTTP + PATH + field(b"x", b"a") + AUTHORITY), None),
    "a pseudo-header in trailers": (ask(post, flags=END_HEADERS) + ask(PATH), None),
    "a length and no body": (ask(post + field(b"content-length", b"5")), None),
    "a body shorter than its length": (with_body(b"5", b"abc"), None),
    "a body longer than its length": (with_body(b"5", b"abcdefgh"), None),
    "two lengths": (ask(post + field(b"content-length", b"0") * 2), None),
    "a signed length": (with_body(b"+5", b"hello"), None),
    "a length beyond all numbers": (with_body(b"9" * 20, b"hello"), None),
    "host differs from :authority": (ask(head + field(b"host", b"evil.example")), 400),
    "an :authority with a user": (ask(GET + HTTP + PATH + field(b":authority", b"a@127.0.0.1")), 400),
    "CONNECT": (ask(field(b":method", b"CONNECT") + field(b":authority", b"localhost:80")), 501),
    "an expectation": (ask(post + field(b"expect", b"coffee")), 417),
    "many fields": (ask(head + b"".join(field(b"x-%d" % i, b"x") for i in range(500))), 431),
    # A field of 1,000 bytes that is remembered, and then its number again and again: 10 MB of 11 kB.
    "an HPACK bomb": (ask(head + b"\x40\x01a\x7f\xe9\x06" + b"v" * 1000 + b"\xbe" * 10_000), 431),
}
# What ends the whole connection, and the error that it must end with, if there is but one.
fatal = {
    "no HTTP/2": (b"\xff" * 100_000, SIZE),
    "a frame too large": (b"\xff\xff\xff\0\0\0\0\0\1" + b"x" * 100_000, SIZE),
    "HEADERS of stream 0": (ask(head, 0), PROTOCOL),
    "HEADERS of an even stream": (ask(head, 2), PROTOCOL),
    "DATA of stream 0": (frame(DATA, END, 0, b"a"), PROTOCOL),
    "DATA of a stream that never was": (frame(DATA, END, 5, b"a"), PROTOCOL),
    "a reset of a stream that never was": (frame(RESET, 0, 5, b"\0\0\0\x08"), PROTOCOL),
    "CONTINUATION of nothing": (frame(CONTINUATION, END_HEADERS, 1, head), PROTOCOL),
    "a frame within a header": (ask(head, flags=END) + frame(PING, 0, 0, b"12345678"), PROTOCOL),
    "another stream within a header": (ask(head, flags=END) + frame(CONTINUATION, END_HEADERS, 3, b""), PROTOCOL),
    "PUSH_PROMISE of a client": (frame(PUSH, END_HEADERS, 1, b"\0\0\0\2" + head), PROTOCOL),
    "padding longer than its frame": (ask(post, flags=END_HEADERS) + frame(DATA, PADDED, 1, b"\xffabc"), PROTOCOL),
    "SETTINGS of a stream": (frame(SETTINGS, 0, 1, b""), PROTOCOL),
    "SETTINGS of five bytes": (frame(SETTINGS, 0, 0, b"\0" * 5), SIZE),
    "an acknowledgement with settings": (frame(SETTINGS, 1, 0, b"\0" * 6), SIZE),
    "ENABLE_PUSH of 2": (setting(2, 2), PROTOCOL),
    "a window beyond 2^31": (setting(4, 2**31), FLOW),
    "frames of no bytes at most": (setting(5, 0), PROTOCOL),
    "PING of seven bytes": (frame(PING, 0, 0, b"1234567"), SIZE),
    "a window that grows by nothing": (frame(WINDOW, 0, 0, b"\0" * 4), PROTOCOL),
    "a window that grows too large": (frame(WINDOW, 0, 0, b"\x7f\xff\xff\xff"), FLOW),
    "a field of number 0": (ask(head + b"\x80"), COMPRESSION),
    "a field of a number that is none": (ask(head + b"\xfe"), COMPRESSION),
    "a number without end": (ask(head + b"\xff" * 20), COMPRESSION),
    "a string longer than its header": (ask(head + b"\0\x7fa"), COMPRESSION),
    "a table larger than agreed": (ask(b"\x3f\xff\xff\x7f" + head), COMPRESSION),
    "a stream that waits for itself": (frame(PRIORITY, 0, 1, b"\0\0\0\1\1"), PROTOCOL),
    "rapid reset": (b"".join(ask(head, 1 + 2 * i) + frame(RESET, 0, 1 + 2 * i, b"\0\0\0\x08") for i in range(20_000)), CALM),
    "CONTINUATION without end": (ask(head, flags=END) + frame(CONTINUATION, 0, 1, field(b"a", b"b")) * 50_000, None),
    "a flood of SETTINGS": (frame(SETTINGS, 0, 0, b"") * 50_000, CALM),
    "a flood of PING": (frame(PING, 0, 0, b"12345678") * 50_000, CALM),
    "a flood of empty DATA": (ask(post, flags=END_HEADERS) + frame(DATA, 0, 1, b"") * 50_000, CALM),
    "a flood of PRIORITY": (frame(PRIORITY, 0, 1, b"\0\0\0\0\1") * 50_000, CALM),
    "a flood of WINDOW_UPDATE": (frame(WINDOW, 0, 0, b"\0\0\0\1") * 50_000, CALM),
    "a flood of frames of no known type": (frame(0xEE, 0, 0, b"") * 50_000, CALM),
}


def status(block):
    """The :status that begins an answer's header: a number of RFC 7541's table, or a literal."""
    known = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}
    while block[0] >> 5 == 1:  # the table's size
        block = block[1:]
    if block[0] & 0x80:
        return known[block[0] & 0x7F]
    size, text = block[1] & 0x7F, block[2:]
    if not block[1] & 0x80:
        return int(text[:size])
    bits, digits = "".join(f"{byte:08b}" for byte in text[:size]), ""
    while len(digits) < 3:  # 0 to 2 have five bits, 3 to 9 have six
        width = 5 if bits[:5] in ("00000", "00001", "00010") else 6
        digits += str(int(bits[:width], 2) - (0 if width == 5 else 0b011001 - 3))
        bits = bits[width:]
    return int(digits)


def talk(server, sent, until):
    """What comes back, as (statuses of streams, streams that were reset, the error of GOAWAY), up to an outcome of stream `until`."""
    statuses, resets, farewell, got = {}, set(), None, b""
    with socket.create_connection(server.address(), timeout=60) as connection:
        try:
            connection.sendall(PREFACE + sent)
            connection.shutdown(socket.SHUT_WR) if until is None else None
        except OSError:
            pass  # it has been cut off already
        while until is None or (until not in statuses and until not in resets):
            try:
                piece = connection.recv(65536)
            except ConnectionError:
                break
            if not piece:
                break
            got += piece
            while len(got) >= 9 and len(got) >= (end := 9 + int.from_bytes(got[:3], "big")):
                kind, stream, payload = got[3], int.from_bytes(got[5:9], "big"), got[9:end]
                if kind == HEADERS:
                    statuses.setdefault(stream, status(payload))
                elif kind == RESET:
                    resets.add(stream)
                elif kind == GOAWAY:
                    farewell = int.from_bytes(payload[4:8], "big")
                got = got[end:]
    return statuses, resets, farewell


def test(bin_dir):
    site = origin(bin_dir)
    server = serve(bin_dir, site, "--contexts", "2")
    try:
        api = client(server)
        for name, (sent, wanted) in refused.items():
            statuses, resets, farewell = talk(server, sent + ask(head, 3), 3)
            came = f"{name}: {statuses}, reset {resets}, GOAWAY {farewell}"
            check(statuses.get(1) == wanted, f"{came}, not {wanted}")
            check(wanted is not None or 1 in resets, came)
            check(statuses.get(3) == 200, f"{came}: the connection does not go on")
        check(api.call("GET", "/v1/tasks").json()["tasks"] == [], "no task was made of them")
        for name, (sent, wanted) in fatal.items():
            statuses, resets, farewell = talk(server, sent, None)
            check(wanted is None or farewell in (wanted, None), f"{name}: GOAWAY {farewell}, not {wanted}")
            check(len(sent) > 10_000 or farewell is not None, f"{name}: no GOAWAY; {statuses}, reset {resets}")
            check(api.call("GET", "/healthz").status == 200, f"{name}: the server goes on")
        # Those whose window is shut hold their connections, and nobody else's.
        stalled = []
        for _ in range(50):
            connection = socket.create_connection(server.address(), timeout=60)
            connection.sendall(PREFACE + setting(4, 0) + b"".join(ask(head, 1 + 2 * i) for i in range(50)))
            stalled.append(connection)
        for _ in range(100):
            check(api.call("GET", "/healthz").status == 200, "it still answers")
        check(api.call("POST", "/v1/scrape", {"engine": "google", "q": "x"}).status == 200, "it still works")
        for connection in stalled:
            connection.close()
        check(server.end() == 0, server.said)
    finally:
        server.kill()
        site.kill()


main(test)
