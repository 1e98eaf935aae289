"""For repair: what became of signatures. No name, no address, and nothing to write."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from outbox.admin import Repairable
from signatories.judging import braking
from signatories.models import Brake, Decision, Report, Signature, Tally, TreeHead
from vault.admin import ReadOnly


@admin.register(Signature)
class SignatureAdmin(ReadOnly):
    list_display = [
        "id", "letter", "kind", "country", "created_at", "confirmed_at", "held_at", "rejected_at",
        "withdrawn_at", "enrolled_at",
    ]  # fmt: skip
    list_filter = ["kind", "letter"]
    list_select_related = ["letter"]
    ordering = ["-id"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        # with the nonce and a key links are made; by their index addresses are recognised
        hidden = {
            "nonce",
            "public_id",
            "address",
            "organisation_key",
            "network",
            "domain",
            "name_key",
            "clues",
        }
        return [name for name in super().get_fields(request, obj) if name not in hidden]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["at", "signature", "verdict", "ground", "by", "reason"]
    list_filter = ["verdict"]
    list_select_related = ["signature", "by"]
    ordering = ["-at", "-id"]


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ["at", "signature", "reason", "closed_at"]
    list_filter = ["reason"]
    list_select_related = ["signature"]
    ordering = ["-at", "-id"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in super().get_fields(request, obj) if name != "network"]


@admin.register(Tally)
class TallyAdmin(ReadOnly):
    list_display = ["version", "persons", "organisations", "size", "next_batch_at"]
    list_select_related = ["version"]


@admin.register(TreeHead)
class TreeHeadAdmin(ReadOnly):
    list_display = ["version", "size", "root", "at"]
    list_select_related = ["version"]
    ordering = ["-at"]


@admin.register(Brake)
class BrakeAdmin(Repairable):
    list_display = ["cause", "is_for_all", "since", "lifted_until"]
    ordering = ["-since"]
    actions = ["lift"]

    @admin.display(boolean=True, description=_("for all"))
    def is_for_all(self, brake: Brake) -> bool:
        return brake.is_for_all()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return ["cause", "since", "lifted_until"]

    @admin.action(description=_("Let this mail leave for six hours"), permissions=["change"])
    def lift(self, request: HttpRequest, queryset: QuerySet) -> None:
        for brake in queryset:
            braking.lift(brake)
