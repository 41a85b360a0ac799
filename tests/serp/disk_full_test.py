"""braid-serp fetch --state while the disk fills up: the run says so, and once there is room again it goes on, until each
query has exactly one record.

usage: disk_full_test.py BIN_DIR [QUERIES]

Two disks: a tmpfs of its own where this user may mount one (in a user namespace), and files that may not grow past a
limit, which every user can have.
"""
import contextlib, json, os, resource, shutil, signal, sqlite3, subprocess, sys, tempfile

bin_dir = sys.argv[1]
queries = next((int(a) for a in sys.argv[2:] if a.isdigit()), 400)
inside = "--inside" in sys.argv


def command(folder, url, out):
    return [f"{bin_dir}/braid-serp", "fetch", "--queries", f"{folder}/queries", "--endpoint", f"google={url}/google", "--out", out,
            "--state", out + ".state", "--concurrency", "8", "--retries", "2", "--progress", "none"]


def records(out):
    if out.endswith(".sqlite"):
        with contextlib.closing(sqlite3.connect(out)) as file:
            return [json.loads(row[0]) for row in file.execute("SELECT record FROM results")]
    with open(out) as file:
        return [json.loads(line) for line in file]


def check(out, met):
    found = records(out)
    texts = {one["search_parameters"]["q"] for one in found}
    assert len(found) == queries and texts == {f"query number {i}" for i in range(queries)}, (out, len(found), len(texts))
    assert met >= 2, f"{out}: the disk was full {met} times only"
    print(f"{os.path.basename(out)}: {len(found)} records of {len(texts)} queries after {met} full disks")


def failed_clearly(run, said):
    """A full disk is told in words, and is no crash."""
    assert run.returncode in (1, 2, 3), (run.returncode, said)
    return any(words in said for words in ("No space left", "File too large", "disk is full", "disk I/O error"))


def with_limit(folder, url, name):
    """Each run may let files grow a little further than the one before."""
    out, met, limit = f"{folder}/{name}", 0, 150_000
    while True:
        def lower(most=limit):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        run = subprocess.run(command(folder, url, out), preexec_fn=lower, stderr=subprocess.PIPE, text=True)
        if run.returncode == 0:
            break
        assert failed_clearly(run, run.stderr), run.stderr
        met += 1
        limit += 700_000
        assert limit < 200_000_000, "it never comes to the end"
    check(out, met)


def with_tmpfs(folder, url, name):
    disk, size = f"{folder}/disk", 400
    os.makedirs(disk, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk], check=True)
    out, met = f"{disk}/{name}", 0
    while True:
        run = subprocess.run(command(folder, url, out), stderr=subprocess.PIPE, text=True)
        if run.returncode == 0:
            break
        assert failed_clearly(run, run.stderr), run.stderr
        met += 1
        size += 600
        assert size < 200_000, "it never comes to the end"
        subprocess.run(["mount", "-o", f"remount,size={size}k", disk], check=True)
    check(out, met)
    subprocess.run(["umount", disk], check=True)


def main():
    folder = tempfile.mkdtemp(prefix="braid-full-")
    origin = subprocess.Popen([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet"], stdout=subprocess.PIPE, text=True)
    try:
        line = origin.stdout.readline()
        url = line[line.index("http://"):].split()[0]
        with open(f"{folder}/queries", "w") as file:
            file.writelines(f"query number {i}\n" for i in range(queries))
        for name in ("r.jsonl", "r.sqlite"):
            (with_tmpfs if inside else with_limit)(folder, url, name)
    finally:
        origin.kill()
        origin.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
if not inside:
    probe = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", tempfile.gettempdir()], capture_output=True, text=True)
    if probe.returncode != 0:
        print("no tmpfs of our own, only limits of files: " + probe.stderr.strip())
        sys.exit(0)
    sys.exit(subprocess.run(["unshare", "-rm", sys.executable, *sys.argv, "--inside"]).returncode)
