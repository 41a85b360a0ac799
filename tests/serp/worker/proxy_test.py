"""Two braid-serp workers share what they know of their proxies: the rate of each, and which is dead.

usage: proxy_test.py BIN_DIR
"""
import http.server, json, socket, socketserver, subprocess, sys, threading, time, urllib.request

from cluster import Folder, Origin, Redis, greatest_rate, missing

serp = f"{sys.argv[1]}/braid-serp"
rate, queries, window = 20, 120, 3


class Proxy(socketserver.ThreadingTCPServer):
    """Forwards plain HTTP, and keeps when and from where it was asked."""
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Forward)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked, self.lock = [], threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Forward(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        with self.server.lock:
            self.server.asked.append((time.monotonic(), self.client_address[0]))
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.path, timeout=30) as answer:
            page = answer.read()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


class Dead:
    """Takes connections and closes them."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url, self.asked = f"http://127.0.0.1:{self.socket.getsockname()[1]}", 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            one, _ = self.socket.accept()
            self.asked += 1
            one.close()


def main(folder, redis, origin):
    living, dead = Proxy(), Dead()
    with open(f"{folder}/proxies", "w") as file:
        file.write(f"{living.url} rate={rate}\n{dead.url}\n")
    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"query number {i}\n" for i in range(queries))
    subprocess.run([serp, "fetch", "--redis", redis.url, "--queries", f"{folder}/queries"], check=True, stderr=subprocess.DEVNULL)
    workers = [subprocess.Popen(
        [serp, "worker", "--redis", redis.url, "--out", f"{folder}/{address}.jsonl", "--interface", address, "--endpoint",
         f"google={origin.url}/google", "--proxies", f"{folder}/proxies", "--concurrency", "2", "--retries", "20",
         "--rate", "0", "--contexts", contexts, "--until-empty"], stderr=subprocess.DEVNULL)
        for address, contexts in (("127.0.0.2", "1"), ("127.0.0.3", "2"))]
    try:
        codes = [one.wait(120) for one in workers]
    finally:
        for one in workers:
            if one.poll() is None:
                one.kill()
                one.wait()
    records = [json.loads(line) for address in ("127.0.0.2", "127.0.0.3") for line in open(f"{folder}/{address}.jsonl")]
    good = {one["search_parameters"]["q"] for one in records if one["search_metadata"]["status"] == "Success"}
    by = {address: sum(1 for one in living.asked if one[1] == address) for address in ("127.0.0.2", "127.0.0.3")}
    greatest = greatest_rate([one[0] for one in living.asked], window)
    print(f"{len(good)} of {queries}; the living proxy was asked {by}, at most {greatest:.1f}/s of {rate}; the dead one "
          f"{dead.asked} times")
    assert codes == [0, 0] and len(records) == len(good) == queries
    assert min(by.values()) > queries / 10, "one worker did it alone"
    # What a stall of the machine lets pile up is in flight: four requests.
    assert greatest <= rate + 6 / window, "faster than the proxy's rate"
    # Three failures in a row eject it, from whichever worker; each has at most two requests under way then. Probes follow
    # after 10 s, 20 s and so on.
    assert dead.asked <= 3 + 4 + 4, "the workers did not tell each other"
    state = json.loads(subprocess.run([serp, "queue", "--redis", redis.url, "--json"], stdout=subprocess.PIPE).stdout)
    ejections = {one["proxy"]: one["ejections"] for one in state["proxies"]}
    assert ejections[dead.url] >= 1 and ejections[living.url] == 0, state
    assert "ejected" in subprocess.run([serp, "queue", "--redis", redis.url], stdout=subprocess.PIPE, text=True).stdout


if missing():
    print(f"[skipped] {missing()} is not installed")
    sys.exit(0)
with Folder() as folder:
    redis, origin = Redis(folder), Origin(sys.argv[1])
    try:
        main(folder, redis, origin)
    finally:
        origin.stop()
        redis.stop()
