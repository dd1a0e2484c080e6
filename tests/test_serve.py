"""`python -m config.serve`, which is `make serve` after its installing: a first start, a second one, and a bad one."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.site import LANGUAGES, LESSONS, ROOT, free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("serve")]

PASSWORD = re.compile(r"password (\S+)")


class Serving:
    """One `python -m config.serve` in a data folder; what it printed, and how it ended."""

    def __init__(self, folder, port=0, **environment):
        self.folder, self.port = folder, port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = {**kept, "DATA_DIR": str(folder), "PORT": str(self.port), "WORKERS": "1", **environment}
        self.output = folder / f"output-{time.monotonic_ns()}"

    def start(self):
        command = [sys.executable, "-m", "config.serve"]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        return self

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def until_it_answers(self, seconds=300):
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            if is_answering(self.url):
                return self
            time.sleep(0.2)
        raise AssertionError(self.printed)

    def stop(self, seconds=20) -> bool:
        """Asks it to stop as Ctrl-C does; says whether all of it went in time, and ends what did not."""
        if not is_running(self.process.pid):
            return True
        os.killpg(self.process.pid, signal.SIGINT)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None and not is_running(self.process.pid):
                return True
            time.sleep(0.1)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        return False


def is_answering(url) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/x/", data=b"", timeout=5):
            return True
    except OSError:
        return False


def is_running(group) -> bool:
    """Whether a process of the group does anything still; one that ended and waits to be counted does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return False


def state_of(folder) -> set[str]:
    """Every row of the database, and every sheet on the shelf with its time."""
    with sqlite3.connect(folder / "setuju.sqlite3") as database:
        rows = {row[:300] for row in database.iterdump()}
    return rows | {f"{path.name} {path.stat().st_mtime_ns}" for path in (folder / "printables").iterdir()}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A first start in an empty folder, as `make serve` leaves it: a key, and the static files."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "secret_key").write_text("a-key-of-the-tests\n")
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    collecting = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "SECRET_KEY": "x", "DATA_DIR": str(folder)})
    serving = Serving(folder).start()
    try:
        assert collecting.wait(300) == 0
        yield serving.until_it_answers()
    finally:
        serving.stop()


@pytest.fixture(scope="module")
def second(first):
    """The same folder and port once more, after the first has stopped."""
    first.stopped_whole = first.stop()
    first.went_silent = not is_answering(first.url)
    first.state = state_of(first.folder)
    serving = Serving(first.folder, first.port).start()
    try:
        yield serving.until_it_answers()
    finally:
        serving.stop()


def test_a_first_start_says_where_the_site_is_and_how_an_editor_gets_in(first):
    lines = first.printed.splitlines()
    assert f"Setuju:  {first.url}/" in lines
    assert f"Editors: {first.url}/admin/" in lines
    assert len(PASSWORD.findall(first.printed)) == 1
    assert len(PASSWORD.search(first.printed)[1]) >= 16
    assert "Traceback" not in first.printed
    assert "a-key-of-the-tests" not in first.printed


def test_a_first_start_serves_every_language_and_its_sheets(first):
    for language in LANGUAGES:
        for page in ("", "student/s2/4/", "student/s2/4/print/worksheet/"):
            with urllib.request.urlopen(f"{first.url}/{language}/{page}", timeout=60) as answer:
                assert answer.status == 200
                assert answer.read(5) in (b"%PDF-", b"<!doc")
    sheets = list((first.folder / "printables").glob("*.pdf"))
    assert len(sheets) == (len(LESSONS) * 7 + 1) * len(LANGUAGES)  # a card, too; made before anybody asked


def test_the_password_that_is_shown_opens_the_door(first):
    password = PASSWORD.search(first.printed)[1]
    code = "from audiences.models import User; editor = User.objects.get(); "
    code += f"print(editor.email, editor.check_password({password!r}))"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=ROOT, env={**first.environment, "SECRET_KEY": "x"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["editor@setuju.invalid", "True"]


def test_nobody_else_on_the_machine_reads_the_database(first):
    assert (first.folder / "setuju.sqlite3").stat().st_mode & 0o077 == 0


def test_ctrl_c_stops_all_of_it(first, second):
    assert first.stopped_whole
    assert first.went_silent
    assert "Traceback" not in first.printed


def test_a_second_start_shows_no_password_and_changes_nothing(first, second):
    assert f"Setuju:  {second.url}/" in second.printed
    assert "password" not in second.printed
    assert state_of(first.folder) ^ first.state == set()


def test_a_key_in_the_environment_needs_no_file(tmp_path):
    """The README: "`SECRET_KEY` and the rest come from the environment"."""
    done = start_badly(tmp_path, SECRET_KEY="from-the-environment", DATABASE_URL="nonsense://")
    assert "secret_key" not in done.stderr  # it got further: to the database that is not there


def test_without_a_key_it_says_so_in_one_plain_line(tmp_path):
    done = start_badly(tmp_path)
    assert done.returncode != 0
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert len(lines) == 1, lines
    assert "SECRET_KEY" in lines[0]
    assert not (tmp_path / "setuju.sqlite3").exists()


def start_badly(folder, **environment):
    serving = Serving(folder, **environment)
    return subprocess.run(
        [sys.executable, "-m", "config.serve"],
        cwd=ROOT, env=serving.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
