"""For repair: letters are looked at and closed, roles are given. The desk writes and publishes."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
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


class AuthorRows(Rows):
    model = Author
    fields = readonly_fields = ("name", "website")


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    list_display = ["slug", "risk", "published_at", "opens_at", "closes_at"]
    inlines = [AuthorRows, VersionRows]
    actions = ["close"]

    @admin.action(description=gettext_lazy("Close: take no more signatures"), permissions=["view"])
    def close(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        for letter in queryset.public():  # type: ignore[attr-defined]
            if not letter.is_closed():
                publishing.close(letter)
                record(request, "letter closed", letter)


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ["letter", "number", "published_at", "text_hash"]
    inlines = [TranslationRows, RecipientRows]


@admin.register(Translation)
class TranslationAdmin(ReadOnly):
    list_display = ["version", "language", "title", "frozen_at"]
    list_select_related = ["version__letter"]


@admin.register(Recipient)
class RecipientAdmin(ReadOnly):
    list_display = ["version", "office", "person", "country", "language"]
    list_select_related = ["version__letter"]


@admin.register(Role)
class RoleAdmin(RecordedAdmin):
    list_display = ["letter", "user", "kind"]
    list_filter = ["kind"]
    list_select_related = ["letter", "user"]
