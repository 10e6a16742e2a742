"""What people, mails, paper and the broker hold of a state, and will come back with."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from certifications.models import AssigningJob, Certificate
from learners.models import ImportJob, ImportState, User
from learners.telling import notify
from lms.celery import app
from lms.demo.people import SANNE
from lms.passwords import ForgottenPasswordForm
from lms.tests import processes
from lms.tests.pages import PAGES
from lms.tests.upgrade import crawling

CHECKING = ImportState.CHECKING
ADDRESS = re.compile(rf"{re.escape(settings.PUBLIC_URL)}(/[^\s\"<>]*)")
# What stands in an address for each kind of part.
SAMPLES = {"int": "1", "str": "some", "path": "some", "slug": "some", "uuid": "0" * 32}


def client_of(session: str) -> Client:
    """Return the browser in which somebody is signed in."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def pages(email: str, session: str) -> list[str]:
    """Return which pages somebody gets to, in the order in which they were opened, as if nobody
    else had opened any."""
    known = [page.path for page in PAGES if page.who == email and page.status == 200]
    with transaction.atomic():
        found = crawling.pages_of(client_of(session), "/", "/profile/", *known)
        transaction.set_rollback(True)
    return found


def names(sessions: dict[str, str]) -> dict[str, str]:
    """Return how each of them is called."""
    return dict(User.objects.filter(email__in=sessions).values_list("email", "name"))


def addresses() -> list[str]:
    """Return an address for each pattern that there is."""
    return sorted({address for address in _addresses(get_resolver(), "") if _leads(address)})


def _addresses(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        address = before + _sample(str(one.pattern))
        if isinstance(one, URLPattern):
            yield f"/{address}"
        else:
            yield from _addresses(one, address)


def _sample(pattern: str) -> str:
    """Return what fits a pattern."""
    named = re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES.get(part[1] or "str", "1"), pattern)
    return re.sub(r"[\^$\\]|\\Z", "", named)


def _leads(address: str) -> bool:
    """Whether it is one of ours, and fits no pattern before its own by chance."""
    return "(" not in address and resolve(address) is not None


def mailed(session: str) -> list[str]:
    """Return the addresses in all mail that waits to be sent, as far as their owner can open them:
    what we made up to be told of leads nowhere."""
    mail.outbox = []
    while notify.send_due():
        pass
    found = sorted({path for sent in mail.outbox for path in ADDRESS.findall(str(sent.body))})
    client = client_of(session)
    return [path for path in found if client.get(path).status_code == 200]


def on_paper() -> list[str]:
    """Return what is printed on each certificate."""
    return [one.get_absolute_url() for one in Certificate.objects.order_by("pk")]


def calendars() -> list[str]:
    """Return the address that calendar programmes have of each person."""
    people = User.objects.exclude(calendar_key=None).order_by("pk")
    return [reverse("learners:calendar_feed", args=[one.calendar_key]) for one in people]


def links() -> list[str]:
    """Return an address at which somebody may choose a new password."""
    mail.outbox = []
    form = ForgottenPasswordForm({"email": SANNE})
    assert form.is_valid()
    form.send()
    return ADDRESS.findall(str(mail.outbox[0].body))


def tasks() -> list[str]:
    """Return what each task is called."""
    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith(("celery.", "lms.tests.")))


def messages() -> list[str]:
    """Return a message for each task, as a broker holds it."""
    arguments: dict[str, tuple[Any, ...]] = {
        "learners.tasks.run_import": (ImportJob.objects.get(state=CHECKING).pk,),
        "certifications.tasks.run_assigning": (AssigningJob.objects.get(state=CHECKING).pk,),
        "lms.tasks.send_password_link": (SANNE,),
    }
    with processes.running_broker(Path(settings.DATA_DIR)):
        processes.empty_broker()
        for name in tasks():
            app.send_task(name, arguments.get(name, ()))
        client = redis.Redis.from_url(settings.REDIS_URL)
        held = client.lrange(f"{settings.REDIS_PREFIX}:celery", 0, -1)
        client.close()
    return [message.decode() for message in reversed(held)]


def said(message: str) -> tuple[str, list[Any]]:
    """Return which task a message asks for, and with what."""
    read = json.loads(message)
    arguments, _named, _embedded = json.loads(base64.b64decode(read["body"]))
    return read["headers"]["task"], arguments
