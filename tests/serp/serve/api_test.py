"""The API from outside: each route, each kind of refusal, each answer checked against /openapi.json.

usage: api_test.py BIN_DIR
"""
import json, tempfile, time

from server import check, client, main, origin, serve


def scrape_and_results(api):
    got = api.call("POST", "/v1/scrape", {"engine": "google", "q": "ravens", "hl": "en"})
    check(got.status == 200 and got.headers["Braid-Status"] == "done", got.text)
    record, task = got.json(), got.headers["Braid-Task"]
    check(record["search_metadata"]["id"] == task, "the record has the task's id")
    check(len(record["organic_results"]) > 3, "the record has results")
    check(record["search_parameters"] == {"engine": "google", "q": "ravens", "hl": "en", "device": "desktop", "page": 1},
          record["search_parameters"])
    check(api.call("GET", f"/v1/task/{task}").json()["status"] == "done", "the task is done")
    check(api.call("GET", f"/v1/task/{task}/results").json() == record, "the results are the same record")
    lines = api.call("GET", f"/v1/task/{task}/results?output=csv").text.splitlines()
    check(lines[0].startswith("engine,query,page") and len(lines) == 1 + len(record["organic_results"]), lines[0])
    markdown = api.call("GET", f"/v1/task/{task}/results?output=markdown").text
    check(markdown.startswith("# ravens\n") and "\n1. [" in markdown, markdown[:200])
    check(json.loads(api.call("GET", f"/v1/task/{task}/results?output=ndjson").text) == record, "ndjson")
    check(api.call("GET", f"/v1/task/{task}/results?output=html").status == 404, "the page was not asked for")
    check(api.call("GET", f"/v1/task/{task}/results?output=pdf").status == 400, "no such output")
    page = api.call("POST", "/v1/scrape", {"engine": "google", "q": "ravens", "hl": "en", "output": "html"})
    check(page.text.lstrip().lower().startswith("<!doctype html") and "sandbox" in page.headers["Content-Security-Policy"],
          page.text[:80])
    # A form, as curl -d sends it, and JSON under its type.
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    check(api.call("POST", "/v1/scrape", "engine=google&q=ravens&hl=en", **form).json()["organic_results"]
          == record["organic_results"], "a form")
    check(api.call("POST", "/v1/scrape", ' {"engine":"google","q":"ravens"}', **form).status == 200, "JSON as a form")


def cache(api):
    ask = {"engine": "bing", "q": "magpies"}
    first = api.call("POST", "/v1/scrape", ask).json()
    check(api.call("POST", "/v1/scrape", ask).json() == first, "the same record answers again")
    fresh = api.call("POST", "/v1/scrape", dict(ask, no_cache=True)).json()
    check(fresh["search_metadata"]["created_at"] != first["search_metadata"]["created_at"], "no_cache asks again")


def finished(api, task):
    deadline = time.monotonic() + 60
    while True:
        got = api.call("GET", f"/v1/task/{task}/results")
        if got.status != 204:
            return got
        check(time.monotonic() < deadline, f"task {task} does not end")
        time.sleep(0.02)


def tasks(api):
    created = api.call("POST", "/v1/task", {"engine": "google", "q": "owls", "num": 20}, Idempotency_Key="k1")
    check(created.status == 202, created.text)
    task = created.json()["id"]
    check(created.headers["Location"] == f"/v1/task/{task}", "Location")
    check(finished(api, task).json()["search_parameters"]["num"] == 20, "num")
    again = api.call("POST", "/v1/task", {"engine": "google", "q": "owls", "num": 20}, Idempotency_Key="k1")
    check(again.json()["id"] == task, "the same key is the same task")
    other = api.call("POST", "/v1/task", {"engine": "google", "q": "other owls"}, Idempotency_Key="k1")
    check(other.status == 422, "the key belongs to another request")
    other = api.call("POST", "/v1/task", {"engine": "google", "q": "owls", "num": 20, "output": "csv"}, Idempotency_Key="k1")
    check(other.status == 422, "the same search in another form is another request")
    check(api.call("POST", "/v1/scrape", {"engine": "google", "q": "swans", "async": True}).status == 202, "async")
    check(api.call("DELETE", f"/v1/task/{task}").status == 204, "removed")
    for method, path in [("GET", ""), ("GET", "/results"), ("GET", "/events"), ("DELETE", "")]:
        check(api.call(method, f"/v1/task/{task}{path}").status == 404, f"{method} of a removed task")


def batch(api):
    wanted = [{"engine": "google", "q": f"bird {i}"} for i in range(600)]
    wanted[7] = {"engine": "googol", "q": "bird 7"}
    wanted[9] = {"engine": "google", "q": "bird 9", "nmu": 3}
    wanted[11] = "bird 11"
    got = api.call("POST", "/v1/task/batch", {"tasks": wanted}, Idempotency_Key="b")
    said = got.json()
    check(got.status == 202 and said["accepted"] == 597 and said["refused"] == 3, got.text[:200])
    check(said["tasks"][7]["error"]["code"] == "unknown_engine", said["tasks"][7])
    check(said["tasks"][9]["error"]["parameter"] == "nmu", said["tasks"][9])
    ids = [one["id"] for one in said["tasks"] if "id" in one]
    check(len(set(ids)) == 597, "each its own id")
    again = api.call("POST", "/v1/task/batch", {"tasks": wanted}, Idempotency_Key="b").json()
    check([one.get("id") for one in again["tasks"]] == [one.get("id") for one in said["tasks"]], "the same tasks again")
    for task in ids:
        check(finished(api, task).headers["Braid-Status"] == "done", task)
    listed, cursor = [], ""
    while True:
        page = api.call("GET", "/v1/tasks?limit=100&status=done" + cursor).json()
        listed += [one["id"] for one in page["tasks"]]
        if "next_cursor" not in page:
            break
        cursor = "&cursor=" + page["next_cursor"]
    check(len(listed) == len(set(listed)) and set(ids) <= set(listed), "the list has each task once")
    check(api.call("POST", "/v1/task/batch", {"tasks": []}).status == 400, "an empty batch")
    check(api.call("POST", "/v1/task/batch", {"tasks": wanted[:1] * 5001}).status == 400, "too large a batch")
    check(api.call("POST", "/v1/task/batch", {"tasks": [{"q": "x"}]}).json()["refused"] == 1, "all refused")


