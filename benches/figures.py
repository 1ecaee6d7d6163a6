#!/usr/bin/env python3
"""The figures that README.md gives, measured on this machine: run by `make figures`.

Needs nothing but Python's standard library and the release binary.
"""

import http.server
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time

from site_for_figures import ENTRIES, LOA, Site, quietly, settings

RUNS = 20
SETTLE_SECONDS = 8


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


def median(runs: int, work) -> float:
    """Seconds that the work takes, in the middle of so many runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[runs // 2]


main()
