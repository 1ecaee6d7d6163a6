"""What the figures are measured against: the release binary, a news site and a Page."""

import http.server
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOA = ROOT / "target" / "release" / "loa"
ENTRIES = 50
# What the Page says of the token: alive, without an end.
TOKEN = {
    "type": "PAGE", "is_valid": True, "profile_id": "1", "expires_at": 0, "data_access_expires_at": 0,
    "scopes": ["pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_read_user_content"],
}


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
        if "debug_token" in self.path:
            self.answer(json.dumps({"data": TOKEN}).encode(), "application/json")
            return
        Site.posts += self.path.endswith("/feed")
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


def quietly(folder: str, text: str) -> dict:
    """How loa is run on a state folder of its own, with these settings."""
    config = pathlib.Path(folder) / "loa.toml"
    config.write_text(text)
    environment = {**os.environ, "LOA_CONFIG": str(config), "LOA_STATE": f"{folder}/state", "LOA_TOKEN": "none"}
    return {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
