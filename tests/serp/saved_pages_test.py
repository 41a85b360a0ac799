"""What braid-serp fetch --save-html keeps, braid-serp parse reads: the same results, and a cut file is an error.

usage: saved_pages_test.py BIN_DIR
"""
import json, os, shutil, subprocess, sys, tempfile

bin_dir = sys.argv[1]


def main(folder, url):
    out, pages = f"{folder}/r.jsonl", f"{folder}/pages"
    subprocess.run([f"{bin_dir}/braid-serp", "fetch", "one", "two", "--endpoint", f"google={url}/google", "--out", out,
                    "--save-html", pages, "--progress", "none"], check=True, stderr=subprocess.DEVNULL)
    with open(out) as file:
        records = [json.loads(line) for line in file]
    assert len(records) == 2, records
    parse = [f"{bin_dir}/braid-serp", "parse", "-e", "google", "-f", "jsonl"]
    for record in records:
        path = record["search_metadata"]["raw_html_file"]
        again = json.loads(subprocess.run(parse + [path], check=True, capture_output=True).stdout)
        assert record["organic_results"] and again["organic_results"] == record["organic_results"], (record, again)
    with open(path, "rb") as file:
        page = file.read()
    with open(f"{folder}/cut", "wb") as file:
        file.write(page[:len(page) // 2])
    cut = subprocess.run(parse + [f"{folder}/cut"], capture_output=True, text=True)
    assert cut.returncode == 3 and "decode_failed" in cut.stdout, cut


folder = tempfile.mkdtemp(prefix="braid-pages-")
origin = subprocess.Popen([f"{bin_dir}/braid-origin", "--listen", "127.0.0.1:0", "--quiet"], stdout=subprocess.PIPE, text=True)
try:
    line = origin.stdout.readline()
    main(folder, line[line.index("http://"):].split()[0])
finally:
    origin.kill()
    origin.wait()
    shutil.rmtree(folder, ignore_errors=True)
