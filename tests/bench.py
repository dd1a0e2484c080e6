"""`make bench`: what the site costs, as ratios within one run. Prints a Markdown table for the README.

`python -m tests.bench site`, `quiz` or `class` measures one part; `--kills 20` is less thorough than 200, and
faster, as `--classes 3` is than 25.
"""

import argparse
import gzip
import os
import platform
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

from config.serve import THREADS, WORKERS
from tests.bench_class import class_rows
from tests.bench_quiz import quiz_rows
from tests.site import ROOT, RunningSite

SECONDS = 5
CLIENTS = 8
LESSON = "/ta/student/s3/4/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=["all", "site", "quiz", "class"], default="all")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--classes", type=int, default=25)
    options = parser.parse_args()
    rows = []
    if options.part in ("all", "site"):
        rows += [(name, value, "") for name, value in site_rows()]
    if options.part in ("all", "quiz"):
        rows += quiz_rows(number_of_kills=options.kills)
    if options.part in ("all", "class"):
        rows += class_rows(number_of_classes=options.classes)
    print(f"\n{machine()}\n\n| measure | SQLite | PostgreSQL |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def site_rows():
    with tempfile.TemporaryDirectory() as folder:
        site = RunningSite(Path(folder), workers=int(WORKERS), threads=int(THREADS))
        site.manage("migrate", "-v0")
        first, again = timed(lambda: site.manage("load_curriculum")), timed(lambda: site.manage("load_curriculum"))
        idle = timed(lambda: site.manage("shell", "-v0", "-c", ""))
        site.manage("collectstatic", "--noinput", "-v0")
        site.start()
        try:
            yield from serving(site)
            yield "first view of the home page, compressed", f"{first_view(site, '/ms/') / 1024:.0f} KB"
            yield "first view of a lesson, compressed", f"{first_view(site, LESSON) / 1024:.0f} KB"
        finally:
            site.stop()
        yield "loading the curriculum into an empty site", f"{first:.1f} s"
        yield "loading it again, all unchanged", f"{again:.1f} s, of which starting Django {idle:.1f} s"
        yield from printing(site)


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def machine() -> str:
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, server with {WORKERS} workers of {THREADS} threads, "
        f"{CLIENTS} clients on the same cores"
    )


def serving(site: RunningSite):
    """Pages a second: an empty view, a lesson that is remembered, and one that is made anew for each visitor."""
    empty = rate(site, "POST", "/x/")
    kept = rate(site, "GET", LESSON)
    made = rate(site, "GET", f"{LESSON}?anew")  # a question in the address is never remembered
    yield "empty view", f"{empty:,.0f} a second"
    yield "lesson page, remembered", f"{kept:,.0f} a second: 1/{empty / kept:.1f} of the empty view"
    yield "lesson page, made anew", f"{made:,.0f} a second: 1/{empty / made:.0f} of the empty view"


def rate(site: RunningSite, method: str, path: str) -> float:
    """Whole answers a second over `SECONDS`, from `CLIENTS` connections that stay open."""
    counts, until = [0] * CLIENTS, time.monotonic() + SECONDS

    def client(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", site.port, timeout=30)
        while time.monotonic() < until:
            connection.request(method, path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (200, 204):
                raise RuntimeError(f"{path}: {answer.status}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def first_view(site: RunningSite, path: str) -> int:
    """Bytes on the wire for a page with its styles, scripts, icons and the pictures that load at once."""

    def fetch(address: str) -> tuple[int, str]:
        request = urllib.request.Request(f"{site.url}{address}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
            packed = answer.headers.get("Content-Encoding") == "gzip"
        return len(body), (gzip.decompress(body) if packed else body).decode()

    size, page = fetch(path)
    lazy = set(re.findall(r'<img[^>]+src="([^"]+)"[^>]*loading="lazy"', page))
    parts = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page)) - lazy
    return size + sum(fetch(part)[0] for part in parts)


PRINT = """
import resource, sys, time, django
django.setup()
from curriculum import printables
from curriculum.models import LessonPage
from curriculum.typesetting import typeset
lesson = LessonPage.objects.get(url_path="/{language}/student/s3/4/")
html, assets = printables.compose(lesson, printables.KINDS["worksheet"])
start = time.perf_counter(); typeset(html, assets); first = time.perf_counter() - start
start = time.perf_counter()
for _ in range(40): typeset(html, assets)
print(first, (time.perf_counter() - start) / 40, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def printing(site: RunningSite):
    for language in ("en", "ta", "zh-hans"):
        code = PRINT.replace("{language}", language)
        result = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True
        )
        first, each, memory = map(float, result.stdout.split())
        yield (
            f"worksheet as PDF, {language}",
            f"{first:.2f} s the first, {each:.2f} s each of the next 40, {memory / 1024:.0f} MB at most",
        )


if __name__ == "__main__":
    main()
