"""The settings as a fresh process reads them."""

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from lms.celery import app, schedule

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "q7Zr-2mXv9Lk4TbWc8Ny1Hs6Gd3Jf5Pa0QeUiOoRtYwBxCzVnMl",
    "PUBLIC_URL": "https://learn.example.org",
    "DATABASE_URL": "postgres://mijlpaal:secret@db.example.org/mijlpaal",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "S3_BUCKET": "files",
    "EMAIL_URL": "smtps://mail.example.org",
}


def run(data_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Runs Python with these variables and none of this project that happen to be set."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(data_dir: Path, *names: str, **environment: str) -> list:
    told = ", ".join(f"settings.{name}" for name in names)
    code = f"import json; from lms import settings; print(json.dumps([{told}], default=str))"
    done = run(data_dir, "-c", code, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_missing_secret_is_one_clear_sentence(tmp_path):
    done = run(tmp_path, "manage.py", "check")
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is missing. Set it to a long random text")
    assert "Traceback" not in done.stderr


def test_the_secret_of_make_run_is_read_from_its_file(tmp_path):
    (tmp_path / "secret_key").write_text("made once\n")
    assert read(tmp_path, "SECRET_KEY", "DEBUG") == ["made once", False]


def test_the_embedded_default_needs_no_server(tmp_path):
    engine, cache, is_embedded, mail = read(
        tmp_path,
        "DATABASES['default']['ENGINE']",
        "CACHES['default']['BACKEND']",
        "IS_EMBEDDED",
        "EMAIL_FILE_PATH",
        SECRET_KEY="x",
    )
    assert engine == "lms.sqlite"
    assert cache == "django.core.cache.backends.locmem.LocMemCache"
    assert is_embedded is True
    assert mail == str(tmp_path / "mail")


def test_services_are_used_when_they_are_named(tmp_path):
    engine, cache, broker, files, mail = read(
        tmp_path,
        "DATABASES['default']['ENGINE']",
        "CACHES['default']['LOCATION']",
        "CELERY_BROKER_URL",
        "STORAGES['default']['BACKEND']",
        "EMAIL_HOST",
        **PRODUCTION,
    )
    assert engine == "django.db.backends.postgresql"
    assert cache == broker == "redis://redis.example.org:6379/0"
    assert files == "lms.running.bucket.Bucket"
    assert mail == "mail.example.org"


def test_mail_says_which_domain_it_is_from(tmp_path):
    mail = {"SECRET_KEY": "x", "MAIL_FROM": "De Academie <post@academie.example>"}
    assert read(tmp_path, "MAIL_DOMAIN", **mail) == ["academie.example"]
    assert read(tmp_path, "MAIL_DOMAIN", SECRET_KEY="x") == ["example.org"]


def test_https_makes_cookies_and_redirects_secure(tmp_path):
    names = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "ALLOWED_HOSTS")
    assert read(tmp_path, *names, **PRODUCTION) == [
        True,
        True,
        True,
        ["learn.example.org", "localhost", "127.0.0.1"],
    ]
    assert read(tmp_path, *names, SECRET_KEY="x")[:3] == [False, False, False]


def test_with_https_no_other_host_can_set_our_cookies(tmp_path):
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
    found = read(tmp_path, *names, **PRODUCTION)
    assert [name for name in found if not name.startswith("__Host-")] == []
    assert read(tmp_path, *names, SECRET_KEY="x")[0] == "sessionid"


def test_https_is_asked_for_a_year_and_under_the_name_as_well(tmp_path):
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert read(tmp_path, *names, **PRODUCTION) == [365 * 24 * 3600, True, True]
    assert read(tmp_path, "PASSWORD_HASHERS[0]", **PRODUCTION)[0].endswith("Argon2PasswordHasher")


def test_production_passes_the_deployment_check(tmp_path):
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


def test_undoing_is_possible_for_a_minute_in_the_demo(tmp_path):
    assert read(tmp_path, "UNDO_TIME.seconds", SECRET_KEY="x") == [900]
    assert read(tmp_path, "UNDO_TIME.seconds", SECRET_KEY="x", DEMO="1") == [60]


def test_the_readme_tells_every_variable():
    sources = (
        "lms/settings.py",
        "lms/environment.py",
        "lms/running/processes.py",
        "lms/bootstrap/__main__.py",
    )
    code = "".join((ROOT / source).read_text() for source in sources)
    reads = r"(?:(?:environment\.)?\b(?:text|flag|number|listed)|environ\.get|environ\.setdefault)"
    names = set(re.findall(reads + r'\(\s*"([A-Z0-9_]+)"', code))
    table = (ROOT / "README.md").read_text().split("## Settings")[1]
    assert names - set(re.findall(r"`([A-Z0-9_]+)`", table)) == set()


@pytest.mark.parametrize("entry", schedule().values(), ids=lambda e: e["task"])
def test_what_is_scheduled_is_a_task(entry):
    importlib.import_module(entry["task"].rpartition(".")[0])
    assert entry["task"] in app.tasks


def test_pages_allow_no_script_or_style_of_their_own():
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["default-src"] == ["'self'"]
    assert not {"script-src", "style-src"} & policy.keys()
