"""axe-core finds no serious fault in the dashboard, in light and dark, on a desk and on a phone, signed in and not.

usage: axe_test.py BIN_DIR FOLDER    (FOLDER: where axe-core is put)
"""
import os, subprocess, sys, tempfile

from browser import browser
from server import check, client, main, origin, serve


def faults(page, axe):
    page.run(axe)
    found = page.run("axe.run().then((said) => said.violations.map((one) => [one.impact, one.id, one.help, "
                     "one.nodes.map((node) => node.html)]))")
    return [one for one in found if one[0] in ("serious", "critical")]


def test(bin_dir):
    if not browser.is_there():
        return print("SKIPPED: no chromium")
    got = subprocess.run([os.path.join(os.path.dirname(__file__), "axe", "install.sh"), sys.argv[2]], capture_output=True, text=True)
    if got.returncode == 77:
        return print("SKIPPED: axe-core cannot be installed:", got.stdout)
    check(got.returncode == 0, got.stderr)
    with open(os.path.join(sys.argv[2], "node_modules", "axe-core", "axe.min.js")) as file:
        axe = file.read() + ";0"
    site = origin(bin_dir)
    made = subprocess.run([f"{bin_dir}/braid-serp", "serve", "--new-token", "ann"], capture_output=True, text=True, check=True)
    with tempfile.NamedTemporaryFile("w") as tokens:
        tokens.write(made.stdout)
        tokens.flush()
        proxies = ["--proxy", "http://127.0.0.1:9"]
        servers = [(serve(bin_dir, site, *proxies), "document.querySelector('#tasks tr') && document.querySelector('#proxies tr')"),
                   (serve(bin_dir, site, "--tokens", tokens.name), "!document.getElementById('sign-in').hidden")]
        try:
            client(servers[0][0]).call("POST", "/v1/task", {"engine": "google", "q": "owls"})
            for server, ready in servers:
                for width in [390, 1280]:
                    for dark in [False, True]:
                        page = browser(server.url + "/", width=width, dark=dark)
                        try:
                            page.wait(ready)
                            found = faults(page, axe)
                            check(found == [], f"{width} {'dark' if dark else 'light'}: {found}")
                        finally:
                            page.close()
        finally:
            for server, _ in servers:
                server.kill()
            site.kill()


main(test)
