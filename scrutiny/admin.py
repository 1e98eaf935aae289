"""Where two people agree that a crowd is one."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import trail
from scrutiny import gathering
from scrutiny.models import Gathering


@admin.register(Gathering)
class GatheringAdmin(admin.ModelAdmin):
    """Once asked for, it is approved as it is or deleted: what was approved must not become another."""

    fields = ["letter", "what", "domain", "begins_at", "ends_at"]
    list_display = ["letter", "what", "domain", "begins_at", "ends_at", "asked_by", "approved_by"]
    list_select_related = ["letter", "asked_by", "approved_by"]
    ordering = ["-begins_at"]
    actions = ["approve"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["letter", "what", "domain", "begins_at", "ends_at"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            return
        obj.asked_by = request.user
        super().save_model(request, obj, form, change)
        trail.record("gathering asked for", about=obj, by=request.user, letter=obj.letter_id)  # type: ignore[arg-type]

    @admin.action(description=_("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            try:
                gathering.approve(row, by=request.user)  # type: ignore[arg-type]
            except gathering.SamePerson:
                self.message_user(request, _("Somebody else has to approve it."), messages.ERROR)
