"""The dashboard in a browser: its figures are the API's, it is worked by keyboard, and it complains of nothing.

usage: dashboard_test.py BIN_DIR [FOLDER]    (FOLDER: where screenshots go)
"""
import os, re, subprocess, sys, tempfile, time

from browser import browser
from server import check, client, main, origin, serve

HOSTILE = "<img src=x onerror=alert(1)> & \"owls\""


def shot(page, name):
    if len(sys.argv) > 2:
        page.screenshot(os.path.join(sys.argv[2], name + ".png"))


def text(page, selector):
    return page.run(f"[...document.querySelectorAll({selector!r})].map((one) => one.innerText)")


def quiet(page, what):
    check(page.complaints == [], f"{what}: {page.complaints}")


def figures_are_the_apis(page, api):
    deadline = time.monotonic() + 30
    while True:
        now = api.call("GET", "/v1/state").json()
        wanted = {name: f"{now['figures'][name]:,}" for name in ["waiting", "gathering", "parsing", "saving", "done", "failed",
                                                                 "listeners"]}
        shown = page.run("Object.fromEntries([...document.querySelectorAll('[data-figure]')].map((one) => "
                         "[one.dataset.figure, one.textContent]))")
        stages = [[name, f"{one['done']:,}", f"{one['failed']:,}"] for name, one in now["figures"]["stages"].items()]
        rows = [row.split("\t")[:3] for row in text(page, "#stages tr")]
        engines = [row.split("\t")[:2] for row in text(page, "#engines tr")]
        tasks = [one["id"][:8] for one in api.call("GET", "/v1/tasks?limit=25").json()["tasks"]]
        listed = text(page, "#tasks button")
        if (shown, rows, listed) == (wanted, stages, tasks):
            break
        check(time.monotonic() < deadline, f"the page shows {shown}, {rows}, {listed}, not {wanted}, {stages}, {tasks}")
        time.sleep(0.1)
    check(engines == [[one["name"], "ok"] for one in now["engines"]], engines)


def plain(bin_dir, site):
    server = serve(bin_dir, site, "--contexts", "2")
    try:
        api = client(server)
        made = [{"engine": "google", "q": f"bird {i}"} for i in range(150)] + [{"engine": "bing", "q": HOSTILE}]
        api.call("POST", "/v1/task/batch", {"tasks": made})
        page = browser(server.url + "/")
        try:
            page.wait("document.querySelector('[data-figure=done]').textContent === '151'")
            figures_are_the_apis(page, api)
            check(any(HOSTILE in row for row in text(page, "#tasks tr")), "a query is text")
            check(page.run("document.querySelectorAll('#tasks img').length") == 0, "and no markup")
            policy = api.call("GET", "/").headers["Content-Security-Policy"]
            check("default-src 'none'" in policy and "unsafe" not in policy, policy)
            by_keyboard(page)
            figures_are_the_apis(page, api)
            shot(page, "desktop-light")
            quiet(page, "desktop")
        finally:
            page.close()
        for width, dark in [(390, False), (390, True), (1280, True)]:
            page = browser(server.url + "/", width=width, height=844, dark=dark)
            try:
                page.wait("document.querySelectorAll('#tasks tr').length > 1 && document.querySelector('#link.live')")
                wide = page.run("document.documentElement.scrollWidth")
                check(wide <= width, f"{wide} pixels do not fit on {width}")
                page.run("document.querySelector('#tasks button').click()")
                page.wait("!document.getElementById('answer').hidden")
                shot(page, f"{width}-{'dark' if dark else 'light'}")
                quiet(page, f"{width} {dark}")
            finally:
                page.close()
        survives_the_server(server)
    finally:
        server.kill()


