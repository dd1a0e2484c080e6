"""The environment decides: what a process with these variables, and no others, becomes."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

LONG_KEY = "f3x" * 20 + "-Qq9!zZ"
SHOW = (
    "import json; from config import settings as s; "
    "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper()}, default=str))"
)


def run(*arguments, folder, **environment):
    """A Python of ours, in a clean environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def settings_for(tmp_path):
    def read(**environment):
        done = run("-c", SHOW, folder=tmp_path, **{"SECRET_KEY": "x", **environment})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read


class TestSecretKey:
    @pytest.mark.parametrize("environment", [{}, {"SECRET_KEY": ""}, {"DEBUG": "0"}, {"DEBUG": "true"}])
    @pytest.mark.parametrize(
        "command", [["manage.py", "migrate"], ["-c", "import config.wsgi"]], ids=["manage", "wsgi"]
    )
    def test_production_without_one_stops_with_one_plain_line(self, tmp_path, command, environment):
        done = run(*command, folder=tmp_path, **environment)

        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.splitlines() == [
            "Setuju does not start: set SECRET_KEY to a long random text (or DEBUG=1 for development)."
        ]
        assert not (tmp_path / "setuju.sqlite3").exists()

    @pytest.mark.parametrize("key", ["x", "only-for-tests", "k" * 31])
    def test_a_short_one_is_refused_where_the_site_is_public(self, tmp_path, key):
        done = run("manage.py", "check", folder=tmp_path, SITE_URL="https://setuju.example", SECRET_KEY=key)

        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            "Setuju does not start: SECRET_KEY is too short, set 32 random characters or more."
        ]

    def test_development_makes_one_up(self, settings_for):
        first, second = settings_for(DEBUG="1", SECRET_KEY=""), settings_for(DEBUG="1", SECRET_KEY="")

        assert len(first["SECRET_KEY"]) >= 50
        assert first["SECRET_KEY"] != second["SECRET_KEY"]


class TestDebug:
    def test_only_a_one_turns_it_on(self, settings_for):
        assert settings_for(DEBUG="1")["DEBUG"] is True

    @pytest.mark.parametrize("value", ["", "0", "true", "True", "yes", "on", "2", " 1"])
    def test_nothing_else_does(self, settings_for, value):
        assert settings_for(DEBUG=value)["DEBUG"] is False

    def test_it_is_off_by_default_whatever_else_is_set(self, settings_for):
        found = settings_for(DJANGO_DEBUG="1", DEVELOPMENT="1", ENVIRONMENT="development", SITE_URL="http://localhost")

        assert found["DEBUG"] is False


