from django.contrib import admin

from organisations.models import Evidence, Organisation
from vault.admin import ReadOnly


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    list_display = ["id", "country", "created_at"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnly):
    list_display = ["at", "organisation", "kind", "by", "expires_at", "revoked_at"]
    list_filter = ["kind"]
    list_select_related = ["organisation", "by"]
    ordering = ["-at", "-id"]