def by_keyboard(page):
    focus = "document.activeElement.id || document.activeElement.name || document.activeElement.dataset.task || ''"
    page.run("document.activeElement.blur(), window.scrollTo(0, 0)")
    page.tab()
    check(page.run("document.activeElement.className") == "skip", "the first stop leads to the tasks")
    for _ in range(40):
        page.tab()
        if page.run(focus) == "q":
            break
    check(page.run(focus) == "q", "the query is reached")
    page.tab(back=True)
    for letter in "google":
        page.key(letter, text=letter, code=ord(letter.upper()))
    check(page.run("document.activeElement.value") == "google", "the engine is chosen")
    page.tab()
    check(page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid", "one sees where one is")
    page.type("ravens")
    page.enter()
    page.wait("document.getElementById('answer').textContent.includes('\"q\": \"ravens\"')")
    check(text(page, "#answer-says") == ["status: done"], text(page, "#answer-says"))
    page.wait("document.querySelector('#tasks td.text')?.textContent === 'ravens'")
    for _ in range(40):
        page.tab()
        if len(page.run(focus)) == 32:
            break
    task = page.run(focus)
    check(len(task) == 32, "a task is reached")
    page.enter()
    page.wait(f"document.getElementById('answer').textContent.includes('\"id\": \"{task}\"')")
    page.wait("document.activeElement.id === 'answer'")  # the record has the focus


def survives_the_server(server):
    page = browser(server.url + "/")
    try:
        page.wait("document.querySelector('#link.live')")
        server.kill()
        page.wait("document.querySelector('#link.lost')")
    finally:
        page.close()


def many(bin_dir, site):
    """100,000 tasks in the list."""
    server = serve(bin_dir, site, "--rate", "1", "--cache", "0")
    try:
        api = client(server)
        for begin in range(0, 100_000, 5000):
            got = api.call("POST", "/v1/task/batch", {"tasks": [{"engine": "google", "q": f"bird {i}"}
                                                                for i in range(begin, begin + 5000)]})
            check(got.status == 202, got.text[:200])
        page = browser(server.url + "/")
        try:
            page.wait("document.querySelectorAll('#tasks tr').length === 25 && document.querySelector('#link.live')")
            seen = []
            for _ in range(20):
                ids = page.run("[...document.querySelectorAll('#tasks button')].map((one) => one.dataset.task)")
                check(len(ids) == 25 and not set(ids) & set(seen), "each page has its own")
                seen += ids
                page.run("document.getElementById('older').click()")
                page.wait(f"document.querySelector('#tasks button').dataset.task !== '{ids[0]}'")
            check("older" in text(page, "#page-says")[0], "it says where one is")
            page.run("document.getElementById('newest').click()")
            page.wait(f"document.querySelector('#tasks button').dataset.task === '{seen[0]}'")
            check(page.run("document.querySelectorAll('*').length") < 600, "the page holds one page of them")
            quiet(page, "many")
        finally:
            page.close()
        check(server.end() == 0, server.said)
    finally:
        server.kill()


def with_tokens(bin_dir, site):
    made = subprocess.run([f"{bin_dir}/braid-serp", "serve", "--new-token", "ann"], capture_output=True, text=True, check=True)
    token = re.search(r"token: (\S+)", made.stderr).group(1)
    with tempfile.TemporaryDirectory() as folder:
        tokens = os.path.join(folder, "tokens")
        with open(tokens, "w") as file:
            file.write(made.stdout)
        server = serve(bin_dir, site, "--tokens", tokens)
        try:
            api = client(server, token)
            api.call("POST", "/v1/scrape", {"engine": "google", "q": "herons"})
            page = browser(server.url + "/")
            try:
                page.wait("document.activeElement.id === 'token'")
                page.type("wrong")
                page.enter()
                page.wait("document.getElementById('sign-in-fault').textContent !== ''")
                page.run("document.getElementById('token').focus()")
                shot(page, "token")
                page.type(token)
                page.enter()
                page.wait("document.querySelector('#tasks td.text')?.textContent === 'herons'")
                check(page.run("document.getElementById('sign-in').hidden"), "nobody asks any more")
                check(page.run("JSON.stringify(localStorage) + document.cookie") == "{}", "it is kept nowhere else")
                figures_are_the_apis(page, api)
                # That a request is refused is what the console is told, and nothing else.
                check(all("401" in str(one) for one in page.complaints), page.complaints)
            finally:
                page.close()
            check(server.end() == 0, server.said)
        finally:
            server.kill()


def test(bin_dir):
    if not browser.is_there():
        return print("SKIPPED: no chromium")
    site = origin(bin_dir)
    try:
        plain(bin_dir, site)
        many(bin_dir, site)
        with_tokens(bin_dir, site)
    finally:
        site.kill()


main(test)
