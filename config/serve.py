"""`make serve`: prepares the database and the curriculum, says what a first visitor needs, and becomes the server."""

import os
import secrets
import sys
from pathlib import Path

PORT = os.environ.get("PORT", "8000")
# More threads in a process wait for each other, not for the database: when a school joins in a minute, the slowest
# answers take five times as long with 2 processes of 8. A phone that stalls in the middle of a form holds one thread.
WORKERS, THREADS = "4", "2"
PATIENCE = "8"  # seconds that a worker has to stop by itself; now and then one of granian 2 hangs when told twice
FIRST_EDITOR = os.environ.get("FIRST_EDITOR_EMAIL") or "editor@setuju.invalid"


def main() -> None:
    os.umask(0o077)  # the database and the sheets are for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{PORT}")
    key = Path(os.environ.get("DATA_DIR", "var")) / "secret_key"
    if not os.environ.get("SECRET_KEY") and key.exists():
        os.environ["SECRET_KEY"] = key.read_text(encoding="utf-8").strip()

    import django

    django.setup()
    prepare()
    announce(first_editor())
    host = os.environ.get("HOST", "127.0.0.1")
    workers = os.environ.get("WORKERS", WORKERS)
    server = ["granian", "--interface", "wsgi", "--host", host, "--port", PORT, "--workers", workers]
    server += ["--blocking-threads", THREADS, "--workers-kill-timeout", PATIENCE, "--no-ws"]
    server += ["--log-level", "warning", "config.wsgi:application"]
    os.execv(Path(sys.executable).parent / "granian", server)  # noqa: S606 - our own arguments, no shell


def prepare() -> None:
    """The tables, the curriculum and its sheets; each does nothing where nothing changed."""
    from django.core.cache import caches
    from django.core.management import CommandError, call_command

    caches["pages"].clear()  # the templates may be new
    print("Preparing the database ...", flush=True)  # noqa: T201
    call_command("migrate", verbosity=0)
    print("Loading the curriculum ...", flush=True)  # noqa: T201
    call_command("load_curriculum", verbosity=0)
    call_command("close_sessions", verbosity=0)
    try:
        call_command("build_printables")
    except CommandError as error:
        print(error, flush=True)  # noqa: T201 - the lessons are there all the same


def first_editor() -> str:
    """Makes the first editor where there is nobody yet; returns the password, or nothing."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if users.exists():
        return ""
    password = secrets.token_urlsafe(12)
    users.create_superuser(FIRST_EDITOR, password)
    return password


def announce(password: str) -> None:
    from django.conf import settings

    print(f"\nSetuju:  {settings.SITE_URL}/")  # noqa: T201
    print(f"Editors: {settings.SITE_URL}/{settings.ADMIN_PATH}")  # noqa: T201
    if password:
        print(f"         {FIRST_EDITOR}, password {password} (shown this once; change it after signing in)")  # noqa: T201
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        print("Letters: none are sent, so nobody can recover a password; set EMAIL_HOST")  # noqa: T201
    print("Stop with Ctrl-C.\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
