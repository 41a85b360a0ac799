"""Who may use the API: tokens, whose tasks are whose, rates and quotas, and where a server refuses to listen.

usage: access_test.py BIN_DIR
"""
import os, subprocess, tempfile, time

from server import check, client, main, origin, serve


def new_token(bin_dir, name):
    done = subprocess.run([f"{bin_dir}/braid-serp", "serve", "--new-token", name], capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)
    token = done.stderr.split()[1]
    check(token not in done.stdout and done.stdout.startswith(name + " "), "the file has no token, only its hash")
    return token, done.stdout.strip()


def refused(bin_dir, *options):
    done = subprocess.run([f"{bin_dir}/braid-serp", "serve", *options], capture_output=True, text=True, timeout=60)
    check(done.returncode == 2, f"{options}: {done.returncode} {done.stderr}")
    return done.stderr


def owners(server, ann_token, bob_token):
    nobody, ann, bob = client(server), client(server, ann_token), client(server, bob_token)
    for wrong in [nobody, client(server, ann_token[:-1]), client(server, "")]:
        got = wrong.call("GET", "/v1/tasks")
        check(got.status == 401 and got.headers["WWW-Authenticate"] == "Bearer", got.text)
        check(wrong.call("POST", "/v1/scrape", {"engine": "google", "q": "x"}).status == 401, "nobody may ask")
        check(wrong.call("GET", "/metrics").status == 401, "nobody may look")
    check(nobody.call("GET", "/healthz").status == 200, "health is for everybody")
    task = ann.call("POST", "/v1/task", {"engine": "google", "q": "x"}, Idempotency_Key="k").json()["id"]
    for method, path in [("GET", ""), ("GET", "/results"), ("GET", "/events"), ("DELETE", "")]:
        check(bob.call(method, f"/v1/task/{task}{path}").status == 404, "another's task is none")
    check(bob.call("GET", "/v1/tasks").json() == {"tasks": []}, "another's tasks are not listed")
    check(len(ann.call("GET", "/v1/tasks").json()["tasks"]) == 1, "one's own are")
    theirs = bob.call("POST", "/v1/task", {"engine": "google", "q": "x"}, Idempotency_Key="k").json()["id"]
    check(theirs != task, "keys are each owner's own")
    got = nobody.call("GET", "/v1/tasks", Authorization="bearer  " + ann_token)
    check(got.status == 401, "two spaces")
    check(nobody.call("GET", "/v1/tasks", Authorization="bearer " + ann_token).status == 200, "the scheme in small letters")
    # With a token the request's origin does not matter: no browser adds it by itself.
    check(ann.call("GET", "/v1/tasks", Host="any.example").status == 200, "any name")


def allowances(server, bob_token, eve_token):
    bob, eve = client(server, bob_token), client(server, eve_token)
    batch = {"tasks": [{"engine": "google", "q": str(i)} for i in range(6)]}
    check(eve.call("POST", "/v1/task/batch", batch).status == 429, "more than the quota")
    batch["tasks"] = batch["tasks"][:5]
    first = eve.call("POST", "/v1/task/batch", batch, Idempotency_Key="e")
    check(first.status == 202, "the quota")
    got = eve.call("POST", "/v1/task", {"engine": "google", "q": "x"})
    check(got.status == 429 and 0 < int(got.headers["Retry-After"]) <= 86_400, "it is used up")
    again = eve.call("POST", "/v1/task/batch", batch, Idempotency_Key="e")
    check([one["id"] for one in again.json()["tasks"]] == [one["id"] for one in first.json()["tasks"]], "the same batch is free")
    batch["tasks"].append({"engine": "google", "q": "y"})
    check(eve.call("POST", "/v1/task/batch", batch, Idempotency_Key="e").status == 429, "one more is not")
    one = eve.call("POST", "/v1/task", {"engine": "google", "q": "0"}, Idempotency_Key="e#0")
    check(one.status == 202 and one.json()["id"] == first.json()["tasks"][0]["id"], "a task of it is free as well")
    check(eve.call("GET", "/v1/tasks").status == 200, "looking is free")
    codes = {bob.call("POST", "/v1/task", {"engine": "google", "q": str(i)}).status for i in range(50)}
    check(codes <= {202, 429} and 429 in codes, codes)


def quota_survives(bin_dir, folder, tokens, eve_token):
    """A restart is no way to a second quota. A day that ends in between is one: then the answer may be 202."""
    options = ["--tokens", tokens, "--state", os.path.join(folder, "tasks.sqlite")]
    batch = {"tasks": [{"engine": "google", "q": str(i)} for i in range(5)]}
    site = origin(bin_dir)
    try:
        for wanted in [202, 429]:
            day = time.time() // 86_400
            server = serve(bin_dir, site, *options)
            try:
                got = client(server, eve_token).call("POST", "/v1/task/batch", batch).status
                check(got == wanted or time.time() // 86_400 != day or time.time() % 86_400 < 300, f"{got}, not {wanted}")
                check(server.end() == 0, server.said)
            finally:
                server.kill()
    finally:
        site.kill()


def test(bin_dir):
    with tempfile.TemporaryDirectory() as folder:
        made = {name: new_token(bin_dir, name) for name in ["ann", "bob", "eve"]}
        path = os.path.join(folder, "tokens")
        with open(path, "w") as file:
            print("# who may ask", made["ann"][1], made["bob"][1] + " rate=0.001", made["eve"][1] + " quota=5",
                  sep="\n", file=file)
        site = origin(bin_dir)
        server = serve(bin_dir, site, "--tokens", path)
        try:
            owners(server, made["ann"][0], made["bob"][0])
            allowances(server, made["bob"][0], made["eve"][0])
            for token, _ in made.values():
                check(token not in server.said, "a token in the log")
        finally:
            server.kill()
            site.kill()

        quota_survives(bin_dir, folder, path, made["eve"][0])
        check("--insecure-listen" in refused(bin_dir, "--listen", "0.0.0.0:0"), "open to all")
        check("--insecure-listen" in refused(bin_dir, "--listen", "0.0.0.0:0", "--tokens", path), "no TLS")
        check("--insecure-listen" in refused(bin_dir, "--listen", "[::]:0", "--cert", path, "--key", path), "no tokens")
        for text in ["ann\n", "ann abc\n", made["ann"][1] + " rate=-1\n", made["ann"][1] + " quota=x\n", "# nobody\n",
                     made["ann"][1] + "\n" + made["ann"][1] + "\n"]:
            with open(path, "w") as file:
                file.write(text)
            check("tokens" in refused(bin_dir, "--listen", "127.0.0.1:0", "--tokens", path), text)
        refused(bin_dir, "--listen", "nowhere")
        refused(bin_dir, "--cert", path)
        nowhere = os.path.join(folder, "nowhere")
        for chain, key, option in [(nowhere, path, "--cert "), (path, nowhere, "--key "), (path, folder, "--key ")]:
            said = refused(bin_dir, "--listen", "127.0.0.1:0", "--cert", chain, "--key", key)
            check(option in said and "cannot be read" in said, said)


main(test)
