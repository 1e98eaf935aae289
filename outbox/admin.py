"""For repair: what did not leave, and why. Nothing is written here but by the actions."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from outbox import alerting, pausing, posting
from outbox.models import Alert, Channel, Message
from vault.admin import ReadOnly


class Repairable(ReadOnly):
    """No field is written; who has the right to change may use the actions."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj)


class Troubled(admin.SimpleListFilter):
    """Only what needs somebody is shown at first: what has left is everybody's good day."""

    title = _("what")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("waiting")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        chosen = self.value()
        query = changelist.get_query_string
        yield {"selected": not chosen, "query_string": query(remove=["what"]), "display": _("in trouble")}
        for value, display in self.lookup_choices:
            yield {"selected": chosen == value, "query_string": query({"what": value}), "display": display}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.filter(state="ready") if self.value() == "waiting" else queryset.troubled()


@admin.register(Message)
class MessageAdmin(Repairable):
    list_display = [
        "id",
        "kind",
        "state",
        "lane",
        "attempts",
        "faults",
        "last_reply",
        "next_at",
        "created_at",
    ]
    list_filter = [Troubled, "state", "lane", "kind"]
    ordering = ["-id"]
    actions = ["retry"]

    @admin.action(description=_("Try again"), permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Let what was given up go again, at once and with full patience, under its Message-ID."""
        count = Message.objects.filter(pk__in=queryset.values("pk")).revive()
        posting.nudge()
        sentence = ngettext("%(count)s message goes again.", "%(count)s messages go again.", count)
        messages.success(request, sentence % {"count": count})


@admin.register(Channel)
class ChannelAdmin(Repairable):
    list_display = ["name", "paused_at", "reason", "probe_at", "alerted_at", "accepted_at", "wait"]
    actions = ["pause", "resume"]

    @admin.action(description=_("Let nothing leave"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet) -> None:
        for channel in queryset:
            pausing.pause(channel.name, reason=f"by user {request.user.pk}")

    @admin.action(description=_("Let mail leave again"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet) -> None:
        for channel in queryset:
            pausing.resume(channel.name)


@admin.register(Alert)
class AlertAdmin(Repairable):
    list_display = ["kind", "about", "reason", "first_at", "last_at", "count", "ended_at"]
    list_filter = ["kind"]
    ordering = ["-first_at"]
    actions = ["end"]

    @admin.action(description=_("It is over"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet) -> None:
        for alert in queryset:
            alerting.end(alert.kind, about=alert.about)
