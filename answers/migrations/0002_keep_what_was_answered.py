from django.db import migrations

from vault.rules import Rule, operation

ANSWER = "answers_answer"
WORDS = ("delivery_id", "received_at", "text", "name", "role", "language", "digest")
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in WORDS)


class Migration(migrations.Migration):
    dependencies = [("answers", "0001_add_answers")]

    operations = [
        operation(
            Rule("answer_is_never_changed", ANSWER, "UPDATE", CHANGED, "What an office wrote never changes."),
            Rule(
                "answer_is_kept",
                ANSWER,
                "DELETE",
                "OLD.declined_at IS NULL",
                "What an office wrote is kept, unless it was declined.",
            ),
        )
    ]
