"""The limits may be moved here."""

from django.contrib import admin

from scrutiny.models import Limit


@admin.register(Limit)
class LimitAdmin(admin.ModelAdmin):
    list_display = ["name", "value"]
