"""The crawl example and `wget -r` on the same site, served by nginx: the same pages, and how long each takes.

usage: crawl_and_wget.py BIN_DIR [FOLDER [START [CONTEXTS]]]

FOLDER is the site's root; without it Debian's cppreference-doc-en-html is downloaded (apt-get download) and unpacked in a
temporary folder, and START is /en/index.html. It measures, and is run by hand. What was asked for and answered with a page
is what nginx's own log says; wget asks for images, scripts and style sheets as well, which are counted but not compared,
and once more it runs with --follow-tags=a,area, to ask for the same as the crawler.
"""
import collections, glob, os, shutil, socket, subprocess, sys, tempfile, time

bin_dir, site, start, contexts = (sys.argv[1:] + [None, "/en/index.html", "1"][len(sys.argv) - 2:])[:4]
types = "text/html html htm; text/css css; application/javascript js; image/png png; image/svg+xml svg; text/plain txt;"


def unpacked(folder):
    subprocess.run(["apt-get", "download", "-q", "cppreference-doc-en-html"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run(["dpkg", "-x", *glob.glob(f"{folder}/*.deb"), f"{folder}/package"], check=True)
    return f"{folder}/package/usr/share/cppreference/doc/html"


def nginx(folder, root):
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    temporary = " ".join(f"{k}_temp_path {folder}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 512; }}
http {{ types {{ {types} }} default_type application/octet-stream; {temporary}
  log_format line '$status $sent_http_content_type $request_uri'; access_log {folder}/requests line;
  server {{ listen 127.0.0.1:{port}; root {os.path.abspath(root)}; }} }}
""")
    os.chmod(folder, 0o755)
    child = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", folder, "-e", f"{folder}/errors"])
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return child, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.01)
    sys.exit("nginx does not start")


def measured(folder, name, command):
    """The addresses of its pages; prints what it cost."""
    open(f"{folder}/requests", "w").close()
    before, begin = os.times(), time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, cwd=folder)
    wall, after = time.monotonic() - begin, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    with open(f"{folder}/requests") as file:
        asked = [line.rstrip("\n").split(" ") for line in file]
    pages = collections.Counter(line[-1] for line in asked if line[0] == "200" and line[1].startswith("text/html"))
    twice = sum(n > 1 for n in pages.values())
    print(f"{name:28} {wall:6.2f} s, {cpu:5.2f} s of processor, {len(asked)} requests, {len(pages)} pages, {twice} of them twice")
    return wall, set(pages)


def main(folder):
    root = site or unpacked(folder)
    server, address = nginx(folder, root)
    wget = ["wget", "-q", "-r", "-l", "inf", "-P", f"{folder}/copy"]
    crawl = [f"{os.path.abspath(bin_dir)}/example_20_crawl", address + start, "1000000", contexts]
    times, sets = collections.defaultdict(list), {}
    try:
        for _ in range(3):
            for name, command in {"wget -r": wget + [address + start],
                                  "wget -r --follow-tags=a,area": wget + ["--follow-tags=a,area", address + start],
                                  "crawl": crawl}.items():
                shutil.rmtree(f"{folder}/copy", ignore_errors=True)
                wall, sets[name] = measured(folder, name, command)
                times[name].append(wall)
    finally:
        server.terminate()
        server.wait()
    for name in sets:
        print(f"{name:28} {len(sets[name] - sets['crawl'])} pages that the crawl has not, {len(sets['crawl'] - sets[name])} "
              f"that only the crawl has, {min(times[name]) / min(times['crawl']):.2f} times its time")
    if any(found != sets["crawl"] for found in sets.values()):
        sys.exit("not the same pages")


with tempfile.TemporaryDirectory(prefix="braid-crawl-") as folder:
    main(folder)