class TestHttps:
    @pytest.fixture
    def secure(self, settings_for):
        return settings_for(SITE_URL="https://setuju.example/", SECRET_KEY=LONG_KEY)

    def test_the_promise_for_years_and_neighbours_is_asked_for(self, secure, settings_for):
        asked = settings_for(
            SITE_URL="https://setuju.example", SECRET_KEY=LONG_KEY, HSTS_SUBDOMAINS="1", HSTS_PRELOAD="1"
        )

        assert secure["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is secure["SECURE_HSTS_PRELOAD"] is False
        assert asked["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is asked["SECURE_HSTS_PRELOAD"] is True

    def test_cookies_and_addresses_become_secure(self, secure):
        assert (secure["SESSION_COOKIE_NAME"], secure["CSRF_COOKIE_NAME"]) == ("__Host-s", "__Host-c")
        assert secure["SESSION_COOKIE_SECURE"] is secure["CSRF_COOKIE_SECURE"] is True
        assert secure["SECURE_SSL_REDIRECT"] is True
        assert secure["SECURE_HSTS_SECONDS"] == 31536000
        assert secure["CSRF_TRUSTED_ORIGINS"] == ["https://setuju.example"]

    def test_without_it_a_school_without_certificate_can_still_sign_in(self, settings_for):
        plain = settings_for(SITE_URL="http://10.0.0.5:8000")

        assert plain["SECURE_SSL_REDIRECT"] is plain["SESSION_COOKIE_SECURE"] is plain["CSRF_COOKIE_SECURE"] is False
        assert plain["SECURE_HSTS_SECONDS"] == 0
        assert plain["SECURE_PROXY_SSL_HEADER"] is None

    def test_the_deployment_check_has_nothing_to_say(self, tmp_path):
        done = run(
            "manage.py", "check", "--deploy", "--fail-level", "WARNING", folder=tmp_path,
            SITE_URL="https://setuju.example", ALLOWED_HOSTS="setuju.example", SECRET_KEY=LONG_KEY,
        )  # fmt: skip

        assert done.returncode == 0, done.stderr
        assert "no issues" in done.stdout

    def test_the_deployment_check_would_notice_plain_http(self, tmp_path):
        done = run(
            "manage.py",
            "check",
            "--deploy",
            "--fail-level",
            "WARNING",
            folder=tmp_path,
            SECRET_KEY=LONG_KEY,
        )

        assert done.returncode == 1
        assert "security.W" in done.stderr


class TestHosts:
    def test_by_default_only_this_machine_is_answered(self, settings_for):
        assert settings_for()["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]

    def test_the_environment_names_others(self, settings_for):
        assert settings_for(ALLOWED_HOSTS="setuju.example school.local")["ALLOWED_HOSTS"] == [
            "setuju.example",
            "school.local",
        ]


class TestProxy:
    def test_nobodys_word_about_an_address_is_taken_by_default(self, settings_for):
        found = settings_for()

        assert found["ALLAUTH_TRUSTED_CLIENT_IP_HEADER"] is None
        assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0

    def test_the_environment_names_a_proxy_that_is_trusted(self, settings_for):
        found = settings_for(ALLAUTH_TRUSTED_CLIENT_IP_HEADER="X-Real-IP", ALLAUTH_TRUSTED_PROXY_COUNT="2")

        assert found["ALLAUTH_TRUSTED_CLIENT_IP_HEADER"] == "X-Real-IP"
        assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2


class TestLetters:
    def backend(self, found):
        return found["EMAIL_BACKEND"].split(".")[-2]

    @pytest.mark.parametrize("environment", [{}, {"SITE_URL": "http://localhost:8000"}, {"DEBUG": "1"}])
    def test_on_ones_own_machine_they_are_printed(self, settings_for, environment):
        assert self.backend(settings_for(**environment)) == "console"

    @pytest.mark.parametrize("url", ["https://setuju.example", "http://192.168.1.5:8000"])
    def test_no_log_of_a_site_for_others_holds_a_way_in(self, settings_for, url):
        assert self.backend(settings_for(SITE_URL=url, SECRET_KEY=LONG_KEY)) == "dummy"

    def test_a_host_sends_them(self, settings_for):
        found = settings_for(
            SITE_URL="https://setuju.example", SECRET_KEY=LONG_KEY, EMAIL_HOST="mail.example",
            EMAIL_HOST_USER="u", EMAIL_HOST_PASSWORD="p",
        )  # fmt: skip

        assert self.backend(found) == "letters"
        assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
        assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("u", "p")
        assert found["DEFAULT_FROM_EMAIL"] == "setuju@setuju.example"

    @pytest.mark.parametrize(
        ("environment", "tls", "ssl"),
        [({"EMAIL_PORT": "465"}, False, True), ({"EMAIL_PORT": "25", "EMAIL_USE_TLS": "0"}, False, False)],
    )
    def test_the_port_says_how_it_is_encrypted(self, settings_for, environment, tls, ssl):
        found = settings_for(EMAIL_HOST="mail.example", **environment)

        assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)


class TestDatabase:
    def test_the_default_is_one_sqlite_file_in_the_data_folder(self, settings_for, tmp_path):
        database = settings_for()["DATABASES"]["default"]

        assert database["ENGINE"] == "django.db.backends.sqlite3"
        assert database["NAME"] == str(tmp_path / "setuju.sqlite3")

    @pytest.mark.parametrize("url", ["", "sqlite:////tmp/other.sqlite3"])
    def test_sqlite_waits_for_writers_and_survives_a_power_cut(self, settings_for, url):
        database = settings_for(**({"DATABASE_URL": url} if url else {}))["DATABASES"]["default"]

        options = database["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] >= 20
        assert "journal_mode=WAL" in options["init_command"]
        assert "synchronous=FULL" in options["init_command"]
        assert database["CONN_MAX_AGE"] == 600
        assert not database.get("ATOMIC_REQUESTS")

    @pytest.mark.parametrize(("option", "is_direct"), [("", True), ("?server_side_binding=false", False)])
    def test_postgresql_plans_once_unless_a_pooler_stands_between(self, settings_for, option, is_direct):
        database = settings_for(DATABASE_URL=f"postgres://db.example/setuju{option}")["DATABASES"]["default"]

        assert database["OPTIONS"]["server_side_binding"] is is_direct
        assert database["OPTIONS"]["prepare_threshold"] == 5
        assert database["DISABLE_SERVER_SIDE_CURSORS"] is not is_direct

    def test_a_real_connection_has_these_options(self, tmp_path):
        code = (
            "import django; django.setup(); from django.db import connection as c; k = c.cursor(); "
            "print(k.execute('PRAGMA journal_mode').fetchone()[0], k.execute('PRAGMA synchronous').fetchone()[0], "
            "c.transaction_mode)"
        )

        done = run("-c", code, folder=tmp_path, SECRET_KEY="x", DJANGO_SETTINGS_MODULE="config.settings")

        assert done.stdout.split() == ["wal", "2", "IMMEDIATE"], done.stderr

    @pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
    def test_an_address_picks_postgresql(self, settings_for, scheme):
        database = settings_for(DATABASE_URL=f"{scheme}://reader:pass@db.example:5433/setuju")["DATABASES"]["default"]

        assert database["ENGINE"] == "django.db.backends.postgresql"
        assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "setuju")
        assert (database["USER"], database["PASSWORD"]) == ("reader", "pass")
        assert "init_command" not in database.get("OPTIONS", {})
        assert not database.get("ATOMIC_REQUESTS")


class TestPromises:
    """Settings that a promise hangs on: no call out, no inline code, no memory of a worker's own."""

    def test_the_admin_asks_no_other_site_for_anything(self, settings):
        assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is False
        assert settings.WAGTAIL_ENABLE_WHATS_NEW_BANNER is False
        assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None
        assert settings.WAGTAILEMBEDS_FINDERS == []

    def test_limits_and_pages_are_shared_between_workers(self, settings_for):
        for cache in settings_for()["CACHES"].values():
            assert not cache["BACKEND"].endswith(("LocMemCache", "DummyCache"))

    def test_nobody_flushes_out_the_count_of_their_own_tries(self, settings):
        assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000

    def test_a_static_file_opened_by_itself_runs_nothing(self, tmp_path):
        (tmp_path / "kite.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        middleware = WhiteNoiseMiddleware(lambda request: None)
        middleware.add_files(str(tmp_path), prefix="/kites/")

        response = middleware(RequestFactory().get("/kites/kite.svg"))

        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_a_forged_form_leaves_no_line_in_the_log(self, caplog):
        client = Client(enforce_csrf_checks=True)

        response = client.post(
            "/en/account/login/", headers={"origin": "https://evil.example"}, REMOTE_ADDR="192.0.2.7"
        )

        assert response.status_code == 403
        assert caplog.text == ""

    def test_a_referrer_policy_that_forms_survive(self, settings):
        assert settings.SECURE_REFERRER_POLICY == "same-origin"

    def test_uploads_are_pictures_and_documents_that_cannot_run(self, settings):
        assert set(settings.WAGTAILIMAGES_EXTENSIONS) <= {"jpg", "jpeg", "png", "webp"}
        assert not {"svg", "html", "htm", "xml", "js"} & set(settings.WAGTAILDOCS_EXTENSIONS)
        assert settings.WAGTAILDOCS_SERVE_METHOD == "serve_view"

    def test_a_school_may_choose_where_quick_exit_leads(self, settings_for):
        assert settings_for(QUICK_EXIT_URL="https://kamus.example/")["QUICK_EXIT_URL"] == "https://kamus.example/"

    def test_everything_lives_in_the_data_folder(self, settings_for, tmp_path):
        found = settings_for(DATA_DIR=str(tmp_path / "elsewhere"))

        for name in ("MEDIA_ROOT", "STATIC_ROOT", "PRINTABLES_ROOT"):
            assert found[name].startswith(str(tmp_path / "elsewhere"))
        assert all(cache["LOCATION"].startswith(str(tmp_path / "elsewhere")) for cache in found["CACHES"].values())
