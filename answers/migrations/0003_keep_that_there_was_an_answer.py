import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from vault.rules import Rule, operation, repeal

ANSWER = "answers_answer"
FACTS = ("delivery_id", "received_at", "language")
WORDS = ("text", "name", "role", "digest")
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in (*FACTS, *WORDS))
FORGOTTEN = " AND ".join(
    [
        "OLD.ground = 'withheld'",
        "NEW.ground = 'withheld'",
        *(f"OLD.{column} = NEW.{column}" for column in FACTS),
        *(f"NEW.{column} = ''" for column in WORDS),
    ]
)


def never_changed(when: str) -> Rule:
    return Rule("answer_is_never_changed", ANSWER, "UPDATE", when, "What an office wrote never changes.")


def kept(when: str, unless: str) -> Rule:
    return Rule(
        "answer_is_kept", ANSWER, "DELETE", when, f"What an office wrote is kept, unless it {unless}."
    )


class Migration(migrations.Migration):
    dependencies = [("answers", "0002_keep_what_was_answered")]

    operations = [
        repeal(never_changed(CHANGED), kept("OLD.declined_at IS NULL", "was declined")),
        migrations.AlterField("answer", "digest", models.CharField(blank=True, max_length=64)),
        migrations.RemoveConstraint("answer", "the_same_answer_counts_once"),
        migrations.AddConstraint(
            "answer",
            models.UniqueConstraint(
                condition=models.Q(("digest", ""), _negated=True),
                fields=("delivery", "digest"),
                name="the_same_answer_counts_once",
            ),
        ),
        migrations.RemoveConstraint("answer", "an_answer_says_something_and_not_too_much"),
        migrations.AddConstraint(
            "answer",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("text", ""), _negated=True),
                        models.Q(("digest", ""), _negated=True),
                        django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("text"), 10000
                        ),
                    ),
                    models.Q(
                        ("digest", ""), ("ground", "withheld"), ("name", ""), ("role", ""), ("text", "")
                    ),
                    _connector="OR",
                ),
                name="an_answer_says_something_and_not_too_much",
            ),
        ),
        operation(
            never_changed(f"({CHANGED}) AND NOT ({FORGOTTEN})"),
            kept("OLD.ground <> 'strange'", "is none of its own"),
        ),
    ]
