"""braid-serp serve and braid-origin as processes of a test, and a client that checks each answer against /openapi.json."""
import http.client, json, os, re, subprocess, sys, urllib.parse

try:
    import jsonschema
except ImportError:  # python3 is not Debian's
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema


def check(truth, what):
    if not truth:
        raise AssertionError(what)


class program:
    """A process that says on which address it listens."""

    def __init__(self, command, stream):
        self.said = ""
        pipes = {stream: subprocess.PIPE}
        self.child = subprocess.Popen(command, text=True, **pipes)
        self.lines = getattr(self.child, stream)
        while True:
            line = self.lines.readline()
            if not line:
                raise AssertionError(f"{command[0]} ended: {self.said}")
            self.said += line
            found = re.search(r"https?://[^\s/]+", line)
            if found:
                self.url = found.group(0)
                return

    def address(self):
        parts = urllib.parse.urlsplit(self.url)
        return parts.hostname, parts.port

    def end(self):
        """Asks it to end; its exit code."""
        self.child.terminate()
        self.said += self.lines.read()
        return self.child.wait(timeout=60)

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.lines.close()


def origin(bin_dir, *options):
    return program([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet", *options], "stdout")


def serve(bin_dir, site, *options):
    return program([f"{bin_dir}/braid-serp", "serve", "--listen", "127.0.0.1:0", "--endpoint", f"google={site.url}/google",
                    "--endpoint", f"bing={site.url}/bing", *options], "stderr")


class answer:
    def __init__(self, response):
        self.status, self.headers, self.text = response.status, response.headers, response.read().decode()

    def json(self):
        return json.loads(self.text)


class client:
    """Every answer must be one that /openapi.json describes: its status, its media type, its JSON."""

    def __init__(self, server, token=None):
        self.connection = http.client.HTTPConnection(*server.address(), timeout=60)
        self.token = token
        self.document = None
        self.document = self.call("GET", "/openapi.json").json()
        self.seen = set()

    def call(self, method, target, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        self.connection.request(method, target, body, headers)
        got = answer(self.connection.getresponse())
        if self.document:
            self.compare(method, target.split("?")[0], got)
        return got

    def compare(self, method, path, got):
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method.lower() in operations:
                break
        else:
            check(got.status in (404, 405), f"{method} {path} is not in /openapi.json, the answer is {got.status}")
            return
        responses = operations[method.lower()]["responses"]
        check(str(got.status) in responses, f"{method} {template}: {got.status} is not in /openapi.json: {got.text}")
        self.seen.add((method, template, got.status))
        content = responses[str(got.status)].get("content")
        if content is None:
            check(got.text == "", f"{method} {template}: {got.status} has a body")
            return
        kind = got.headers["Content-Type"].split(";")[0]
        check(kind in content, f"{method} {template}: {got.status} is {kind}")
        if kind == "application/json":
            schema = dict(content[kind]["schema"], components=self.document["components"])
            jsonschema.Draft202012Validator(schema).validate(got.json())


def main(test):
    try:
        test(sys.argv[1])
    except AssertionError as failure:
        print(failure, file=sys.stderr)
        raise
