"""A site as its users meet it: its own folder, its own database, the production server."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ms", "en", "zh-hans", "ta")
EDITOR = ("editor@example.org", "a-long-test-password")
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # whatever a page asks for, nothing leaves the machine
]


def lesson_addresses() -> dict[str, str]:
    """Where each shipped lesson stands below its language: `{"s2-4": "student/s2/4/"}`."""
    content = ROOT / "curriculum" / "content"
    described = yaml.safe_load((content / "site" / "site.yaml").read_text())
    courses = {course["id"]: f"{course['audience']}/{course['slug']}" for course in described["courses"]}
    lessons = [yaml.safe_load(path.read_text()) for path in sorted(content.glob("lessons/*/lesson.yaml"))]
    return {lesson["lesson"]: f"{courses[lesson['course']]}/{lesson['slug']}/" for lesson in lessons}


LESSONS = lesson_addresses()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def install_fonts() -> None:
    """Puts the shipped fonts where Chromium finds them: a bare machine has none for Tamil and Chinese."""
    folder = Path.home() / ".local" / "share" / "fonts" / "setuju"
    folder.mkdir(parents=True, exist_ok=True)
    for font in (ROOT / "static" / "fonts").glob("*.otf"):
        if not (folder / font.name).exists():
            whole = Path(shutil.copy(font, folder / f".{font.name}.{os.getpid()}"))
            whole.replace(folder / font.name)  # another worker sees all of it or nothing
    subprocess.run(["fc-cache", "-f"], check=False)


@contextmanager
def launched_browser():
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    install_fonts()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield launched
        launched.close()


class RunningSite:
    """`prepare()` once, then `start()` and `stop()` as often as a test wants."""

    def __init__(self, folder: Path, *, database_url: str = "", workers: int = 1, threads: int = 8) -> None:
        self.folder, self.workers, self.threads = folder, workers, threads
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("DEBUG", "DATABASE_URL")},
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "only-for-tests",
            "DATA_DIR": str(folder),
            "SITE_URL": self.url,
            "PYTHONPATH": str(ROOT),
        }
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.server: subprocess.Popen | None = None

    def manage(self, *command: str, **options) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=options.pop("check", True),
            timeout=300,
            **options,
        )

    def collect(self) -> subprocess.Popen:
        """Starts to collect the static files; takes about as long as the database, and needs nothing of it."""
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment)

    def prepare(self) -> None:
        collecting = self.collect()
        self.manage("migrate", "-v0")
        self.manage("load_curriculum")
        if collecting.wait(300):
            raise RuntimeError("collectstatic failed")
        code = f"from django.contrib.auth import get_user_model as m; m().objects.create_superuser(*{EDITOR!r})"
        self.manage("shell", "-v0", "-c", code)

    def start(self) -> None:
        granian = Path(sys.executable).parent / "granian"
        command = [str(granian), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        command += [
            "--workers",
            str(self.workers),
            "--blocking-threads",
            str(self.threads),
            "--no-ws",
            "--log-level",
            "warning",
        ]
        self.log = (self.folder / "server.log").open("a")
        self.server = subprocess.Popen(
            [*command, "config.wsgi:application"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        try:
            self.wait()
        except RuntimeError:
            self.stop()
            raise

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/x/", data=b"", timeout=5):  # a GET would lead to another host
                    return
            except OSError:
                if self.server and self.server.poll() is not None:
                    break
                time.sleep(0.2)
        raise RuntimeError((self.folder / "server.log").read_text()[-3000:])

    def stop(self) -> None:
        if self.server:
            os.killpg(self.server.pid, 15)
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, 9)
                self.server.wait(10)
            self.log.close()
            self.server = None
