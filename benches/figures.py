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
    """The news site, and a Page that takes every post and shows none."""

    def do_GET(self):
        if self.headers.get("If-None-Match") == '"1"':
            self.send_response(304)
            self.end_headers()
            return
        if "published_posts" in self.path:
            self.answer(b'{"data":[]}', "application/json")
            return
        self.answer(feed(), "text/xml; charset=utf-8")

    posts = 0

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Site.posts += 1
        self.answer(f'{{"id":"1_{Site.posts}"}}'.encode(), "application/json")

    def answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def settings(port: int, first_poll: str) -> str:
    return f"""
[[feeds]]
name = "tin"
url = "http://127.0.0.1:{port}/rss"
first_poll = "{first_poll}"
read_pages = false
[[pages]]
name = "trang"
id = "1"
feeds = ["tin"]
spacing = "0s"
quiet_hours = ""
max_age = "9999d"
posts_per_day = {ENTRIES}
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
        quiet = quietly(folder, settings(site.server_address[1], "baseline"))
        subprocess.run([LOA, "once"], check=True, **quiet)
        unchanged = median(RUNS, lambda: subprocess.run([LOA, "once"], check=True, **quiet))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"loa once, {ENTRIES} entries unchanged: {unchanged * 1000:.0f} ms median of {RUNS}, {peak:.1f} MiB at most")
        daemon = subprocess.Popen([LOA, "run"], **quiet)
        time.sleep(SETTLE_SECONDS)
        status = pathlib.Path(f"/proc/{daemon.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        print(f"idle daemon: {int(resident.split()[1]) / 1024:.1f} MiB resident")
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
    with tempfile.TemporaryDirectory() as folder:
        quiet = quietly(folder, settings(site.server_address[1], "publish"))
        whole = median(1, lambda: subprocess.run([LOA, "once"], check=True, **quiet))
        assert Site.posts == ENTRIES, Site.posts
        each = (whole - unchanged) / ENTRIES
        print(f"posting {ENTRIES} articles without pictures: {each * 1000:.1f} ms each")


def quietly(folder: str, text: str) -> dict:
    """How loa is run on a state folder of its own, with these settings."""
    config = pathlib.Path(folder) / "loa.toml"
    config.write_text(text)
    environment = {**os.environ, "LOA_CONFIG": str(config), "LOA_STATE": f"{folder}/state", "LOA_TOKEN": "none"}
    return {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def median(runs: int, work) -> float:
    """Seconds that the work takes, in the middle of so many runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[runs // 2]


main()
