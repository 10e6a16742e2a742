"""Everything that all apps hold of somebody, as the law lets them ask for it."""

from collections.abc import Mapping

from django.http import JsonResponse
from django.utils.translation import gettext as _

from learners.hooks.personal import Personal
from learners.hooks.registry import merged, offers
from learners.models import User


def answers() -> list[Personal]:
    """Return what each app answers about personal data, the ground first."""
    return [offer.personal for offer in offers() if offer.personal]


def export(user: User) -> Mapping[str, object]:
    """Return it in plain values, with a few words before it in the reader's language."""
    about = _(
        "This is what Mijlpaal holds of you. Times are in UTC. Remarks that staff wrote for "
        "each other are not in it; ask your institution for those."
    )
    return merged([{"about": about}, *(answer.export(user) for answer in answers())])


def as_file(user: User) -> JsonResponse:
    """Return it as a file to keep."""
    return JsonResponse(
        export(user),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )
