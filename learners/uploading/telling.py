"""How an upload is, in words and figures for the page that shows it."""

from collections.abc import Mapping

from django.template.loader import render_to_string

from learners.models import FileIsInfected, Upload, User
from learners.uploading import chosen


def upload(one: Upload) -> Mapping[str, object]:
    """Return how far an upload is, and why it was refused if it was."""
    return {
        "state": one.state,
        "token": one.token,
        "name": one.name,
        "size": one.size,
        "offset": one.offset,
        "words": one.problem,
    }


def said(owner: User, token: str) -> Mapping[str, object] | None:
    """Return how an upload is, or the file that it became, with a row that shows it as it was read
    back from the storage; None where there is neither any more."""
    if one := Upload.objects.filter(owner=owner, token=token).first():
        return upload(one)
    stored = chosen.stored_for(owner).filter(token=token).first()
    if stored is None:
        return None
    if stored.is_infected:
        return {"state": "refused", "token": token, "words": str(FileIsInfected())}
    return {
        "state": "stored",
        "token": token,
        "name": stored.name,
        "size": stored.size,
        "sha256": stored.sha256,
        "words": "",
        "row": render_to_string("components/forms/uploaded.html", {"file": stored}),
    }
