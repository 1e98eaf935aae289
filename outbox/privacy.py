"""What is known of who gets mail. A message holds no address, no text and no link."""

from django.utils.translation import gettext_lazy as _

from vault.privacy import Column, Table, describe

KEPT = "with the signature it is about"

describe(
    "outbox.Message",
    Table(
        of="signers",
        columns={
            "kind": Column(
                what=_("What the mail was: a request to confirm, thanks, news"),
                why="to send it, once",
                readers="the operator",
                gone=KEPT,
            ),
            "subject": Column(
                what=_("The number of the signature it was about"),
                why="to find the address when it leaves",
                readers="the operator",
                gone=KEPT,
            ),
            "sent_at": Column(
                what=_("When it left"), why="as evidence that it left", readers="the operator", gone=KEPT
            ),
            "bounced_at": Column(
                what=_("When the mail server refused our mail"),
                why="to notice that much comes back",
                readers="the operator",
                gone=KEPT,
            ),
            "complained_at": Column(
                what=_("When its owner complained about our mail"),
                why="to notice that many do",
                readers="the operator",
                gone=KEPT,
            ),
            "last_reply": Column(
                what=_("What the mail server answered"),
                why="as evidence that it left, or to see why it did not; addresses are taken out",
                readers="the operator",
                gone=KEPT,
            ),
        },
        others=(
            "id", "state", "attempts", "next_at", "tried_at", "lease", "lease_until", "message_id",
            "evidence", "created_at", "dedupe_key", "faults", "lane",
        ),
    ),
)  # fmt: skip
describe(
    "outbox.Rendered",
    Table(
        of="staff",
        columns={
            "mail": Column(
                what="a ready-made mail to staff, with its address",
                why="to send it",
                readers="the worker",
                gone="once it has left; after 30 days if it could not",
            )
        },
        others=("id", "created_at"),
    ),
)
describe(
    "outbox.Channel",
    Table(
        of="nobody", others=("name", "paused_at", "reason", "alerted_at", "probe_at", "accepted_at", "wait")
    ),
)
describe(
    "outbox.Alert",
    Table(
        of="nobody",
        others=("id", "kind", "about", "reason", "first_at", "last_at", "said_at", "count", "ended_at"),
    ),
)
