#!/usr/bin/env python3
"""Time and memory of the worst that a site may send, through the release binary: `make worst`.

Each input is as large as loa accepts it, or nearly. Needs nothing but Python's standard library.
"""

import http.server
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

import site_for_figures as figures

FEED_BYTES = 8 << 20
PAGE_BYTES = 5 << 20
# What loa may take of one machine: longer, and the daemon gives the reading up.
SECONDS_MAX = 30
MEBIBYTES_MAX = 512
# Read, bad input, and nothing to be read there (README.md has them all).
EXITS = (0, 65, 69, 78)
BLOCK = 1000
HEAD = "<?xml version='1.0'?><rss version='2.0'><channel><title>Tin</title>"
PROSE = "Giữa tháng 5, nông dân xã Long Khê đồng loạt xuống giống vụ rau mới trên 42,5ha. "


def write(file: pathlib.Path, head: str, piece: str, tail: str, size: int) -> None:
    """In blocks: what this process has held in memory would count as its children's."""
    count = (size - len(head.encode()) - len(tail.encode())) // len(piece.encode())
    block = (piece * BLOCK).encode()
    with file.open("wb") as out:
        out.write(head.encode())
        for _ in range(count // BLOCK):
            out.write(block)
        out.write((piece * (count % BLOCK) + tail).encode())


def feeds() -> dict:
    entry = "<item><title>Tin</title><link>https://bao.example/1</link><description>"
    end = "</description></item></channel></rss>"
    literal = f"{HEAD}{entry}<![CDATA["
    bomb = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {name} '{f'&{inner};' * 10}'>" for inner, name in zip("abcdefgh", "bcdefghi")
    ) + "]><rss version='2.0'><channel><title>Tin</title>"
    return {
        "every entry sound": (HEAD, "<item><title>Tin</title><link>https://bao.example/1</link></item>", "</channel></rss>"),
        "every entry broken": (HEAD, "<item><title>Tin</titel><link>x</item>", "</channel></rss>"),
        "every entry cut": (HEAD, "<item><title>Tin & <link>x", ""),
        "one giant entry": (literal, PROSE, f"]]>{end}"),
        "an entity bomb": (bomb + entry, "&i;", end),
        "ampersands": (HEAD + entry, "&", end),
        "brackets": (HEAD + entry, "<a", end),
        "brackets in literal text": (literal, "<a", f"]]>{end}"),
        "ampersands in literal text": (literal, "&a", f"]]>{end}"),
        "ends of sections": (literal, "]]> ", end),
        "begins of sections": (HEAD + entry, "<![CDATA[", end),
        "ends of elements": (HEAD, "</", ""),
        "elements in each other": (HEAD, "<a>", ""),
        "markup in each other": (literal, "<div>", f"]]>{end}"),
        "labels in each other": (literal, "<div><b>a:</b>", f"]]>{end}"),
        "bold in each other": (literal, "<p><b>", f"]]>{end}"),
        "pictures": (literal, "<img src='/a.jpg'>", f"]]>{end}"),
        "wrong letters": (literal, "Caàn Ñöôùc ", f"]]>{end}"),
        "comments that do not end": (HEAD, "<!--", ""),
        "dates": (HEAD, "<item><pubDate>5/6/2023</pubDate></item>", "</channel></rss>"),
        "JSON in itself": ('{"items":', "[", ""),
        "JSON entries broken": ('{"items":[', '{"title":[1]},', "{}]}"),
    }


def pages() -> dict:
    head = "<!DOCTYPE html><html><head><title>Tin</title></head><body><article><h1>Tin</h1>"
    return {
        "prose": (head, f"<p>{PROSE}</p>", "</article></body></html>"),
        "one paragraph": (f"{head}<p>", PROSE, "</p></article></body></html>"),
        "elements in each other": (head, "<div>", ""),
        "paragraphs in each other": (head, "<div><p>", ""),
        "bold in each other": (head, "<p><b>", ""),
        "tables in each other": (head, "<table><tr><td>", ""),
        "headlines in each other": (head, f"<h1><div>{PROSE}", ""),
        "headlines": (head, f"<h1>{PROSE}</h1>", ""),
        "boxes in each other": (head, "<div class='img'><b>a</b>", ""),
        "boxes": (head, "<div class='img'><img src='/a.jpg'>a</div>", ""),
        "leads": (head, "<div class='box'><p class='sapo'>a</p></div>", ""),
        "leads in each other": (head, "<div class='sapo'>a", ""),
        "furniture in each other": (head, "<div class='content tags-list'>a", ""),
        "lists in each other": (head, "<ul><li>", ""),
        "formatting in each other": (head, "<p><b><i><u><font>a", ""),
        "lines": (head, "a<br><br>", ""),
        "entries of a list": (head, "<li>a", ""),
        "brackets": (head, "<", ""),
        "ampersands": (head, "&", ""),
        "times": (head, "<time>a</time>", ""),
        "names": (head, "<p>Mai An</p>", ""),
        "links": (head, "<a href='/a'>Tin</a>", "</article></body></html>"),
        "pictures": (head, "<img src='/a.jpg'>", "</article></body></html>"),
    }


def write_picture(file: pathlib.Path) -> None:
    """A PNG file of 40 megapixels."""
    width, height = 8000, 5000
    row = b"\0" + bytes(value for x in range(width) for value in (x % 256, x // 256 * 8, 128))
    packer = zlib.compressobj(1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with file.open("wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        for _ in range(height):
            out.write(chunk(b"IDAT", packer.compress(row)))
        out.write(chunk(b"IDAT", packer.flush()) + chunk(b"IEND", b""))


def measured(name: str, command: list, environment: dict, given: bytes = b"") -> bool:
    """Whether it ended by itself, within the bounds."""
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        begun = time.perf_counter()
        child = subprocess.Popen(
            command, env=environment, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
    code = os.waitstatus_to_exitcode(status)
    mebibytes = usage.ru_maxrss / 1024
    print(f"{name:<40} {seconds:7.2f} s {mebibytes:7.0f} MiB   exit {code}", flush=True)
    return code in EXITS and seconds <= SECONDS_MAX and mebibytes <= MEBIBYTES_MAX


def main() -> None:
    if not figures.LOA.exists():
        sys.exit("build it first: cargo build --release")
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), figures.Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        environment = figures.quietly(folder, figures.settings(site.server_address[1], "baseline"))["env"]
        base = ["--base", "https://bao.example/rss", "--json"]
        file = pathlib.Path(folder) / "input"
        within = []
        for verb, size, kinds in (("feed", FEED_BYTES, feeds()), ("article", PAGE_BYTES, pages())):
            for name, kind in kinds.items():
                write(file, *kind, size)
                within.append(measured(f"{verb} of {size >> 20} MiB: {name}", [figures.LOA, verb, file, *base], environment))
        file = file.with_suffix(".png")
        write_picture(file)
        command = [figures.LOA, "post", "-", "--image", file, "--json"]
        within.append(measured("picture of 40 megapixels", command, environment, "Tin".encode()))
    if not all(within):
        sys.exit(f"not all ended within {SECONDS_MAX} s and {MEBIBYTES_MAX} MiB")


main()
