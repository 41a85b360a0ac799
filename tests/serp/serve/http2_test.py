"""The API over HTTP/2: TLS with ALPN and prior knowledge, by curl and nghttp; hostile frames; a drain.

usage: http2_test.py BIN_DIR
"""
import json, os, shutil, socket, subprocess, tempfile

from server import check, client, main, origin, serve


def curl(*arguments):
    form = "\n%{http_version} %{response_code}"
    got = subprocess.run(["curl", "-sS", "--max-time", "60", "-w", form, *arguments], capture_output=True, text=True)
    check(got.returncode == 0, f"{arguments}: {got.stderr}")
    body, _, last = got.stdout.rpartition("\n")
    return (body, *last.split())


def certificate(folder):
    chain, key = os.path.join(folder, "chain.pem"), os.path.join(folder, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out",
                    chain], check=True, capture_output=True)
    return chain, key


def over_tls(bin_dir, site, folder):
    chain, key = certificate(folder)
    server = serve(bin_dir, site, "--cert", chain, "--key", key, "--contexts", "2")
    try:
        for option, version in [("--http2", "2"), ("--http1.1", "1.1")]:
            body, spoken, status = curl("--cacert", chain, option, server.url + "/v1/scrape", "-d", "engine=google", "-d", "q=owls")
            check((spoken, status) == (version, "200") and json.loads(body)["search_parameters"]["q"] == "owls", body[:200])
        got = subprocess.run([f"{bin_dir}/braid-get", "--cacert", chain,
                              server.url + "/healthz"], capture_output=True, text=True)
        check(got.returncode == 0 and json.loads(got.stdout) == {"status": "ok"}, got.stderr)
        check(server.end() == 0, server.said)
    finally:
        server.kill()


def without_tls(server, api):
    know = "--http2-prior-knowledge"
    body, spoken, status = curl(know, server.url + "/v1/task", "-d", "engine=google", "-d", "q=larks")
    check((spoken, status) == ("2", "202"), body)
    task = json.loads(body)["id"]
    events, spoken, status = curl(know, "-N", f"{server.url}/v1/task/{task}/events")
    check(spoken == "2" and '"status":"done"' in events, events)
    large = {"tasks": [{"engine": "bing", "q": f"bird {i}"} for i in range(2000)]}
    with tempfile.NamedTemporaryFile("w") as file:
        json.dump(large, file)
        file.flush()
        body, spoken, status = curl(know, server.url + "/v1/task/batch", "-d", "@" + file.name)
        check((spoken, status) == ("2", "202") and json.loads(body)["accepted"] == 2000, body[:200])
    check(curl(know, "-I", server.url + "/healthz")[2] == "200", "HEAD")
    if shutil.which("nghttp"):
        got = subprocess.run(["nghttp", "-v", "-n", server.url + "/healthz"], capture_output=True, text=True, timeout=60)
        check(":status: 200" in got.stdout, got.stdout[-400:])
    if shutil.which("h2load"):
        got = subprocess.run(["h2load", "-n", "2000", "-c", "10", "-m", "20", f"{server.url}/v1/task/{task}"], capture_output=True,
                             text=True, timeout=120)
        check("2000 succeeded" in got.stdout and "2000 2xx" in got.stdout, got.stdout)
    check(api.call("GET", f"/v1/task/{task}").status == 200, "HTTP/1.1 beside it")


def frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def hostile(server, api):
    """Each ends its own connection; the server goes on."""
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"")
    field = lambda name, value: b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value
    head = b"\x82\x86\x84" + field(b":authority", b"127.0.0.1")
    floods = {
        "rapid reset": b"".join(frame(1, 5, 1 + 2 * i, head) + frame(3, 0, 1 + 2 * i, b"\0\0\0\x08") for i in range(20_000)),
        "CONTINUATION": frame(1, 1, 1, head) + frame(9, 0, 1, field(b"a", b"b")) * 50_000,
        "SETTINGS": frame(4, 0, 0, b"") * 50_000,
        "PING": frame(6, 0, 0, b"12345678") * 50_000,
        "empty DATA": frame(1, 4, 1, head) + frame(0, 0, 1, b"") * 50_000,
        "PRIORITY": frame(2, 0, 1, b"\0\0\0\0\1") * 50_000,
        "no HTTP/2": b"\xff" * 100_000,
        "a frame too large": b"\xff\xff\xff\0\0\0\0\0\1" + b"x" * 100_000,
    }
    for name, flood in floods.items():
        with socket.create_connection(server.address(), timeout=30) as raw:
            said = b""
            try:
                raw.sendall(preface + flood)
            except OSError:
                pass
            try:
                while piece := raw.recv(65536):
                    said += piece
            except ConnectionError:
                pass
        check(api.call("GET", "/healthz").status == 200, f"{name}: the server goes on")


def test(bin_dir):
    site = origin(bin_dir)
    with tempfile.TemporaryDirectory() as folder:
        server = serve(bin_dir, site, "--contexts", "2", "--cache", "0")
        try:
            over_tls(bin_dir, site, folder)
            api = client(server)
            without_tls(server, api)
            hostile(server, api)
            check(server.end() == 0, server.said)
        finally:
            server.kill()
            site.kill()


main(test)
