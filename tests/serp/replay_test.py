"""braid-serp fetch --replay: saved pages parsed again are the same records, with other definitions changed ones, and
nobody is asked for anything.

usage: replay_test.py BIN_DIR
"""
import json, os, shutil, socket, subprocess, sys, tempfile, threading

bin_dir = sys.argv[1]
of_the_run = ("processed_at", "total_time_taken", "stage_times")


def fetch(*arguments, code=0):
    done = subprocess.run([f"{bin_dir}/braid-serp", "fetch", "--progress", "none", *arguments], capture_output=True, text=True)
    assert done.returncode == code, (arguments, done)
    return done


def records(path):
    """By id, without what tells of the run alone."""
    found = {}
    with open(path) as file:
        for line in file:
            record = json.loads(line)
            for name in of_the_run:
                record["search_metadata"].pop(name)
            assert record["search_metadata"]["id"] not in found, record
            found[record["search_metadata"]["id"]] = record
    return found


class silent_server:
    """Counts who connects, and answers nobody."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self.count, daemon=True).start()

    def count(self):
        while True:
            peer, _ = self.listener.accept()
            self.visits += 1
            peer.close()


def changed_definition(folder):
    """Google's, with link as the name of what was title."""
    shown = subprocess.run([f"{bin_dir}/braid-serp", "engines", "show", "google"], check=True, capture_output=True, text=True)
    os.mkdir(folder)
    with open(f"{folder}/google.json", "w") as file:
        file.write(shown.stdout.replace('"title":', '"heading":').replace('"heading": "Google', '"title": "Google'))


def main(folder, url):
    pages, first = f"{folder}/pages", f"{folder}/first.jsonl"
    fetch("rust atomics", "größe\u2028x", "--pages", "2", "--hl", "de", "--endpoint", f"google={url}/google", "--out", first,
          "--save-html", pages)
    was = records(first)
    assert len(was) == 4 and all(one["organic_results"] for one in was.values()), was

    nobody = silent_server()
    away = ["--endpoint", f"google={nobody.url}/google", "--proxy", nobody.url, "--robots"]
    for number, source in enumerate((pages, f"{pages}/index.jsonl", first)):
        again = f"{folder}/again{number}.jsonl"
        fetch("--replay", source, "--out", again, *away)
        now = records(again)
        assert now == was, (source, now, was)

    mine = f"{folder}/mine"
    changed_definition(mine)
    fetch("--replay", pages, "--engines", mine, "--out", f"{folder}/changed.jsonl", *away)
    now = records(f"{folder}/changed.jsonl")
    assert now.keys() == was.keys()
    for name, record in now.items():
        assert record["search_parameters"] == was[name]["search_parameters"], record
        titles = [one["title"] for one in was[name]["organic_results"]]
        assert [one["heading"] for one in record["organic_results"]] == titles, record
        assert not any("title" in one for one in record["organic_results"]), record
    assert nobody.visits == 0, nobody.visits

    # A page that is got again counts once; half a line at the end of a killed run's index is none; a page that is gone
    # is a failed record of its request.
    with open(f"{pages}/index.jsonl") as file:
        lines = file.readlines()
    with open(f"{pages}/index.jsonl", "a") as file:
        file.write(lines[0] + lines[1][:50])
    gone = json.loads(lines[0])
    os.remove(f"{pages}/{gone['file']}")
    fetch("--replay", pages, "--out", f"{folder}/gone.jsonl", code=1)
    now = records(f"{folder}/gone.jsonl")
    assert now.keys() == was.keys()
    failed = now[gone["search_metadata"]["id"]]
    assert failed["error"]["code"] == "io_failed" and gone["file"] in failed["error"]["message"], failed

    for said, *arguments in (("no others can be asked", "--replay", pages, "ravens"),
                             ("excludes", "--replay", pages, "--state", f"{folder}/s"),
                             ("excludes", "--replay", pages, "--save-html", pages),
                             ("excludes", "--replay", pages, "--cache", pages),
                             ("same file", "--replay", first, "--out", first),
                             ("No such file", "--replay", f"{folder}/nothing"),
                             ("queries:1: no saved page", "--replay", f"{folder}/queries"),
                             ("cannot read the engine folder", "--replay", pages, "--engines", f"{folder}/nothing")):
        if "queries" in said:
            with open(f"{folder}/queries", "w") as file:
                file.write("ravens\n")
        done = fetch(*arguments, code=3 if "engine folder" in said else 2)
        assert said in done.stderr, (arguments, done.stderr)


folder = tempfile.mkdtemp(prefix="braid-replay-")
origin = subprocess.Popen([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet"], stdout=subprocess.PIPE, text=True)
try:
    line = origin.stdout.readline()
    main(folder, line[line.index("http://"):].split()[0])
finally:
    origin.kill()
    origin.wait()
    shutil.rmtree(folder, ignore_errors=True)
