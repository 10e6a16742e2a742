"""Everything that all apps hold of somebody, as the law lets them ask for it."""

from collections.abc import Mapping

from django.http import JsonResponse
from django.utils.translation import gettext as _

from attendance import personal as attendance
from certifications import personal as certifications
from learners import personal as learners
from learners.models import User


def export(user: User) -> Mapping[str, object]:
    """Return it in plain values, with a few words before it in the reader's language."""
    return {
        "about": _(
            "This is what Mijlpaal holds of you. Times are in UTC. Remarks that staff wrote for "
            "each other are not in it; ask your institution for those."
        ),
        **learners.export(user),
        **certifications.export(user),
        **attendance.export(user),
    }


def as_file(user: User) -> JsonResponse:
    """Return it as a file to keep."""
    return JsonResponse(
        export(user),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )
