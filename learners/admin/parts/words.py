"""What codes mean, in words: actions of the audit log, kinds of messages, and permissions."""

from typing import Any

from django.apps import apps
from django.contrib.admin import ModelAdmin, site
from django.contrib.auth.models import Permission
from django.db.models import ManyToManyField, Q, QuerySet
from django.forms import ModelMultipleChoiceField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from learners.files import pictures
from learners.models import StoredFile

# The codes of actions and messages are their English; each app names its own here or in its admin.
SAID = (
    gettext_noop("calendar renewed"),
    gettext_noop("coach assigned"),
    gettext_noop("coaches assigned"),
    gettext_noop("code used"),
    gettext_noop("codes downloaded"),
    gettext_noop("codes made"),
    gettext_noop("codes withdrawn"),
    gettext_noop("course version made"),
    gettext_noop("enrolled"),
    gettext_noop("enrolment cancelled"),
    gettext_noop("exempted"),
    gettext_noop("file infected"),
    gettext_noop("force majeure accepted"),
    gettext_noop("force majeure handed in"),
    gettext_noop("force majeure refused"),
    gettext_noop("import agreed"),
    gettext_noop("import applied"),
    gettext_noop("import begun"),
    gettext_noop("meeting cancelled"),
    gettext_noop("meeting elsewhere"),
    gettext_noop("meeting moved"),
    gettext_noop("meeting planned"),
    gettext_noop("meeting teachers"),
    gettext_noop("meetings planned"),
    gettext_noop("moved up"),
    gettext_noop("on waiting list"),
    gettext_noop("run changed"),
    gettext_noop("waiting"),
    gettext_noop("waiting left"),
    gettext_noop("waiting list closed"),
    gettext_noop("not passed"),
    gettext_noop("run cancelled"),
    gettext_noop("stand in ended"),
    gettext_noop("stand in named"),
    gettext_noop("stands in"),
    gettext_noop("stands in no more"),
    gettext_noop("status corrected"),
    gettext_noop("subscription ends"),
    gettext_noop("term extended"),
    gettext_noop("trial started"),
    gettext_noop("user password set"),
    gettext_noop("withdrawn by somebody"),
)


def yes_no(value: object) -> str:
    """Return a yes or a no as a word, for who sees no colours and who hears the page."""
    return _("yes") if value else _("no")


def with_state(shown: SafeString | str, picture: StoredFile | None) -> SafeString | str:
    """Return what stands for a picture, and under it whether certificates have to do without."""
    can_be_drawn = pictures.can_be_drawn(picture) if picture else True
    if can_be_drawn:
        return shown
    said = _("The storage does not give this picture now; certificates wait for it a while.")
    if can_be_drawn is False:
        said = _(
            "This picture cannot be read; certificates are printed without it. Choose another."
        )
    return format_html('{}<p class="errornote">{}</p>', shown, said)


def spoken(code: str) -> str:
    """Return what '<app>.<model>_<verb>' or '<app>/<words>' says, such as "course changed"."""
    app, _dot, name = code.replace("/", ".").partition(".")
    model, _line, verb = name.partition("_")
    if (done := _done(verb)) and model in apps.all_models.get(app, {}):
        return f"{apps.get_model(app, model)._meta.verbose_name} {done}"
    return _(name.replace("_", " "))


def _done(verb: str) -> str:
    return {
        "added": pgettext("log", "added"),
        "changed": pgettext("log", "changed"),
        "removed": pgettext("log", "removed"),
        "archived": pgettext("log", "archived"),
        "brought_back": pgettext("log", "brought back"),
    }.get(verb, "")


def permissions_asked_for() -> QuerySet[Permission]:
    """Return the permissions that something asks for; there is none to delete."""
    listed = [model._meta for model in site._registry]
    usual = Q(codename__startswith="add_") | Q(codename__startswith="change_")
    usual |= Q(codename__startswith="view_") | Q(codename__startswith="delete_")
    asked = Q(
        content_type__app_label__in={meta.app_label for meta in listed},
        content_type__model__in={meta.model_name for meta in listed},
    )
    found = Permission.objects.filter(asked | ~usual).exclude(codename__startswith="delete_")
    return found.select_related("content_type")


def _may() -> dict[str, str]:
    return {
        "add": pgettext("permission", "add"),
        "change": pgettext("permission", "change"),
        "view": pgettext("permission", "look at"),
    }


class SaysPermissions(ModelAdmin):
    """Offers permissions in words."""

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: Any, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Offer those that something asks for."""
        if db_field.name == "groups":
            kwargs["help_text"] = _("They may do what the groups that they are in may do.")
        elif db_field.name in ("permissions", "user_permissions"):
            kwargs["form_class"] = PermissionsField
            kwargs["queryset"] = permissions_asked_for()
            kwargs["help_text"] = _("What administrators may do here, for each kind of list.")
        # Past those of Django, which offer all there are.
        return ModelAdmin.formfield_for_manytomany(self, db_field, request, **kwargs)


class PermissionsField(ModelMultipleChoiceField):
    """Permissions by what one may do with what, in the language of who chooses."""

    def label_from_instance(self, permission: Permission) -> str:
        verb = permission.codename.partition("_")[0]
        may = _may().get(verb)
        model = permission.content_type.model_class()
        if not may or model is None:
            return _(permission.name)
        return f"{capfirst(str(model._meta.verbose_name_plural))}: {may}"
