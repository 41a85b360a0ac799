"""Callbacks: signed, tried again, kept over a restart, and led nowhere but where they may go.

usage: callback_test.py BIN_DIR
"""
import hashlib, hmac, http.server, json, os, subprocess, tempfile, threading, time

from server import check, client, main, origin, serve

SECRET = "a secret of the test"


class receiver:
    """Answers as it is told to, 200 at the end, and keeps what it got."""

    def __init__(self, *answers):
        self.answers, self.got, self.changed = list(answers), [], threading.Condition()
        here = self

        class handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with here.changed:
                    here.got.append((self.path, dict(self.headers), body))
                    status = here.answers.pop(0) if here.answers else 200
                    here.changed.notify_all()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count):
        with self.changed:
            check(self.changed.wait_for(lambda: len(self.got) >= count, 60), f"{len(self.got)} callbacks of {count}")
            return self.got[:count]


def verify(headers, body):
    """What README tells a receiver to do."""
    stamp, signature = headers["X-Braid-Signature"].split(",")
    check(abs(time.time() - int(stamp[2:])) < 60, "the time of the signature")
    mac = hmac.new(SECRET.encode(), stamp[2:].encode() + b"." + body, hashlib.sha256).hexdigest()
    check(hmac.compare_digest(signature, "v1=" + mac), "the signature")


def create(api, url, query):
    got = api.call("POST", "/v1/task", {"engine": "google", "q": query, "callback_url": url})
    check(got.status == 202, got.text)
    return got.json()["id"]


def state(api, task, wanted):
    deadline = time.monotonic() + 60
    while True:
        got = api.call("GET", f"/v1/task/{task}").json()["callback"]
        if got["state"] == wanted:
            return got
        check(time.monotonic() < deadline, f"the callback stays {got}")
        time.sleep(0.02)


def delivered_after_failures(api):
    hook = receiver(503, 302)
    task = create(api, hook.url + "/done?x=1", "owls")
    got = hook.wait(3)
    for number, (path, headers, body) in enumerate(got, 1):
        check(path == "/done?x=1", "a redirect is not followed")
        check(headers["Braid-Task"] == task and headers["Braid-Attempt"] == str(number), headers)
        check(headers["Content-Type"] == "application/json", headers)
        verify(headers, body)
        said = json.loads(body)
        check(said["task"]["id"] == task and said["task"]["status"] == "done", said["task"])
        check(said["record"] == api.call("GET", f"/v1/task/{task}/results").json(), "the record")
    check(state(api, task, "delivered") == {"url": hook.url + "/done?x=1", "state": "delivered", "attempts": 3,
                                            "last_status": 200}, "its state")
    # What an earlier record answers has its callback too.
    again = create(api, hook.url, "owls")
    check(json.loads(hook.wait(4)[3][2])["task"]["id"] == again, "from the cache")


def given_up(api):
    hook = receiver(500, 500, 500, 500)
    state(api, create(api, hook.url, "wrens"), "given_up")
    check(len(hook.got) == 4, f"as often as was said, not {len(hook.got)}")
    gone = receiver(410)
    check(state(api, create(api, gone.url, "wrens"), "given_up")["attempts"] == 1, "410 ends it")
    figures = api.call("GET", "/metrics").text
    check("braid_callbacks_given_up_total 2\n" in figures and "braid_callbacks_delivered_total 2\n" in figures, figures)


def survives(bin_dir, site, options):
    with tempfile.TemporaryDirectory() as folder:
        options = [*options, "--state", os.path.join(folder, "state")]
        # Nobody listens there yet; the server is killed while it waits to try again.
        hook = receiver()
        hook.server.server_close()
        server = serve(bin_dir, site, *options)
        api = client(server)
        task = create(api, hook.url, "terns")
        deadline = time.monotonic() + 60
        while api.call("GET", f"/v1/task/{task}").json()["callback"]["attempts"] < 1:
            check(time.monotonic() < deadline, "no attempt is made")
            time.sleep(0.01)
        server.kill()
        late = receiver()
        hook.server.shutdown()
        server = serve(bin_dir, site, *options)
        try:
            api = client(server)
            check(api.call("GET", f"/v1/task/{task}").json()["callback"]["attempts"] >= 1, "what was tried is known")
            told = create(api, late.url, "terns")
            check(json.loads(late.wait(1)[0][2])["task"]["id"] == told, "others are told meanwhile")
            check(state(api, task, "given_up")["attempts"] == 4, "the restart does not begin the counting again")
            check(server.end() == 0, server.said)
        finally:
            server.kill()


def guarded(bin_dir, site, secret):
    hook = receiver()
    server = serve(bin_dir, site, "--callback-secret-file", secret)
    try:
        api = client(server)
        inside = [hook.url, hook.url.replace("127.0.0.1", "localhost"), "http://169.254.169.254/", "http://[::1]:1/",
                  hook.url.replace("127.0.0.1", "0x7f000001")]
        for number, url in enumerate(inside):
            got = api.call("POST", "/v1/task", {"engine": "google", "q": f"rooks {number}", "callback_url": url})
            if got.status == 400:
                continue
            callback = state(api, got.json()["id"], "given_up")
            check(callback["attempts"] == 1 and "last_status" not in callback, callback)
        check(hook.got == [], "nothing reaches the inside")
        check(server.end() == 0, server.said)
    finally:
        server.kill()


def refused_secrets(bin_dir, folder):
    short = os.path.join(folder, "short")
    with open(short, "w") as file:
        file.write("short\n")
    for path in [short, os.path.join(folder, "missing")]:
        ended = subprocess.run([f"{bin_dir}/braid-serp", "serve", "--listen", "127.0.0.1:0", "--callback-secret-file", path],
                               capture_output=True, text=True, timeout=60)
        check(ended.returncode == 2 and "--callback-secret-file" in ended.stderr, ended.stderr)


def test(bin_dir):
    site = origin(bin_dir)
    try:
        with tempfile.TemporaryDirectory() as folder:
            secret = os.path.join(folder, "secret")
            with open(secret, "w") as file:
                file.write(SECRET + "\n")
            options = ["--callback-secret-file", secret, "--callbacks-to-private-addresses", "--callback-attempts", "4"]
            server = serve(bin_dir, site, *options)
            try:
                api = client(server)
                delivered_after_failures(api)
                given_up(api)
                check(server.end() == 0, server.said)
            finally:
                server.kill()
            survives(bin_dir, site, options)
            guarded(bin_dir, site, secret)
            refused_secrets(bin_dir, folder)
    finally:
        site.kill()


main(test)
