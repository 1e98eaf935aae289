"""What is known of signers in what was carried to offices, and of the offices."""

from vault.privacy import Column, Table, describe

describe(
    "deliveries.Dossier",
    Table(
        of="signers",
        columns={
            "public_edition": Column(
                what="public names, roles, affiliations and countries, as published",
                why="anybody can check what was delivered",
                readers="everyone",
                gone="with the key to the other names",
            ),
            "names": Column(
                what="the same with names for the offices' eyes",
                why="to deliver",
                readers="the worker",
                gone="when its key is destroyed",
            ),
            "key": Column(
                what="the key to the names",
                why="destroying it destroys them",
                readers="the worker",
                gone="30 days after the last delivery of the dossier, 12 months after closing at the latest; "
                "a day after it came to nothing",
            ),
        },
        others=(
            "id", "version", "part", "after", "taken_at", "persons", "organisations", "size", "root",
            "head_at", "head_signature", "public_hash", "sent_hash",
        ),
    ),
)  # fmt: skip
describe(
    "deliveries.Picture",
    Table(
        of="organisations, hosts",
        columns={
            "name": Column(
                what="whose logo it is, as the public edition names them",
                why="anybody can check what was delivered",
                readers="everyone",
                gone="stays: it is the record of what was published",
                stays=True,
            ),
            "content": Column(
                what="logo as it stood beside the name, drawn anew",
                why="the paper of a dossier is the same whenever it is made",
                readers="everyone",
                gone="stays: it is the record of what was published",
                stays=True,
            ),
        },
        others=("id", "dossier", "of", "sha256"),
    ),
)
describe(
    "deliveries.Delivery",
    Table(
        of="offices",
        columns={
            "evidence": Column(
                what="where it was sent, and which server took it",
                why="to prove the delivery",
                readers="hosts, the operator",
                gone="stays: it is the record of the delivery",
            ),
            "mail": Column(
                what="the mail as it left, with the names in its paper",
                why="the case file shows what was sent",
                readers="who delivers the letter",
                gone="when the key of its dossier is destroyed",
            ),
        },
        others=(
            "id", "state", "attempts", "next_at", "tried_at", "lease", "lease_until", "message_id",
            "last_reply", "created_at", "sent_at", "dossier", "recipient", "signatures", "paper_hash",
            "file_hash", "list_hash", "release", "part", "channel", "public_id", "nonce", "return_tag",
            "is_link", "handed_at",
        ),
    ),
)  # fmt: skip
describe(
    "deliveries.Release",
    Table(
        of="offices",
        columns={
            "manifest": Column(
                what="where each office is reached",
                why="it is what the second person approves",
                readers="who delivers the letter",
                gone="stays: it is the record of what was approved",
                stays=True,
            )
        },
        others=(
            "id", "letter", "version", "after", "dossier", "step", "reason", "at_signatures",
            "leaves_at", "in_office_hours", "proposed_by", "proposed_at", "begun_at", "unprintable", "fallen",
            "manifest_hash", "approved_by", "approved_at", "ended_at",
        ),
    ),
)  # fmt: skip
describe(
    "deliveries.Report",
    Table(
        of="offices",
        columns={
            "words": Column(
                what="what somebody noted of a delivery",
                why="to prove the delivery",
                readers="who delivers the letter",
                gone="stays: it is the record of the delivery",
                stays=True,
            ),
            "scan": Column(
                what="a picture of a receipt",
                why="to prove the delivery",
                readers="who delivers the letter",
                gone="stays: it is the record of the delivery",
                stays=True,
            ),
            "by": Column(
                what="who of the desk noted it",
                why="a report bears a name",
                readers="who delivers the letter",
                gone="stays: it is the record of the delivery",
                stays=True,
            ),
        },
        others=("id", "delivery", "kind", "source", "at", "facts", "digest"),
    ),
)
describe("deliveries.Release_recipients", Table(of="nobody", others=("id", "release", "recipient")))
describe("deliveries.Trial", Table(of="staff", others=("id", "release", "recipient", "by", "created_at")))
describe("deliveries.Milestone", Table(of="nobody", others=("id", "letter", "signatures", "reached_at")))
