"""For looking only: what was frozen and sent is repaired by nobody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from deliveries.models import Delivery, Dossier, Picture, Release, Report
from vault.admin import ReadOnly


@admin.register(Dossier)
class DossierAdmin(ReadOnly):
    list_display = ("pk", "version", "taken_at", "persons", "organisations", "public_hash")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        # one is as long as the list itself, the other is ciphertext
        hidden = {"public_edition", "names"}
        return [name for name in super().get_fields(request, obj) if name not in hidden]


@admin.register(Picture)
class PictureAdmin(ReadOnly):
    list_display = ("pk", "dossier", "of", "name", "sha256")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("pk", "recipient", "state", "signatures", "attempts", "sent_at", "last_reply")
    list_filter = ("state",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in super().get_fields(request, obj) if name != "mail"]


@admin.register(Release)
class ReleaseAdmin(ReadOnly):
    list_display = ("pk", "letter", "version", "step", "proposed_by", "approved_by")
    list_filter = ("step",)
    list_select_related = ("letter", "version", "proposed_by", "approved_by")


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ("pk", "delivery", "kind", "source", "at")
    list_filter = ("kind", "source")
