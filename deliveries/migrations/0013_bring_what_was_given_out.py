from django.db import migrations

from vault.rules import Rule, operation


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0012_note_the_paper_that_is_given_out")]

    operations = [
        operation(
            Rule(
                "what_is_brought_was_given_out",
                "deliveries_delivery",
                "UPDATE",
                "NEW.state = 'sent' AND OLD.state <> 'sent' AND NEW.channel <> 'email' AND NEW.handed_at IS NULL",
                "Nobody brings a paper that was not given out.",
            )
        )
    ]
