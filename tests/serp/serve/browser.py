"""A headless Chromium that a test drives by the DevTools protocol, over a pipe."""
import base64, json, os, shutil, subprocess, tempfile, threading


class browser:
    """One page. What its scripts, its network and its policy complain about is in `complaints`."""

    def __init__(self, url, width=1280, height=900, dark=False):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def places():
            # The browser reads from 3 and writes to 4.
            os.dup2(os.dup(theirs_in), 103), os.dup2(os.dup(theirs_out), 104)
            os.dup2(103, 3), os.dup2(104, 4)

        self.child = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
             "--no-first-run", f"--user-data-dir={self.folder.name}", f"--window-size={width},{height}", "about:blank"],
            close_fds=False, preexec_fn=places, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_out), os.close(theirs_in)
        self.input, self.output = os.fdopen(ours_in, "rb"), os.fdopen(ours_out, "wb", buffering=0)
        self.number, self.answers, self.session, self.complaints = 0, {}, None, []
        self.changed, self.loaded, self.gone = threading.Condition(), 0, False
        threading.Thread(target=self.read, daemon=True).start()
        target = next(one for one in self.ask("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.ask(domain + ".enable")
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.open(url)

    @staticmethod
    def is_there():
        return shutil.which("chromium") is not None

    def read(self):
        rest = b""
        while piece := os.read(self.input.fileno(), 1 << 16):
            *messages, rest = (rest + piece).split(b"\0")
            for message in messages:
                self.take(json.loads(message))
        with self.changed:
            self.gone = True
            self.changed.notify_all()

    def take(self, message):
        with self.changed:
            method, parameters = message.get("method"), message.get("params", {})
            if "id" in message:
                self.answers[message["id"]] = message
            elif method == "Page.loadEventFired":
                self.loaded += 1
            elif method == "Runtime.exceptionThrown":
                self.complaints.append(parameters["exceptionDetails"])
            elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                self.complaints.append(parameters["args"])
            elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                self.complaints.append(parameters["entry"])
            self.changed.notify_all()

    def ask(self, method, **parameters):
        with self.changed:
            self.number += 1
            number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.output.write(json.dumps(message).encode() + b"\0")
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.answers or self.gone, 60) or number not in self.answers:
                raise AssertionError(f"{method}: the browser does not answer")
            answer = self.answers.pop(number)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, url):
        with self.changed:
            before = self.loaded
        self.ask("Page.navigate", url=url)
        with self.changed:
            if not self.changed.wait_for(lambda: self.loaded > before, 60):
                raise AssertionError(f"{url} does not load")

    def run(self, script):
        """The value of an expression in the page; promises are waited for."""
        # As a debugger's: the page's policy is about its own scripts.
        got = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in got:
            raise AssertionError(f"{script[:200]}: {got['exceptionDetails']}")
        return got["result"].get("value")

    def wait(self, script, seconds=30):
        """Until the expression is true."""
        found = self.run("(async () => { for (let i = 0; i < %d; ++i) { if (%s) return true; "
                         "await new Promise((go) => setTimeout(go, 50)); } return false; })()" % (seconds * 20, script))
        if not found:
            raise AssertionError(f"not true in {seconds} s: {script}")
        return found

    def key(self, name, text="", code=0, shift=False):
        more = {"key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **more)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **more)

    def tab(self, back=False):
        self.key("Tab", code=9, shift=back)

    def enter(self):
        self.key("Enter", text="\r", code=13)

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def screenshot(self, path, whole=True):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=whole)["data"]))

    def close(self):
        self.child.terminate()
        self.child.wait(timeout=30)
        self.output.close()
        # Its children write on for a moment.
        with self.changed:
            self.changed.wait_for(lambda: self.gone, 10)
        self.folder.cleanup()
