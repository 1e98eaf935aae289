"""For repair: drafts are written here until the desk can, and published; what is published is looked at.

Texts and recipients have forms of their own, one row each: no form of this site may have many fields.
"""

from typing import Any

from django.contrib import admin, messages
from django.db import models, transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import trail
from accounts.models import User
from letters import publishing
from letters.models import Author, Letter, Recipient, Role, Translation, Version
from vault.admin import ReadOnly


class RecordedAdmin(admin.ModelAdmin):
    """Whatever is written is a line of the trail."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(request, f"{obj._meta.model_name} {'changed' if change else 'added'}", obj)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        record(request, f"{obj._meta.model_name} deleted", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for obj in queryset:
            self.delete_model(request, obj)


def record(request: HttpRequest, what: str, about: Model) -> None:
    assert isinstance(request.user, User)  # noqa: S101 - for the type checker
    trail.record(what, about=about, by=request.user)


class Rows(admin.TabularInline):
    """A list of rows, each with a link to its own form."""

    extra = 0
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionRows(Rows):
    model = Version
    fields = readonly_fields = ("number", "published_at", "text_hash")


class TranslationRows(Rows):
    model = Translation
    fields = readonly_fields = ("language", "title", "frozen_at")


class RecipientRows(Rows):
    model = Recipient
    fields = readonly_fields = ("order", "office", "person", "language", "channel")


class AuthorInline(admin.TabularInline):
    model = Author
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    extra = 1
    max_num = 8


@admin.register(Letter)
class LetterAdmin(RecordedAdmin):
    list_display = ["slug", "risk", "published_at", "opens_at", "closes_at"]
    fields = ["slug", "original_language", "risk", "goal", "contact", "opens_at", "closes_at"]
    inlines = [AuthorInline, VersionRows]
    actions = ["publish", "close"]

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not obj.is_public())

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            Version.objects.create(letter=obj)

    @admin.action(description=gettext_lazy("Publish: freeze the text and open"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        for letter in queryset:
            try:
                with transaction.atomic():
                    publishing.publish(letter)
                    record(request, "letter published", letter)
            except publishing.NothingToPublish:
                sentence = _("%(letter)s has no draft with a text in its original language and a recipient.")
                messages.error(request, sentence % {"letter": letter})

    @admin.action(description=gettext_lazy("Close: take no more signatures"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        for letter in queryset.public():  # type: ignore[attr-defined]
            if not letter.is_closed():
                publishing.close(letter)
                record(request, "letter closed", letter)


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ["letter", "number", "published_at", "text_hash"]
    inlines = [TranslationRows, RecipientRows]


class DraftAdmin(RecordedAdmin):
    """A row of a version: written while that is a draft, looked at afterwards."""

    list_select_related = ["version__letter"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "version":
            options["queryset"] = Version.objects.filter(published_at=None).select_related("letter")
        return super().formfield_for_foreignkey(db_field, request, **options)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_draft(obj)


def is_draft(row: Translation | Recipient | None) -> bool:
    return row is None or row.version.published_at is None


@admin.register(Translation)
class TranslationAdmin(DraftAdmin):
    list_display = ["version", "language", "title", "frozen_at"]
    fields = ["version", "language", "title", "summary", "body"]


@admin.register(Recipient)
class RecipientAdmin(DraftAdmin):
    list_display = ["version", "office", "person", "country", "language"]
    fields = ["version", "order", "office", "person", "country", "language", "channel", "address"]


@admin.register(Role)
class RoleAdmin(RecordedAdmin):
    list_display = ["letter", "user", "kind"]
    list_filter = ["kind"]
    list_select_related = ["letter", "user"]
