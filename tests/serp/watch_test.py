"""What a run of braid-serp fetch tells while it goes on: --metrics by HTTP and as a file, --log, and the terminal.

usage: watch_test.py BIN_DIR
"""
import fcntl, json, os, pty, re, shutil, struct, subprocess, sys, tempfile, termios, time, urllib.request, urllib.error

bin_dir = sys.argv[1]


def start(*arguments, **more):
    return subprocess.Popen([f"{bin_dir}/braid-serp", "fetch", *arguments], text=True, **more)


def samples(text):
    """By name and labels; each has a HELP and a TYPE before it."""
    found, heads = {}, set()
    for line in text.splitlines():
        if line.startswith("#"):
            heads.add(line.split()[2])
            continue
        name, value = line.rsplit(" ", 1)
        assert name.split("{")[0] in heads, line
        assert name not in found, line
        found[name] = float(value)
    return found


def metrics_by_http(folder, url):
    run = start("--queries", f"{folder}/queries", "--endpoint", f"google={url}/google", "--out", f"{folder}/http.jsonl",
                "--concurrency", "4", "--metrics", "127.0.0.1:0", "--progress", "none", stderr=subprocess.PIPE)
    address = re.fullmatch(r"metrics on (http://127\.0\.0\.1:\d+/metrics)\n", run.stderr.readline())[1]
    seen = {}
    while seen.get('braid_fetch_records_total{engine="google",outcome="done"}', 0) < 20:
        with urllib.request.urlopen(address) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), answer.headers
            seen = samples(answer.read().decode())
        time.sleep(0.02)
    assert seen["braid_fetch_requests"] == 300, seen
    assert 0 < seen['braid_fetch_in_flight{engine="google"}'] <= 4, seen
    assert seen['braid_fetch_answers_total{engine="google"}'] >= 20, seen
    try:
        urllib.request.urlopen(address.replace("/metrics", "/"))
        raise AssertionError("a page that is none was found")
    except urllib.error.HTTPError as error:
        assert error.code == 404, error
    assert run.wait() == 0, run.stderr.read()
    run.stderr.close()


def metrics_and_log_in_files(folder, url):
    host = url.removeprefix("http://")
    run = start("--queries", f"{folder}/queries", "--endpoint", "google=http://user:secret@a.example/google", "--proxy",
                f"http://me:secret@{host}", "--rate", "0", "--suspend", "off", "--out", f"{folder}/file.jsonl", "--metrics",
                f"{folder}/metrics.prom", "--log", f"{folder}/log", "--progress", "none", stderr=subprocess.PIPE)
    _, said = run.communicate()
    assert run.returncode == 0, said
    with open(f"{folder}/metrics.prom") as file:
        text = file.read()
    seen = samples(text)
    assert seen['braid_fetch_records_total{engine="google",outcome="done"}'] == 300, seen
    assert seen[f'braid_fetch_proxy_records_total{{proxy="{url}",outcome="done"}}'] == 300, seen
    assert seen[f'braid_fetch_proxy_usable{{proxy="{url}"}}'] == 1, seen
    assert not os.path.exists(f"{folder}/metrics.prom.new")
    with open(f"{folder}/log") as file:
        log = file.read()
    assert "secret" not in log + text
    events = [json.loads(line) for line in log.splitlines()]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["time"]) for one in events)
    kinds = [one["event"] for one in events]
    assert kinds[0] == "begin" and kinds[-1] == "end" and events[-1]["done"] == 300, (events[0], events[-1])
    records = [one for one in events if one["event"] == "record"]
    attempts = [one for one in events if one["event"] == "attempt"]
    assert len({one["id"] for one in records}) == len(records) == 300
    assert len(attempts) >= 300 and all(one["proxy"] == url and one["seconds"] > 0 for one in attempts), attempts[0]
    assert {one["id"] for one in attempts} == {one["id"] for one in records}


def failures_are_logged(folder):
    run = start("q", "--endpoint", "google=http://127.0.0.1:1/google", "--retries", "1", "--log", f"{folder}/failed", "--progress",
                "none", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert run.wait() == 3
    with open(f"{folder}/failed") as file:
        events = [json.loads(line) for line in file]
    attempts = [one for one in events if one["event"] == "attempt"]
    assert [one["attempt"] for one in attempts] == [1, 2] and all("code" in one["error"] for one in attempts), attempts
    assert [one["outcome"] for one in events if one["event"] == "record"] == ["failed"], events


def terminal(folder, url):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    run = start("--queries", f"{folder}/queries", "--engine", "google,bing", "--endpoint", f"google={url}/google", "--endpoint",
                f"bing={url}/bing", "--concurrency", "8", "--out", f"{folder}/tty.jsonl", stderr=theirs)
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert run.wait() == 0, said
    text = said.decode()
    screens = text.split("\x1b[J")
    full = [one for one in screens if re.search(r"^bing +\d+/300 .*\ngoogle +\d+/300 .*\n.*/600 ", one.replace("\r", ""), re.S)]
    assert full, screens[-3:]
    assert any("ETA" in one and "in flight" in one and "blocked" in one for one in full)
    assert max(len(line) for one in full for line in one.replace("\r", "").split("\n")) < 100
    assert "\x1b[2A" in text


def refused(folder):
    for said, *arguments in (("/nowhere/m", "--metrics", "/nowhere/m"), ("/nowhere/l", "--log", "/nowhere/l"), ("256.0.0.1", "--metrics", "256.0.0.1:0")):
        run = start("q", "--endpoint", "google=http://127.0.0.1:1", *arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, text = run.communicate()
        assert run.returncode == 2 and said in text, (arguments, run.returncode, text)


folder = tempfile.mkdtemp(prefix="braid-watch-")
origin = subprocess.Popen([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet", "--latency", "10ms"],
                          stdout=subprocess.PIPE, text=True)
try:
    line = origin.stdout.readline()
    url = line[line.index("http://"):].split()[0]
    with open(f"{folder}/queries", "w") as file:
        file.writelines(f"query {i}\n" for i in range(300))
    metrics_by_http(folder, url)
    metrics_and_log_in_files(folder, url)
    failures_are_logged(folder)
    terminal(folder, url)
    refused(folder)
finally:
    origin.kill()
    origin.wait()
    shutil.rmtree(folder, ignore_errors=True)
