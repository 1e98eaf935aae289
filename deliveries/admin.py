"""For looking only: what was frozen and sent is repaired by nobody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from deliveries.models import Delivery, Dossier


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Dossier)
class DossierAdmin(ReadOnly):
    list_display = ("pk", "version", "taken_at", "persons", "organisations", "public_hash")
    exclude = ("public_edition",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("pk", "recipient", "state", "signatures", "attempts", "sent_at", "last_reply")
    list_filter = ("state",)
