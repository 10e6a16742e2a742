"""Reads settings from the environment, where an empty value counts as none."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MAIL_SCHEMES = {"smtp": 25, "smtps": 465}
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """The value of a variable without the white space around it."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Whether a variable says yes."""
    value = text(name).lower()
    if value and value not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in YES if value else default


def number(name: str, default: int) -> int:
    """The whole number that a variable holds."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def listed(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """The parts of a variable that separates them by commas."""
    parts = [part.strip() for part in text(name).split(",")]
    return [part for part in parts if part] or list(default)


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """One of these words; the first where nothing is said."""
    value = text(name, choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(choices)}, not {value!r}.")
    return value


def mail(url: str) -> dict[str, object]:
    """Django's e-mail settings from smtp://user:password@host:587/?tls=1 or smtps://…"""
    parts = urlsplit(url)
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp://user:password@host:587/?tls=1 or smtps://…"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_SCHEMES[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parse_qs(parts.query).get("tls", ["0"])[0] in YES,
        "EMAIL_TIMEOUT": 20,
    }


def scanner(name: str) -> str:
    """The address of ClamAV's daemon, tcp://host:3310 or unix:///run/clamav/clamd.ctl, or ''."""
    url = text(name)
    parts = urlsplit(url)
    is_address = parts.hostname if parts.scheme == "tcp" else parts.scheme == "unix" and parts.path
    if url and not is_address:
        raise ImproperlyConfigured(
            f"{name} must look like tcp://host:3310 or unix:///run/clamav/clamd.ctl"
        )
    return url


def bucket() -> dict[str, object] | None:
    """The storage for files in the private bucket that S3_BUCKET names, or None without one."""
    if not text("S3_BUCKET"):
        return None
    return {
        "BACKEND": "lms.running.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": text("S3_BUCKET"),
            "endpoint_url": text("S3_ENDPOINT_URL") or None,
            "region_name": text("S3_REGION") or None,
            "access_key": text("S3_ACCESS_KEY") or None,
            "secret_key": text("S3_SECRET_KEY") or None,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
            "signature_version": "s3v4",
            "max_memory_size": 5 * 1024 * 1024,  # what is larger is read by way of a file
        },
    }
