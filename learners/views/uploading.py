"""Files in pieces, over tus 1.0.0 (https://tus.io/protocols/resumable-upload): creation,
termination, and what the page of who sends asks besides.

Whoever is signed out is told so by 401 and not led to the door: a script sends, and goes on once
its person signed in again. Nobody's body is read before it is known whose it is.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learners import tasks
from learners.limits import Limit
from learners.models import Upload, UploadState
from learners.uploading import chosen, receiving, telling
from learners.uploading.leases import Busy, WrongOffset
from learners.uploading.parts import BytesLost, StorageAway, StorageFull
from learners.uploading.tickets import Ticket, TicketRefused

TUS = "1.0.0"
CONTENT_TYPE = "application/offset+octet-stream"
PIECE = 64 * 1024
RETRY_AFTER = 5  # seconds
BEGINNINGS = Limit("uploads", allowed=120, window=60)
_NUMBER = re.compile(r"\d{1,15}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class NotUnderstood(Exception):
    """A header does not say what the protocol asks."""


View = Callable[..., HttpResponse]


def _for_scripts(view: View) -> View:
    """Answer a script, in its protocol and in statuses that it understands."""

    @login_not_required
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            response = HttpResponse(status=401, headers={"WWW-Authenticate": "Session"})
        elif request.headers.get("Tus-Resumable", TUS) != TUS:
            response = HttpResponse(status=412, headers={"Tus-Version": TUS})
        else:
            response = _tried(view, request, *args, **kwargs)
        response.headers["Tus-Resumable"] = TUS
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


def _tried(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except ValidationError as refused:
        return _refused(422, refused.messages[0])
    except TicketRefused:
        return _refused(403, _("This page stood open for too long: load it again."))
    except Busy:
        return _refused(423, _("This file is being sent in another window."))
    except (WrongOffset, BytesLost):
        return _refused(409)
    except NotUnderstood:
        return _refused(400)
    except StorageFull:
        return _refused(507, _("There is no room for this file at the moment."))
    except StorageAway:
        return _refused(503, _("Files cannot be stored at the moment."))


@_for_scripts
@require_http_methods(["GET", "POST"])
def upload_begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload; or say which of a place are under way."""
    if request.method == "GET":
        found = chosen.of_place(request.user, _place(request.GET))
        begun = [telling.upload(one) for one in found]
        return JsonResponse({"uploads": begun, "csrf": get_token(request)})
    if not BEGINNINGS.takes(f"user-{request.user.pk}"):
        return _refused(429, _("That is many files at once; wait a minute."))
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = receiving.begin(
        owner=request.user,
        name=said.get("filename", ""),
        size=_number(request.headers.get("Upload-Length", "")),
        ticket=Ticket.read(said.get("ticket", "")),
        place=_place(said),
    )
    address = reverse("learners:upload", args=[upload.token])
    return HttpResponse(status=201, headers={"Location": address, "Upload-Offset": "0"})


@_for_scripts
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """One upload: how far it is, more of it, or no more of it."""
    if request.method == "GET":
        return _told(request, token)
    if request.method == "DELETE":
        is_gone = chosen.take_away(token=token, owner=request.user)
        return HttpResponse(status=204 if is_gone else 404)
    found = Upload.objects.filter(owner=request.user.pk, token=token).first()
    if found is None:
        return _all_there(request, token)
    if request.method == "PATCH":
        return _added(request, found)
    return _at(found, 200)


@_for_scripts
@require_POST
def upload_compare(request: HttpRequest, token: str) -> HttpResponse:
    """Take the checksum that the sender computed: what arrived is that, or is refused."""
    sha256 = request.POST.get("sha256", "")
    if not _SHA256.fullmatch(sha256):
        return _refused(400)
    chosen.compare(token=token, owner=request.user, sha256=sha256)
    return _told(request, token)


def _added(request: HttpRequest, found: Upload) -> HttpResponse:
    """Add what was sent; the rest of what is sent to no use stays unread."""
    if request.content_type != CONTENT_TYPE:
        return _refused(415)
    at = _number(request.headers.get("Upload-Offset", ""))
    length = _number(request.headers.get("Content-Length", ""))
    if at + length > found.size:
        return _refused(413)
    receiving.append(upload=found, at=at, pieces=_pieces(request, length))
    if found.state == UploadState.RECEIVED:
        transaction.on_commit(lambda: tasks.finish_upload.delay(found.pk), robust=True)
    return _at(found, 204)


def _pieces(request: HttpRequest, length: int) -> Iterator[bytes]:
    """Yield the body as it comes in; where the connection breaks, what came before."""
    left = length
    try:
        while left > 0 and (piece := request.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
    except UnreadablePostError:
        return


def _all_there(request: HttpRequest, token: str) -> HttpResponse:
    """Say so of what is a file by now: who did not hear it asks, or sends the end again."""
    stored = chosen.stored_for(request.user).filter(token=token).first()
    if stored is None:
        return HttpResponse(status=404)
    if request.method == "PATCH":
        return _refused(409)
    return _sizes(stored.size, stored.size, 200)


def _at(found: Upload, status: int) -> HttpResponse:
    return _sizes(found.offset, found.size, status)


def _sizes(offset: int, size: int, status: int) -> HttpResponse:
    sizes = {"Upload-Offset": str(offset), "Upload-Length": str(size)}
    return HttpResponse(status=status, headers=sizes)


def _told(request: HttpRequest, token: str) -> HttpResponse:
    said = telling.said(request.user, token)
    return JsonResponse(said) if said else HttpResponse(status=404)


def _refused(status: int, words: str = "") -> HttpResponse:
    response = JsonResponse({"words": words}, status=status)
    if status in (429, 503, 507):
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _place(said: Mapping[str, str]) -> str:
    """Return for which field it is, as a database can keep it."""
    return said.get("place", "").replace("\0", "")


def _number(said: str) -> int:
    """Return a number of bytes; raises `NotUnderstood` for anything else."""
    if not _NUMBER.fullmatch(said):
        raise NotUnderstood
    return int(said)


def _metadata(header: str) -> dict[str, str]:
    """Return what stands in a header of keys and values in base64."""
    said = {}
    for pair in header.split(",")[:10]:
        key, _space, value = pair.strip().partition(" ")
        try:
            said[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise NotUnderstood from None
    return said
