"""What the ground floor holds of somebody, for themselves."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learners import personal


@never_cache
@require_safe
def my_data(request: HttpRequest) -> JsonResponse:
    """Everything that the ground floor holds of who asks, to take along."""
    return JsonResponse(
        personal.export(request.user),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )
