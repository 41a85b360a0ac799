"""Event streams: what happens to a task, to all of them, and the server's figures.

usage: events_test.py BIN_DIR
"""
import http.client, json

from server import check, client, main, origin, serve


class stream:
    def __init__(self, server, path):
        self.connection = http.client.HTTPConnection(*server.address(), timeout=60)
        self.connection.request("GET", path)
        self.response = self.connection.getresponse()
        check(self.response.status == 200 and self.response.headers["Content-Type"] == "text/event-stream", path)

    def next(self):
        """Name and data of the next event; None at the end."""
        name = data = None
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = json.loads(line[6:])
            elif line == "" and name:
                return name, data
            elif line == "" and self.response.isclosed():
                return None

    def rest(self):
        all = []
        while event := self.next():
            all.append(event)
        return all


def test(bin_dir):
    site = origin(bin_dir, "--latency", "50ms")
    server = serve(bin_dir, site, "--contexts", "2", "--cache", "0")
    try:
        api = client(server)
        all = stream(server, "/v1/events")
        name, figures = all.next()
        check(name == "stats" and figures["waiting"] == 0 and figures["listeners"] == 1, figures)

        task = api.call("POST", "/v1/task", {"engine": "google", "q": "owls"}).json()["id"]
        own = stream(server, f"/v1/task/{task}/events").rest()
        check([name for name, _ in own] == ["task"] * len(own), own)
        check(own[-1][1]["id"] == task and own[-1][1]["status"] == "done", own)
        check(len(stream(server, f"/v1/task/{task}/events").rest()) == 1, "of a task that is over there is one event")

        seen = []
        while len(seen) < 2:
            name, data = all.next()
            if name == "task":
                check(data["id"] == task, data)
                seen.append(data["status"])
        check(seen == ["running", "done"], seen)
        while name != "stats" or data["done"] != 1:
            name, data = all.next()
        api.call("DELETE", f"/v1/task/{task}")
        while name != "removed":
            name, data = all.next()
        check(data == {"id": task}, data)
        # Streams that are open do not keep a server from ending.
        check(server.end() == 0, server.said)
        all.rest()
    finally:
        server.kill()
        site.kill()


main(test)
