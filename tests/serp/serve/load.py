"""The API under load: requests for a task's status, clients of its event stream, a long list. By hand, on a quiet machine.

usage: load.py BIN_DIR [SECONDS [TASKS [LISTENERS]]]

The server has core 0 to itself (one context), those who ask have core 1. It measures the server only as long as the
generator has time to spare: both are shown.
"""
import json, os, re, resource, select, socket, subprocess, sys, tempfile, time

from server import check, client, origin, serve

bin_dir = sys.argv[1]
seconds, tasks, listeners = [int(a) for a in sys.argv[2:]] + [5, 100_000, 10_000][len(sys.argv) - 2:]
hertz = os.sysconf("SC_CLK_TCK")


def on_core(core, pid=0):
    os.sched_setaffinity(pid, {core})


class pinned:
    """A server on core 0 with an origin behind it."""

    def __init__(self):
        self.site = origin(bin_dir)
        on_core(0)
        try:
            self.server = serve(bin_dir, self.site, "--cache", "86400")
        finally:
            on_core(1)
        self.pid = self.server.child.pid

    def cpu(self):
        fields = open(f"/proc/{self.pid}/stat").read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / hertz

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{self.pid}/status").read()).group(1)) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.kill()
        self.site.kill()


def fill(api, count):
    """One task is done by the origin, the others are answered by its result."""
    task = {"engine": "google", "q": "ravens"}
    check(api.call("POST", "/v1/scrape", task).status == 200, "the first")
    begin, done = time.monotonic(), 1
    while done < count:
        some = min(5000, count - done)
        check(api.call("POST", "/v1/task/batch", {"tasks": [task] * some}).json()["accepted"] == some, "a batch")
        done += some
    print(f"{count} tasks: accepted in {time.monotonic() - begin:.1f} s", flush=True)


def timed(api, what, target, times=50):
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        api.connection.request("GET", target)
        got = api.connection.getresponse()
        size = len(got.read())
        check(got.status == 200, target)
        took.append((time.perf_counter() - begin) * 1000)
    took.sort()
    print(f"{what}: median {took[len(took) // 2]:.2f} ms, slowest {took[-1]:.2f} ms, {size} bytes", flush=True)


def long_list(api):
    timed(api, "the list's first page", "/v1/tasks?limit=100")
    timed(api, "its page of those done", "/v1/tasks?limit=100&status=done")
    timed(api, "its page of those that failed (none)", "/v1/tasks?limit=100&status=failed")
    timed(api, "the dashboard's figures", "/v1/state")
    begin, seen, cursor = time.monotonic(), set(), ""
    while cursor is not None:
        api.connection.request("GET", "/v1/tasks?limit=1000" + (f"&cursor={cursor}" if cursor else ""))
        page = json.loads(api.connection.getresponse().read())
        seen.update(one["id"] for one in page["tasks"])
        cursor = page.get("next_cursor")
    check(len(seen) == tasks, f"{len(seen)} of {tasks} tasks in the list")
    print(f"all {tasks} tasks by their cursors: {time.monotonic() - begin:.1f} s", flush=True)


def bench(under, url, *options):
    with tempfile.NamedTemporaryFile() as out:
        before = under.cpu()
        got = subprocess.run(["taskset", "-c", "1", f"{bin_dir}/braid-bench", "load", url, "-c", "64", "--repeat", "3", "--duration",
                              f"{seconds}s", "--progress", "none", "--json", out.name, *options], capture_output=True, text=True)
        used = under.cpu() - before
        check(got.returncode in (0, 4), got.stderr + got.stdout)
    print("\n".join("    " + line for line in got.stdout.splitlines() if line), flush=True)
    print(f"    the server used {used:.1f} s of its core", flush=True)


def status_requests(under, api):
    task = api.call("GET", "/v1/tasks?limit=1").json()["tasks"][0]["id"]
    url = f"{under.server.url}/v1/task/{task}"
    print("status requests, as fast as they are answered, by braid-bench:", flush=True)
    bench(under, url)
    print("the same by wrk:", flush=True)
    got = subprocess.run(["taskset", "-c", "1", "wrk", "-t1", "-c64", f"-d{3 * seconds}s", "--latency", url], capture_output=True, text=True)
    print("\n".join("    " + line.strip() for line in got.stdout.splitlines() if re.search("Requests/sec|99%|50%|Non-2xx", line)), flush=True)
    print("10,000 a second, whatever the answers do (open loop):", flush=True)
    bench(under, url, "--rate", "10000")


def silent_listeners(under, count):
    """Event streams on which nothing happens but signs of life."""
    empty = under.resident()
    request = b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    poll, open_ones, heads = select.epoll(), {}, 0
    begin = time.monotonic()
    for i in range(count):
        one = socket.create_connection(under.server.address(), timeout=60)
        one.sendall(request)
        one.setblocking(False)
        open_ones[one.fileno()] = one
        poll.register(one.fileno(), select.EPOLLIN)
    said = set()
    while len(said) < count and time.monotonic() - begin < 120:
        for number, _ in poll.poll(1):
            got = open_ones[number].recv(65536)
            check(got, "a stream has ended")
            if number not in said:
                check(got.startswith(b"HTTP/1.1 200 "), got[:200])
                said.add(number)
    check(len(said) == count, f"{len(said)} of {count} streams have begun")
    took, before = time.monotonic() - begin, under.cpu()
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        for number, _ in poll.poll(left):
            check(open_ones[number].recv(65536), "a stream has ended")
    idle = (under.cpu() - before) / seconds
    full = under.resident()
    print(f"{count} event streams: begun in {took:.1f} s; {full:.1f} MiB resident, {empty:.1f} without them, "
          f"{(full - empty) * 1024 / count:.1f} KiB each; {idle * 100:.1f} % of the core while nothing happens", flush=True)
    begin = time.perf_counter()
    check(client(under.server).call("GET", "/healthz").status == 200, "it answers others")
    print(f"    another client is answered in {(time.perf_counter() - begin) * 1000:.1f} ms", flush=True)
    for one in open_ones.values():
        one.close()


resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
on_core(1)
if listeners:
    with pinned() as under:
        silent_listeners(under, listeners)
if tasks:
    with pinned() as under:
        api = client(under.server)
        fill(api, tasks)
        long_list(api)
        status_requests(under, api)
