from django.db import migrations, models

from vault.rules import keeping


class Migration(migrations.Migration):
    dependencies = [("deliveries", "0009_forget_mail_that_was_not_taken")]

    operations = keeping(
        "deliveries_delivery",
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel", "email"), models.Q(("is_link", False), ("mail", None)), _connector="OR"
                ),
                name="what_is_brought_has_no_mail",
                violation_error_message="What a person brings is no mail, and no link in one.",
            ),
        ),
    )
