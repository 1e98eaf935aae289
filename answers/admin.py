"""For looking only: what an office wrote is its own, and the desk decides about it."""

from django.contrib import admin

from answers.models import Answer
from vault.admin import ReadOnly


@admin.register(Answer)
class AnswerAdmin(ReadOnly):
    list_display = ("pk", "delivery", "received_at", "reviewed_by", "published_at", "declined_at")
    list_filter = ("ground",)
    list_select_related = ("delivery", "reviewed_by")
