from django.db import migrations

from vault.rules import never_emptied


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_add_who_speaks"),
    ]

    operations = [never_emptied("accounts_trail", "accounts_link")]
