"""braid-serp serve --redis: tasks of the API are done by workers, and answered from what they save.

usage: serve_test.py BIN_DIR
"""
import json, re, signal, subprocess, sys, urllib.error, urllib.request

from cluster import Folder, Origin, Postgres, Redis, missing, until

serp = f"{sys.argv[1]}/braid-serp"


class Server:
    def __init__(self, *arguments):
        self.child = subprocess.Popen([serp, "serve", "--listen", "127.0.0.1:0", *arguments], stderr=subprocess.PIPE, text=True)
        self.said = ""
        while not (found := re.search(r"http://\S+", self.said)):
            line = self.child.stderr.readline()
            if not line:
                sys.exit("serve ended: " + self.said)
            self.said += line
        self.url = found.group(0)

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()

    def figures(self):
        return json.loads(self.call("GET", "/v1/state")[1])["figures"]

    def end(self):
        self.child.terminate()
        self.said += self.child.stderr.read()
        return self.child.wait(60)

    def stop(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()


def main(folder, redis, postgres, origin, running):
    both = ["--redis", redis.url, "--results", postgres.url]
    for wrong in (["--redis", redis.url], ["--results", postgres.url], ["--redis", "x", "--results", postgres.url],
                  ["--redis", redis.url, "--results", "a.jsonl"]):
        done = subprocess.run([serp, "serve", "--listen", "127.0.0.1:0", *wrong], stderr=subprocess.PIPE, text=True, timeout=60)
        assert done.returncode == 2 and ("--redis" in done.stderr or "--results" in done.stderr), (wrong, done)

    def worker():
        one = subprocess.Popen([serp, "worker", "--redis", redis.url, "--queue", "api", "--out", postgres.url, "--lease", "1",
                                "--endpoint", f"google={origin.url}/google", "--endpoint", f"bing={origin.url}/bing",
                                "--concurrency", "8"], stderr=subprocess.DEVNULL)
        running.append(one)
        return one

    def serve():
        one = Server(*both, "--queue", "api", "--state", f"{folder}/tasks.sqlite")
        running.append(one)
        return one

    server, first, second = serve(), worker(), worker()

    # One that is waited for. All its parameters reach the worker; the record carries the task's id.
    status, text = server.call("POST", "/v1/scrape", {"engine": "google", "q": "one", "location": "Bonn", "num": 20, "tbs": "qdr:d"})
    record = json.loads(text)
    assert status == 200 and record["search_metadata"]["status"] == "Success", text
    assert record["search_parameters"]["location"] == "Bonn" and record["search_parameters"]["num"] == 20, text
    assert postgres.value("SELECT count(*) FROM results WHERE id = '" + record["search_metadata"]["id"] + "'") == "1"
    status, text = server.call("POST", "/v1/task", {"engine": "google", "q": "one", "output": "html"})
    assert status == 400 and json.loads(text)["error"]["parameter"] == "output", text

    # A batch; a worker dies, Redis goes away and comes back, the server is killed and started again.
    batch = {"tasks": [{"engine": ("google", "bing")[i % 2], "q": f"query number {i}"} for i in range(300)]}
    status, text = server.call("POST", "/v1/task/batch", batch)
    ids = [one["id"] for one in json.loads(text)["tasks"]]
    assert status == 202 and len(set(ids)) == 300, text
    until("some of the batch", lambda: server.figures()["done"] > 20)
    first.send_signal(signal.SIGKILL)
    first.wait()
    server.stop()
    redis.stop()
    server = serve()
    assert server.call("DELETE", f"/v1/task/{ids[-1]}")[0] == 204
    assert server.call("POST", "/v1/task", {"engine": "google", "q": "queued later"})[0] == 202
    redis.start()
    until("all of the batch", lambda: server.figures()["waiting"] == 0, 120)
    state = server.figures()
    assert state["done"] == 301 and state["failed"] == 0, state
    for i, one in enumerate(ids[:-1]):
        status, text = server.call("GET", f"/v1/task/{one}/results")
        record = json.loads(text)
        assert status == 200 and record["search_parameters"]["q"] == f"query number {i}", text
        assert record["search_metadata"]["id"] == one and record["organic_results"], text
    # The same request again: the server has the answer, unless it is told that this will not do.
    for more, searches in (({}, 0), ({"no_cache": True}, 1)):
        before = origin.searches()
        status, text = server.call("POST", "/v1/scrape", {"engine": "google", "q": "one", "location": "Bonn", "num": 20,
                                                          "tbs": "qdr:d", **more})
        assert status == 200 and origin.searches() - before == searches, (more, text)
    # What fails fails as its record says.
    origin.stop()
    status, text = server.call("POST", "/v1/scrape", {"engine": "bing", "q": "nobody answers"})
    assert status == 200 and json.loads(text)["search_metadata"]["status"] == "Error", text
    assert server.figures()["failed"] == 1
    assert server.end() == 0, server.said
    second.terminate()
    assert second.wait(60) == 0


if missing():
    print(f"[skipped] {missing()} is not installed")
    sys.exit(0)
with Folder() as folder:
    servers, running = [], []
    try:
        servers += [Redis(folder), Postgres(folder), Origin(sys.argv[1], "--latency", "20ms")]
        main(folder, *servers, running)
    finally:
        for one in running:
            if isinstance(one, Server):
                one.stop()
            elif one.poll() is None:
                one.kill()
                one.wait()
        for one in reversed(servers):
            one.stop()
