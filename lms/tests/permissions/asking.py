"""Asking for an address as somebody, and looking what that changed in the database."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from learners.models import User
from learners.tests.permissions.parts import Asked, World
from lms.tests.permissions.table import (
    ACT,
    FORBIDDEN,
    LET_IN,
    NOT_FOUND,
    TO_SIGN_IN,
    Line,
)

REFUSALS = {404: NOT_FOUND, 403: FORBIDDEN, 401: TO_SIGN_IN}


@dataclass(frozen=True)
class Heard:
    """What came back, in the words of the table, and whether the database changed."""

    cell: str
    status: int
    text: str
    is_changed: bool


def signed_in(person: User) -> str:
    """Return the key of a new session of this person."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def client_of(world: World, name: str) -> Client:
    """Return the browser of one of the people."""
    client = Client(raise_request_exception=False)
    if key := world.sessions.get(name):
        client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def ask(world: World, name: str, line: Line, asked: Asked, *, method: str = "") -> Heard:
    """Ask for the address of a line as one of the people; what it changes is undone."""
    address = asked.at or reverse(line.url_name, kwargs=asked.path(world))
    method = method or ("post" if line.how == ACT else "get")
    data = asked.form(world) if method == "post" else asked.query(world)
    writes = _Writes()
    with transaction.atomic(), connection.execute_wrapper(writes):
        response = getattr(client_of(world, name), method)(address, data, headers=asked.headers)
        text = _text(response)
        is_changed = writes.any and state() != world.state
        transaction.set_rollback(True)
    return Heard(_cell(response), response.status_code, text, is_changed)


class _Writes:
    """Notices whether there was anything else than reading, so that the whole of the database is
    looked through only then."""

    READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT")
    any = False

    def __call__(self, execute: Callable, sql: str, *rest: object) -> object:
        self.any |= not sql.startswith(self.READING)
        return execute(sql, *rest)


def _cell(response: HttpResponse) -> str:
    where = response.get("Location", "")
    if where.startswith((f"{reverse('login')}?next=", f"{reverse('admin:login')}?next=")):
        return TO_SIGN_IN
    return REFUSALS.get(response.status_code, LET_IN)


def _text(response: HttpResponse) -> str:
    content = response.getvalue() if response.streaming else response.content  # type: ignore[attr-defined]
    return content.decode(errors="replace")


def state() -> str:
    """Return a digest of everything that is stored, but for who is signed in."""
    digest = hashlib.sha256()
    for model in apps.get_models(include_auto_created=True):
        if model is not Session and not model._meta.proxy:
            rows = model._base_manager.order_by("pk").values_list()
            digest.update(repr((model._meta.label, list(rows))).encode())
    return digest.hexdigest()
