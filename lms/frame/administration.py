"""The administration's front page, in the order of what people do."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from learners.hooks.running import Heading

RECENT = 10


class Choices(AutocompleteJsonView):
    """What can be chosen as one types, in the words that its list has for that."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        said = super().serialize_result(obj, to_field_name)
        words = getattr(self.model_admin, "choice_words", None)
        return {**said, "text": words(obj)} if words else said


class Administration(admin.AdminSite):
    """Django's administration, with our headings."""

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        return Choices.as_view(admin_site=self)(request)

    site_header = "Mijlpaal"
    index_title = _("Administration")
    enable_nav_sidebar = True
    empty_value_display = "–"

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> TemplateResponse:
        """Show beside the headings what this person did last."""
        from learners.admin.parts.words import spoken
        from learners.models import AuditEntry  # no model can be had while the apps are loading

        mine = AuditEntry.objects.filter(by=request.user.pk)[:RECENT]
        recent = [(entry, capfirst(spoken(entry.action))) for entry in mine]
        return super().index(request, {"recent": recent, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the headings with what is under each, for who may see it."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        rows = {row["model"]: row for app in apps for row in app["models"]}
        for model, row in rows.items():
            row["add_words"] = add_words(self._registry[model])
        under = headings()
        sections = [
            {
                "name": heading.title,
                "app_label": f"section-{number}",
                "app_url": f"{reverse('admin:index')}#section-{number}",
                "has_module_perms": True,
                "models": [rows[model] for model in models if model in rows],
            }
            for number, (heading, models) in enumerate(under.items(), 1)
        ]
        named = {model for models in under.values() for model in models}
        for app in apps:
            app["models"] = [row for row in app["models"] if row["model"] not in named]
        return [section for section in [*sections, *apps] if section["models"]]


def headings() -> dict["Heading", list[type[Model]]]:
    """Return the headings in their order, each with the lists under it in theirs; what no app puts
    under one stands under its app, at the end."""
    from learners.hooks.registry import offers  # models, which are not there while apps load

    listed = [one for offer in offers() for one in offer.administration]
    found: dict[Heading, list[type[Model]]] = {}
    for one in sorted(listed, key=lambda one: (one.under.order, one.order)):
        found.setdefault(one.under, []).append(one.model)
    return found


def add_words(modeladmin: admin.ModelAdmin) -> str:
    """Return what the button that makes a new row says; "Add", unless the list has its own word."""
    return str(getattr(modeladmin, "add_words", _("Add")))


class AdministrationConfig(AdminConfig):
    default_site = "lms.frame.administration.Administration"
