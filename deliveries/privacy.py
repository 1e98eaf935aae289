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
                gone="stays: it is the record of what was published",
                stays=True,
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
                gone="30 days after the last delivery of the dossier, 12 months after closing at the latest",
            ),
        },
        others=(
            "id", "version", "taken_at", "persons", "organisations", "size", "root", "head_at",
            "head_signature", "public_hash", "sent_hash",
        ),
    ),
)  # fmt: skip
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
            )
        },
        others=(
            "id", "state", "attempts", "next_at", "tried_at", "lease", "lease_until", "message_id",
            "last_reply", "created_at", "sent_at", "dossier", "recipient", "signatures", "paper_hash",
            "file_hash", "list_hash",
        ),
    ),
)  # fmt: skip
