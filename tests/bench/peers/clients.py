"""The clients that are compared: how each is started, and what it says of a run."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time


class Run:
    """What one run of a client took: processor seconds, requests, and the peak of its memory."""

    def __init__(self, requests, cpu, rss_kib):
        self.requests, self.cpu, self.rss_kib = requests, cpu, rss_kib

    @property
    def cpu_us(self):
        return self.cpu * 1e6 / self.requests


class Client:
    def __init__(self, name, command, requests_of):
        self.name, self.command, self.requests_of = name, command, requests_of

    def available(self):
        program = self.command(1, 1, "")[0]
        return os.path.exists(program) or shutil.which(program) is not None

    def run(self, requests, concurrency, url, core="1", timeout=180):
        argv = ["taskset", "-c", core] + self.command(requests, concurrency, url)
        with tempfile.TemporaryFile("w+") as out:
            child = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT)
            end, peak = time.monotonic() + timeout, 0
            while True:
                pid, status, used = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() > end:
                    child.kill()
                    os.wait4(child.pid, 0)
                    raise RuntimeError("%s took more than %d s: %s" % (self.name, timeout, " ".join(argv)))
                peak = peak_kib(child.pid) or peak
                time.sleep(0.01)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            text = out.read()
        done = self.requests_of(text)
        if not done:
            raise RuntimeError("%s did no request: %s\n%s" % (self.name, " ".join(argv), text[-1000:]))
        return Run(done, used.ru_utime + used.ru_stime, peak)


def peak_kib(pid):
    """The peak of resident memory since its exec."""
    try:
        with open("/proc/%d/status" % pid) as status:
            found = re.search(r"^VmHWM:\s*(\d+)", status.read(), re.M)
        return int(found.group(1)) if found else 0
    except OSError:
        return 0


def number(pattern, text):
    found = re.search(pattern, text, re.M)
    return int(found.group(1)) if found else 0


def of_json(text):
    for line in text.splitlines():
        if line.startswith("{"):
            run = json.loads(line)
            return run["requests"] - run["errors"]
    return 0


def wrk_requests(text):
    failed = number(r"Non-2xx or 3xx responses: (\d+)", text)
    return number(r"(\d+) requests in", text) - failed


def braid(program, *options):
    return Client("braid", lambda n, c, url: [program, "-n", str(n), "-c", str(c), *options, url], of_json)


def wrk(requests_a_second):
    """wrk takes seconds: as many as the requests take at the rate that it is likely to reach."""

    def command(n, c, url):
        seconds = max(1, round(n / requests_a_second))
        return ["wrk", "-t", "1", "-c", str(c), "-d", "%ds" % seconds, "--timeout", "60", url]

    return Client("wrk", command, wrk_requests)


def h2load():
    command = lambda n, c, url: ["h2load", "-n", str(n), "-t", "1", "-c", "1", "-m", str(c), url]
    return Client("h2load", command, lambda text: number(r"(\d+) succeeded", text))


def driver(name, program, *options):
    """A client of the harness in ../shared/peers, where that is built."""
    return Client(name, lambda n, c, url: [program, "-n", str(n), "-c", str(c), "-t", "1", *options, url], of_json)
