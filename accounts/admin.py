"""For repair: who works here, and the trail of what they did."""

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest

from accounts import inviting, trail
from accounts.models import Trail, User
from vault.admin import ReadOnly

# Registered by the imports above: roles are given letter by letter, everybody has one address, nobody takes
# a second factor from anybody
admin.site.unregister([Group, EmailAddress, Authenticator])


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Accounts are given here and closed here, never deleted: the trail names them."""

    list_display = ["email", "name", "is_active", "is_staff", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        # nobody makes anybody a superuser here: the operator does, on the command line
        kept = ["last_login", "date_joined", "is_superuser"]
        if obj is not None:
            kept.append("email")  # whoever has the mailbox can have a new password
        return kept if request.user.is_superuser else [*kept, "is_staff"]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """A new account gets a mail with a link to set its password; nobody else ever knows one."""
        obj.email = obj.email.lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            inviting.mail_password_link(obj)
        trail.record(
            "account changed" if change else "account given",
            about=obj,
            by=_who(request),
            fields=", ".join(form.changed_data),
        )


@admin.register(Trail)
class TrailAdmin(ReadOnly):
    list_display = ["at", "who", "what", "about_type", "about_id", "detail"]
    list_filter = ["what"]
    list_select_related = ["who"]


def _who(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - for the type checker
    return request.user
