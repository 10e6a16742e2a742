"""What nobody goes on with is forgotten, with every byte of it."""

import logging
from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from learners.models import Upload, UploadState
from learners.uploading import receiving
from learners.uploading.parts import StorageAway

logger = logging.getLogger(__name__)

# Long enough for a week-end between two tries.
UNFINISHED_KEPT = timedelta(days=4)
REFUSED_KEPT = timedelta(days=1)


def abandon(*, owners: Collection[int], called: str) -> None:
    """Give up whatever these people were sending, and keep this for its name; its bytes go with the
    next purge."""
    gone = {"name": called, "place": "", "problem": "", "state": UploadState.REFUSED}
    free = {"lease": "", "leased_until": None}  # whoever is at work on one does nothing more
    theirs = Upload.objects.filter(owner__in=owners)
    theirs.update(active_at=timezone.now() - REFUSED_KEPT, **gone, **free)


def purge() -> int:
    """Forget uploads that stopped long ago, that could not be looked at since, or were refused;
    return how many. What the storage refuses to forget stays, for the next time."""
    now = timezone.now()
    is_old = ~Q(state=UploadState.REFUSED) & Q(active_at__lt=now - UNFINISHED_KEPT)
    is_told = Q(state=UploadState.REFUSED, active_at__lte=now - REFUSED_KEPT)
    rows = Upload.objects.filter(is_old | is_told).free()
    purged = 0
    for upload in rows:
        try:
            purged += receiving.give_up(upload=upload, among=rows)
        except StorageAway:
            logger.warning("upload %s could not be forgotten", upload.pk, exc_info=True)
    return purged
