"""Django's admin is for repair: most of what it shows, nobody writes there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from vault.fields import SealedTextField


class ReadOnly(admin.ModelAdmin):
    """To look at, but for what is sealed: that has its own pages, and people who may see it."""

    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = self.model._meta.concrete_fields
        return [field.name for field in fields if not isinstance(field, SealedTextField)]

    def has_add_permission(self, request: HttpRequest, *more: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