def refusals(api):
    good = {"engine": "google", "q": "x"}
    wrong = [{}, {"engine": "google"}, {"q": "x"}, dict(good, q=" "), dict(good, q="x" * 2049), dict(good, q="a\nb"),
             dict(good, q=3), dict(good, page=0), dict(good, page="two"), dict(good, page=1.5), dict(good, num=101),
             dict(good, start=-1), dict(good, device="phone"), dict(good, safe="on"), dict(good, output="xml"),
             dict(good, gl="../x"), dict(good, hl="e"), dict(good, google_domain="evil.example"),
             dict(good, google_domain="google.com@evil.example"), dict(good, google_domain="google.com.evil.example"),
             dict(good, google_domain="google.evil"), dict(good, url="http://169.254.169.254/"), dict(good, no_cache="yes"),
             dict(good, callback_url="http://127.0.0.1/"), [good], "text", None]
    for body in wrong:
        got = api.call("POST", "/v1/scrape", json.dumps(body), Content_Type="application/json")
        check(got.status == 400, f"{body} is {got.status}")
    check(api.call("POST", "/v1/task", "{" * 50_000).status == 400, "nested too deep")
    check(api.call("POST", "/v1/task", '{"engine":"google","q":"' + "x" * 70_000 + '"}').status == 413, "too large")
    check(api.call("POST", "/v1/task", "engine=google&q=x&q=y").status == 400, "a parameter that is there twice")
    check(api.call("POST", "/v1/task", "engine=google&q=%ff").status == 400, "no UTF-8")
    check(api.call("POST", "/v1/scrape", dict(good, google_domain="google.co.uk")).status == 200, "a domain of Google's")
    check(api.call("GET", "/v1/scrape").headers["Allow"] == "POST, OPTIONS", "Allow")
    check(api.call("GET", "/nowhere").status == 404, "nowhere")
    for query in ["limit=0", "limit=1001", "status=lost", "cursor=x", "order=up"]:
        check(api.call("GET", "/v1/tasks?" + query).status == 400, query)


def browsers(api):
    """What pages of other origins could send."""
    for headers in [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"},
                    {"Sec_Fetch_Site": "cross-site"}]:
        check(api.call("GET", "/v1/tasks", **headers).status == 403, headers)
    check(api.call("GET", "/v1/tasks", Origin=f"http://127.0.0.1:{api.connection.port}", Sec_Fetch_Site="same-origin").status
          == 200, "its own page")


def status(api):
    check(api.call("GET", "/healthz").json() == {"status": "ok"}, "healthz")
    check("google" in api.call("GET", "/v1/engines").json()["engines"], "engines")
    state = api.call("GET", "/v1/state").json()
    check(state["figures"]["done"] >= 600 and state["figures"]["stages"]["gather"]["seconds"] > 0, state["figures"])
    check(any(one["name"] == "google" for one in state["engines"]) and state["proxies"] == [], state)
    check(api.call("GET", "/").text.startswith("<!DOCTYPE html>"), "the page")
    check(api.call("GET", "/page/main.js").headers["Content-Type"].startswith("text/javascript"), "its script")
    check(api.call("GET", "/page/openapi.json").status == 404, "nothing else is a part of it")
    figures = dict(line.rsplit(" ", 1) for line in api.call("GET", "/metrics").text.splitlines() if not line.startswith("#"))
    check(float(figures['braid_tasks{status="done"}']) >= 600 and float(figures['braid_tasks{status="waiting"}']) == 0, figures)
    check(float(figures['braid_http_requests_total{route="/v1/task/batch",status="202"}']) == 2, figures)


def queue(bin_dir):
    """A task far back in the queue, asked for once more by who wants to wait for it."""
    site = origin(bin_dir, "--latency", "20s")
    server = serve(bin_dir, site)
    try:
        api = client(server)
        wanted = [{"engine": "google", "q": f"bird {i}"} for i in range(1100)]  # more than are in memory
        last = api.call("POST", "/v1/task/batch", {"tasks": wanted}, Idempotency_Key="q").json()["tasks"][-1]["id"]
        again = api.call("POST", "/v1/scrape", wanted[-1], Idempotency_Key="q#1099")
        check(again.status == 202 and again.json()["id"] == last, again.text)
    finally:
        server.kill()
        site.kill()


def test(bin_dir):
    queue(bin_dir)
    site = origin(bin_dir)
    server = serve(bin_dir, site, "--contexts", "2")
    try:
        api = client(server)
        for part in [scrape_and_results, cache, tasks, batch, refusals, browsers, status]:
            part(api)
        described = {(method.upper(), path) for path, operations in api.document["paths"].items()
                     for method in operations if method in ("get", "post", "delete")}
        untried = described - {(method, path) for method, path, code in api.seen if code < 300}
        # Streams have a test of their own.
        check(untried <= {("GET", "/v1/events"), ("GET", "/v1/task/{id}/events"), ("GET", "/openapi.json")}, untried)
        check(server.end() == 0, server.said)
    finally:
        server.kill()
        site.kill()


main(test)
