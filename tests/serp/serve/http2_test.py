"""The API over HTTP/2: TLS with ALPN and prior knowledge, by curl and nghttp; a drain.

usage: http2_test.py BIN_DIR
"""
import json, os, shutil, subprocess, tempfile

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


def test(bin_dir):
    site = origin(bin_dir)
    with tempfile.TemporaryDirectory() as folder:
        server = serve(bin_dir, site, "--contexts", "2", "--cache", "0")
        try:
            over_tls(bin_dir, site, folder)
            api = client(server)
            without_tls(server, api)
            check(server.end() == 0, server.said)
        finally:
            server.kill()
            site.kill()


main(test)
