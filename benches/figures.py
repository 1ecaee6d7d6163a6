#!/usr/bin/env python3
"""The figures that README.md gives, measured on this machine: run by `make figures`.

Needs nothing but Python's standard library and the release binary.
"""

import http.server
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOA = ROOT / "target" / "release" / "loa"
ENTRIES = 50
RUNS = 20
SETTLE_SECONDS = 8


def feed() -> bytes:
    items = "".join(
        f"<item><title>Tin số {n} của huyện</title><link>http://127.0.0.1/tin-{n}-a{100000 + n}.html</link>"
        f"<guid>tin-{n}</guid><description>Tóm tắt của tin số {n}, dài hai câu. Câu thứ hai.</description>"
        f"<pubDate>Tue, 24 Nov 2026 0{n % 10}:00:00 +0700</pubDate></item>"
        for n in range(ENTRIES)
    )
    return f"<rss version='2.0'><channel><title>Tin</title>{items}</channel></rss>".encode()


class Site(http.server.BaseHTTPRequestHandler):
    """The news site, and a Page that shows nothing."""

    def do_GET(self):
        if self.headers.get("If-None-Match") == '"1"':
            self.send_response(304)
            self.end_headers()
            return
        if "published_posts" in self.path:
            self.answer(b'{"data":[]}', "application/json")
            return
        self.answer(feed(), "text/xml; charset=utf-8")

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def settings(port: int) -> str:
    return f"""
[[feeds]]
name = "tin"
url = "http://127.0.0.1:{port}/rss"
[[pages]]
name = "trang"
id = "1"
feeds = ["tin"]
token = {{ env = "LOA_TOKEN" }}
[facebook]
graph_url = "http://127.0.0.1:{port}"
[network]
allow_private = ["127.0.0.0/8"]
"""


def main() -> None:
    if not LOA.exists():
        sys.exit("build it first: cargo build --release")
    print(f"release binary: {LOA.stat().st_size / 1e6:.1f} MB")
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "loa.toml"
        config.write_text(settings(site.server_address[1]))
        environment = {**os.environ, "LOA_CONFIG": str(config), "LOA_STATE": f"{folder}/state", "LOA_TOKEN": "none"}
        quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([LOA, "once"], check=True, **quiet)
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            subprocess.run([LOA, "once"], check=True, **quiet)
            times.append(time.perf_counter() - start)
        times.sort()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"loa once, {ENTRIES} entries unchanged: {times[RUNS // 2] * 1000:.0f} ms median of {RUNS}, {peak:.1f} MiB at most")
        daemon = subprocess.Popen([LOA, "run"], **quiet)
        time.sleep(SETTLE_SECONDS)
        status = pathlib.Path(f"/proc/{daemon.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        print(f"idle daemon: {int(resident.split()[1]) / 1024:.1f} MiB resident")
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()


main()
