"""Open the way out again after its fault is mended."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from outbox import pausing
from outbox.models import Channel


class Command(BaseCommand):
    help = "Let mail leave again by every channel that is paused."

    def handle(self, *args: Any, **options: Any) -> None:
        paused = Channel.objects.filter(paused_at__isnull=False)
        for channel in paused:
            pausing.resume(channel.name)
            self.stdout.write(_("%(channel)s is open again.") % {"channel": channel.name})
