import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import vault.fields
from vault.rules import Rule, operation, repeal

ANSWER = "answers_answer"
NEVER = "What an office wrote never changes."
WORDS = ("text", "name", "role", "digest")


def changed(*facts: str) -> str:
    return " OR ".join(f"OLD.{one} <> NEW.{one}" for one in (*facts, *WORDS))


def forgotten(*facts: str) -> str:
    """When the words of an answer that is kept back may go, and nothing else of it."""
    return " AND ".join(
        [
            "OLD.ground = 'withheld'",
            "NEW.ground = 'withheld'",
            *(f"OLD.{one} = NEW.{one}" for one in facts),
            *(f"NEW.{one} = ''" for one in WORDS),
        ]
    )


def never_changed(when: str) -> Rule:
    return Rule("answer_is_never_changed", ANSWER, "UPDATE", when, NEVER)


FACTS = ("delivery_id", "received_at", "language")
BEFORE = never_changed(f"({changed(*FACTS)}) AND NOT ({forgotten(*FACTS)})")
ENTERED = (
    "(OLD.way <> NEW.way OR COALESCE(OLD.entered_by_id, 0) <> COALESCE(NEW.entered_by_id, 0) "
    "OR (OLD.entered_at IS NULL) <> (NEW.entered_at IS NULL) OR OLD.entered_at <> NEW.entered_at)"
)
# The picture is sealed anew when keys are rotated; it never comes, and goes only with the words
SCAN = "(OLD.scan IS NULL) <> (NEW.scan IS NULL)"
NOW = never_changed(
    f"{ENTERED} OR ({changed(*FACTS)} OR {SCAN}) AND NOT ({forgotten(*FACTS)} AND NEW.scan IS NULL)"
)
LEFT = Rule(
    "entered_answer_comes_after_the_letter",
    ANSWER,
    "INSERT",
    "NEW.way <> 'page' AND NOT EXISTS (SELECT 1 FROM deliveries_delivery sent WHERE sent.id = NEW.delivery_id "
    "AND sent.state = 'sent' AND sent.sent_at <= NEW.received_at)",
    "An office answers a letter that has left.",
)


class Migration(migrations.Migration):
    dependencies = [
        ("answers", "0003_keep_that_there_was_an_answer"),
        ("deliveries", "0015_close_gaps_in_the_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        repeal(BEFORE),
        migrations.RemoveConstraint(
            model_name="answer",
            name="an_answer_says_something_and_not_too_much",
        ),
        migrations.AddField(
            model_name="answer",
            name="entered_at",
            field=models.DateTimeField(null=True, verbose_name="entered"),
        ),
        migrations.AddField(
            model_name="answer",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="scan",
            field=vault.fields.SealedTextField(null=True),
        ),
        migrations.AddField(
            model_name="answer",
            name="way",
            field=models.CharField(
                choices=[("page", "on its own page"), ("email", "by e-mail"), ("paper", "on paper")],
                db_default="page",
                default="page",
                max_length=10,
                verbose_name="how it came",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("text", ""), _negated=True),
                        models.Q(("digest", ""), _negated=True),
                        django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("text"), 10000
                        ),
                    ),
                    models.Q(
                        ("digest", ""),
                        ("ground", "withheld"),
                        ("name", ""),
                        ("role", ""),
                        ("scan__isnull", True),
                        ("text", ""),
                    ),
                    _connector="OR",
                ),
                name="an_answer_says_something_and_not_too_much",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("entered_at", None), ("entered_by", None), ("scan__isnull", True), ("way", "page")
                    ),
                    models.Q(
                        models.Q(("way", "page"), _negated=True),
                        ("entered_at__isnull", False),
                        ("entered_by__isnull", False),
                        ("received_at__lte", models.F("entered_at")),
                    ),
                    _connector="OR",
                ),
                name="what_no_office_typed_somebody_entered",
                violation_error_message="Who enters an answer is known, and it has come before.",
            ),
        ),
        operation(NOW, LEFT),
    ]
