"""README's examples of the API, taken from it and run as they stand.

usage: readme_test.py BIN_DIR
"""
import json, os, re, subprocess, tempfile

from server import check, main, origin, serve

README = os.path.join(os.path.dirname(__file__), "..", "..", "..", "README.md")


def examples():
    with open(README) as file:
        section = file.read().split("\n### Searches as an API\n")[1]
    section = section.split("\nThe [examples]")[0]
    return re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)


def test(bin_dir):
    where, *rest = examples()
    check(where == "api=http://127.0.0.1:8090\n", where)
    said = subprocess.run([f"{bin_dir}/braid-serp", "serve", "--help"], capture_output=True, text=True, check=True).stdout
    check("[127.0.0.1:8090]" in said or "=127.0.0.1:8090" in said, "where it listens is where README says")
    check(len(rest) == 4, f"{len(rest)} examples")
    site = origin(bin_dir)
    server = serve(bin_dir, site)
    try:
        with tempfile.TemporaryDirectory() as folder:
            # One shell for all: what the second one sets the fourth one uses.
            script = f"api={server.url}\n" + "echo; echo ========\n".join(rest)
            done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=folder, capture_output=True, text=True, timeout=120)
            check(done.returncode == 0, done.stderr)
            scrapes, task, batch, events = done.stdout.split("\n========\n")
            record, end = json.JSONDecoder().raw_decode(scrapes)
            check(len(record["organic_results"]) > 3 and record["search_parameters"]["hl"] == "en", record)
            check(scrapes[end:].lstrip().startswith("engine,query,page"), scrapes[end:][:80])
            with open(os.path.join(folder, "owls.json")) as file:
                owls = json.load(file)
            check(owls["search_parameters"]["q"] == "owls" and owls["search_parameters"]["engine"] == "bing", owls)
            answer = json.loads(batch)
            check(answer["accepted"] == 2 and answer["refused"] == 0, answer)
            check(events.startswith("event: task\ndata: ") and owls["search_metadata"]["id"] in events, events)
            check("\nengine,query,page" in events, events)
        check(server.end() == 0, server.said)
    finally:
        server.kill()
        site.kill()


main(test)
