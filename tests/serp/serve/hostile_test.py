"""Requests that are malformed, too large, meant for smuggling, or slow are refused, and the server goes on answering.

usage: hostile_test.py BIN_DIR
"""
import socket

from server import check, client, main, origin, serve

POST = "POST /v1/task HTTP/1.1\r\nHost: localhost\r\n"
GET = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
# What is sent, and the status that must come back. Each ends the connection: what follows is not served.
refused = {
    "no HTTP": ("hello\r\n\r\n", 400),
    "a TLS handshake": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "HTTP/0.9": ("GET /healthz\r\n\r\n", 400),
    "HTTP/3.0": ("GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n", 505),
    "no Host": ("GET /healthz HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (GET + "Host: localhost\r\n\r\n", 400),
    "a Host with a user": ("GET /healthz HTTP/1.1\r\nHost: a@localhost\r\n\r\n", 400),
    "Host differs from the target": ("GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "both lengths": (POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
    "a list of lengths": (POST + "Content-Length: 5, 6\r\n\r\nhello", 400),
    "a signed length": (POST + "Content-Length: +5\r\n\r\nhello", 400),
    "a negative length": (POST + "Content-Length: -1\r\n\r\n", 400),
    "a length in hexadecimal": (POST + "Content-Length: 0x5\r\n\r\nhello", 400),
    "a length beyond all numbers": (POST + "Content-Length: 99999999999999999999\r\n\r\n", 400),
    "chunked twice": (POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", None),
    "chunked under another name": (POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", None),
    "chunked that is not last": (POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", None),
    "a space before the colon": (POST + "Content-Length : 5\r\n\r\nhello", 400),
    "a folded line": (GET + "X-A: a\r\n b\r\n\r\n", 400),
    "a bare LF": ("GET /healthz HTTP/1.1\nHost: localhost\n\n", 400),
    "a bare CR": (GET + "X-A: a\rb\r\n\r\n", 400),
    "NUL in a value": (GET + "X-A: a\x00b\r\n\r\n", 400),
    "a name that is none": (GET + "X A: b\r\n\r\n", 400),
    "a space before the method": (" GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "two spaces": ("GET  /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "a target that is no path": ("GET healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "CONNECT": ("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n", 501),
    "an expectation": (POST + "Expect: coffee\r\nContent-Length: 1\r\n\r\nx", 417),
    "a long line": ("GET /" + "x" * 20_000 + " HTTP/1.1\r\n", 414),
    "a large header": (GET + "".join(f"X-{i}: {'x' * 8000}\r\n" for i in range(10)), 431),
    "many fields": (GET + "".join(f"X-{i}: x\r\n" for i in range(200)) + "\r\n", 431),
    "a large body": (POST + "Content-Length: 999999999\r\n\r\n", 413),
    "a chunk size that is none": (POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", 400),
    "a chunk that is longer": (POST + "Transfer-Encoding: chunked\r\n\r\n1\r\nhello\r\n0\r\n\r\n", 400),
    "a chunk beyond all numbers": (POST + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n0\r\n\r\n", 400),
}


def talk(server, text):
    """All that comes back; what comes after the first answer is served only to a request that was smuggled in."""
    with socket.create_connection(server.address(), timeout=60) as connection:
        connection.sendall(text.encode("latin1"))
        try:
            connection.sendall((GET + "X-Smuggled: yes\r\n\r\n").encode())
        except OSError:
            pass
        got = b""
        try:
            while piece := connection.recv(65536):
                got += piece
        except ConnectionError:
            pass
        return got.decode("latin1")


def test(bin_dir):
    site = origin(bin_dir)
    server = serve(bin_dir, site)
    try:
        for name, (text, status) in refused.items():
            got = talk(server, text)
            code = int(got[9:12]) if got.startswith("HTTP/1.1 ") else 0
            if status is None:
                check(code in (400, 501), f"{name}: {got[:200]}")
            else:
                check(code == status, f"{name}: {code}, not {status}: {got[:200]}")
            check(got.count("HTTP/1.1 ") == 1, f"{name}: what followed was served: {got}")
        # Slow ones hold their connections, and nobody else's.
        slow = []
        for i in range(200):
            connection = socket.create_connection(server.address(), timeout=60)
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
            slow.append(connection)
        api = client(server)
        for _ in range(100):
            check(api.call("GET", "/healthz").status == 200, "it still answers")
        check(api.call("POST", "/v1/scrape", {"engine": "google", "q": "x"}).status == 200, "it still works")
        for connection in slow:
            connection.close()
        check(server.end() == 0, server.said)
        # More tasks than may wait are refused, all of a batch or none.
        server.kill()
        server = serve(bin_dir, site, "--max-waiting", "3", "--rate", "0.001")
        api = client(server)
        tasks = [{"engine": "google", "q": f"q{i}"} for i in range(5)]
        refusal = api.call("POST", "/v1/task/batch", {"tasks": tasks})
        check(refusal.status == 503 and refusal.json()["error"]["code"] == "queue_full", refusal.json())
        taken = api.call("POST", "/v1/task/batch", {"tasks": tasks[:3]})
        check(taken.status == 202 and len(taken.json()["tasks"]) == 3, taken.json())
    finally:
        server.kill()
        site.kill()


main(test)
