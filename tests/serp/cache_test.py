"""braid-serp fetch --cache: a page that its engine lets be used again is asked for once, another one each time.

usage: cache_test.py BIN_DIR
"""
import http.server, json, shutil, subprocess, sys, tempfile, threading

bin_dir = sys.argv[1]
page = (b"<html><head><title>q - Google Search</title></head><body><div id=search><div id=rso><div class=g><div class=yuRUbf>"
        b"<a href='https://one.example/'><h3>One</h3></a></div></div></div></div></body></html>")
asked = []


class engine(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked.append((self.path, self.headers.get("If-None-Match")))
        rule = "max-age=3600" if "fresh" in self.path else "no-cache" if "checked" in self.path else "no-store"
        same = self.headers.get("If-None-Match") == '"1"'
        self.send_response(304 if same else 200)
        for name, value in (("Cache-Control", rule), ("ETag", '"1"'), ("Content-Type", "text/html"),
                            ("Content-Length", 0 if same else len(page))):
            self.send_header(name, value)
        self.end_headers()
        if not same:
            self.wfile.write(page)

    def log_message(self, *arguments):
        pass


def main(folder, url):
    seen = []
    for _ in range(2):
        asked.clear()
        done = subprocess.run([f"{bin_dir}/braid-serp", "fetch", "fresh", "checked", "secret", "--endpoint", f"google={url}",
                               "--cache", f"{folder}/cache", "--progress", "none"], capture_output=True, text=True)
        assert done.returncode == 0, done
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert sorted(one["search_parameters"]["q"] for one in found) == ["checked", "fresh", "secret"], found
        assert all(one["organic_results"][0]["title"] == "One" for one in found), found
        cached = {one["search_parameters"]["q"] for one in found if one["search_metadata"].get("from_cache")}
        seen.append((sorted(("fresh" in path, "checked" in path, tag) for path, tag in asked), cached))
    secret, checked, fresh = (False, False, None), (False, True, None), (True, False, None)
    assert seen[0] == ([secret, checked, fresh], set()), seen
    assert seen[1] == ([secret, (False, True, '"1"')], {"fresh", "checked"}), seen

    with open(f"{folder}/file", "w"):
        pass
    done = subprocess.run([f"{bin_dir}/braid-serp", "fetch", "fresh", "--endpoint", f"google={url}", "--cache", f"{folder}/file/in"],
                          capture_output=True, text=True)
    assert done.returncode == 2 and f"{folder}/file/in" in done.stderr, done


folder = tempfile.mkdtemp(prefix="braid-cache-")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), engine)
threading.Thread(target=server.serve_forever, daemon=True).start()
try:
    main(folder, "http://127.0.0.1:%d" % server.server_port)
finally:
    server.shutdown()
    shutil.rmtree(folder, ignore_errors=True)
