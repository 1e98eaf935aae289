from django.db import migrations
from django.db.models import Q

from vault.rules import Rule, operation, repeal

FROZEN = Rule(
    "sent_delivery_is_frozen",
    "deliveries_delivery",
    "UPDATE",
    "OLD.state = 'sent'",
    "The record of what was sent never changes.",
)


def forget(apps, schema_editor):
    """What a person brought, or has to bring, kept hashes and the text of a mail that nobody got."""
    delivery = apps.get_model("deliveries", "Delivery")
    had_mail = Q(mail__isnull=False) | Q(is_link=True) | ~Q(paper_hash="")
    brought = delivery.objects.filter(had_mail).exclude(channel="email").values_list("pk", flat=True)
    mine = delivery.objects.filter(pk__in=list(brought))
    mine.exclude(state="sent").update(evidence={}, signatures=None)
    mine.update(
        mail=None, is_link=False, message_id=None, paper_hash="", file_hash="", list_hash="", last_reply=""
    )


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0008_keep_pictures_as_they_were")]

    operations = [
        repeal(FROZEN),
        migrations.RunPython(forget, migrations.RunPython.noop),
        operation(FROZEN),
    ]
