"""For repair: a logo that stands under a published letter without right is taken away here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from letters.admin import RecordedAdmin
from logos.models import Logo
from vault.admin import ReadOnly


@admin.register(Logo)
class LogoAdmin(ReadOnly, RecordedAdmin):
    list_display = ["name", "organisation", "author", "at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in super().get_fields(request, obj) if name != "content"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
