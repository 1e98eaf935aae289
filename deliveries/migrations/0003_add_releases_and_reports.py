import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import deliveries.models.deliveries
import signatories.models.choices
import vault.fields
from vault.rules import keeping


def name_what_has_not_left(apps, schema_editor):
    """The page of an office is found by a name; what left before there were pages has none."""
    delivery = apps.get_model("deliveries", "Delivery")
    for row in delivery.objects.exclude(state="sent"):
        row.public_id = signatories.models.choices.new_public_id()
        row.nonce = signatories.models.choices.new_secret()
        row.return_tag = deliveries.models.deliveries.new_return_tag()
        row.save(update_fields=["public_id", "nonce", "return_tag"])


class Migration(migrations.Migration):
    dependencies = [
        ("deliveries", "0002_keep_what_was_sent"),
        ("letters", "0010_more_ways_to_reach_an_office"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("counting", "waits for its number of signatures"),
                            ("freezing", "is being prepared"),
                            ("proposed", "waits for somebody else’s approval"),
                            ("approved", "approved"),
                            ("void", "void: something was changed"),
                            ("cancelled", "called off"),
                            ("failed", "could not be prepared"),
                        ],
                        default="freezing",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "at_signatures",
                    models.PositiveIntegerField(null=True, verbose_name="at so many signatures"),
                ),
                ("leaves_at", models.DateTimeField(null=True, verbose_name="leaves at")),
                ("in_office_hours", models.BooleanField(default=True, verbose_name="in the office’s hours")),
                (
                    "proposed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="proposed"),
                ),
                ("begun_at", models.DateTimeField(editable=False, null=True)),
                ("manifest", models.TextField(blank=True, verbose_name="manifest")),
                (
                    "manifest_hash",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the manifest"),
                ),
                ("approved_at", models.DateTimeField(null=True, verbose_name="approved")),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivered", "it arrived"),
                            ("delayed", "it is delayed"),
                            ("bounced", "it came back"),
                            ("noted", "something was noted"),
                            ("wrong", "another office is meant"),
                            ("retracted", "the office was told that the letter is withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("server", "a mail server’s report"),
                            ("provider", "the mail provider’s report"),
                            ("page", "the office’s own page"),
                            ("person", "somebody of the letter’s"),
                        ],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("words", models.TextField(blank=True, verbose_name="words")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                ("scan", vault.fields.SealedTextField(null=True)),
                ("digest", models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                "verbose_name": "report of a delivery",
                "verbose_name_plural": "reports of deliveries",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "trial of a delivery",
                "verbose_name_plural": "trials of deliveries",
                "ordering": ["-pk"],
            },
        ),
        *keeping(
            "deliveries_dossier",
            *keeping(
                "deliveries_delivery",
                migrations.RemoveConstraint(
                    model_name="delivery",
                    name="sent_delivery_has_evidence",
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="channel",
                    field=models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("post", "post"),
                            ("hand", "by hand"),
                            ("portal", "the office’s own web form"),
                        ],
                        db_default="email",
                        default="email",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="is_link",
                    field=models.BooleanField(db_default=False, default=False, verbose_name="as a link"),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="mail",
                    field=models.BinaryField(null=True),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="nonce",
                    field=models.CharField(
                        db_default="", default=signatories.models.choices.new_secret, max_length=32
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="part",
                    field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="part"),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="public_id",
                    field=models.CharField(max_length=16, null=True, unique=True),
                ),
                migrations.AddField(
                    model_name="dossier",
                    name="after",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplements",
                        to="deliveries.dossier",
                    ),
                ),
                migrations.AddField(
                    model_name="dossier",
                    name="part",
                    field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="part"),
                ),
                migrations.AlterField(
                    model_name="delivery",
                    name="recipient",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="letters.recipient",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dossier",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("after", None), ("part", 0)),
                            models.Q(("after__isnull", False), ("part__gt", 0)),
                            _connector="OR",
                        ),
                        name="a_supplement_comes_after_something",
                        violation_error_message="A supplement says what it comes after.",
                    ),
                ),
                migrations.AddField(
                    model_name="release",
                    name="after",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deliveries.dossier",
                    ),
                ),
                migrations.AddField(
                    model_name="release",
                    name="approved_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="release",
                    name="dossier",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release",
                        to="deliveries.dossier",
                    ),
                ),
                migrations.AddField(
                    model_name="release",
                    name="letter",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="letters.letter",
                    ),
                ),
                migrations.AddField(
                    model_name="release",
                    name="proposed_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="release",
                    name="recipients",
                    field=models.ManyToManyField(related_name="releases", to="letters.recipient"),
                ),
                migrations.AddField(
                    model_name="release",
                    name="version",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="letters.version",
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="release",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="deliveries.release",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "void"), _negated=True),
                        fields=("recipient", "part"),
                        name="one_delivery_per_office_and_part",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            models.Q(
                                ("sent_at__isnull", False),
                                ("signatures__isnull", False),
                                models.Q(("evidence", {}), _negated=True),
                                models.Q(
                                    models.Q(("channel", "email"), _negated=True),
                                    models.Q(
                                        ("message_id__isnull", False),
                                        models.Q(("paper_hash", ""), _negated=True),
                                        models.Q(("file_hash", ""), _negated=True),
                                        models.Q(("list_hash", ""), _negated=True),
                                        models.Q(("last_reply", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="sent_delivery_has_evidence",
                        violation_error_message="What was sent has its evidence: hashes, count, reply and moment.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("channel", "email"),
                            models.Q(
                                ("state__in", ["ready", "claimed", "sending", "uncertain"]), _negated=True
                            ),
                            _connector="OR",
                        ),
                        name="only_mail_leaves_by_itself",
                        violation_error_message="What goes by another way than e-mail, a person brings.",
                    ),
                ),
                migrations.AddField(
                    model_name="report",
                    name="by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="report",
                    name="delivery",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="deliveries.delivery",
                    ),
                ),
                migrations.AddField(
                    model_name="trial",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="trial",
                    name="recipient",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="letters.recipient"
                    ),
                ),
                migrations.AddField(
                    model_name="trial",
                    name="release",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="deliveries.release",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="release",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_their_own_release",
                        violation_error_message="Somebody else approves what one has proposed.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="release",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("dossier__isnull", False),
                                models.Q(("manifest_hash", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_approved_release_is_frozen",
                        violation_error_message="Approved is one very manifest, by its SHA-256.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="release",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "approved"), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="no_release_leaves_unapproved",
                        violation_error_message="Nothing leaves but by approval.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="release",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "proposed"), _negated=True),
                            ("dossier__isnull", False),
                            _connector="OR",
                        ),
                        name="what_is_proposed_is_frozen",
                        violation_error_message="What is proposed is frozen.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="release",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "counting"), _negated=True),
                            ("at_signatures__isnull", False),
                            _connector="OR",
                        ),
                        name="a_release_counts_to_a_number",
                        violation_error_message="Say at how many signatures it goes.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="report",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "person"), _negated=True),
                            ("by__isnull", False),
                            _connector="OR",
                        ),
                        name="a_persons_report_says_whose",
                        violation_error_message="What a person reports bears their name.",
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="return_tag",
                    field=models.CharField(max_length=20, null=True, unique=True),
                ),
                migrations.RunPython(name_what_has_not_left, migrations.RunPython.noop),
                migrations.AlterField(
                    model_name="delivery",
                    name="public_id",
                    field=models.CharField(
                        default=signatories.models.choices.new_public_id,
                        max_length=16,
                        null=True,
                        unique=True,
                    ),
                ),
                migrations.AlterField(
                    model_name="delivery",
                    name="return_tag",
                    field=models.CharField(
                        default=deliveries.models.deliveries.new_return_tag,
                        max_length=20,
                        null=True,
                        unique=True,
                    ),
                ),
            ),
        ),
    ]
