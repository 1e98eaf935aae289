"""What is known of hosts and of the offices a letter addresses: public, but where offices are written to."""

from vault.privacy import Column, Table, describe

STAYS = "stays with the letter"

describe(
    "letters.Letter",
    Table(
        of="hosts",
        columns={
            "contact": Column(
                what="address of the hosts",
                why="readers, signers and offices write there",
                readers="everyone",
                gone=STAYS,
            )
        },
        others=(
            "id", "slug", "original_language", "risk", "goal", "current", "created_at", "published_at",
            "opens_at", "closes_at", "taken_down_at", "archived_at",
        ),
    ),
)  # fmt: skip
describe(
    "letters.Version",
    Table(
        of="nobody",
        others=(
            "id",
            "letter",
            "number",
            "text_hash",
            "published_at",
            "proposed_at",
            "proposed_by",
            "published_by",
        ),
    ),
)
describe(
    "letters.Translation",
    Table(
        of="nobody",
        others=(
            "id",
            "version",
            "language",
            "title",
            "summary",
            "body",
            "text_hash",
            "frozen_at",
            "written_by",
            "reviewed_by",
            "reviewed_at",
        ),
    ),
)
describe(
    "letters.Correction",
    Table(
        of="nobody",
        others=(
            "id", "translation", "title", "summary", "body", "proposed_at", "proposed_by", "published_at",
            "published_by",
        ),
    ),
)  # fmt: skip
describe(
    "letters.Recipient",
    Table(
        of="offices",
        columns={
            "person": Column(
                what="who holds the office",
                why="the letter is addressed to them",
                readers="everyone",
                gone=STAYS,
            ),
            "address": Column(
                what="where the office is written to",
                why="to deliver",
                readers="hosts, the worker",
                gone=STAYS,
            ),
            "postal": Column(
                what="where the office gets its post",
                why="to deliver",
                readers="hosts",
                gone=STAYS,
            ),
        },
        others=(
            "id",
            "version",
            "order",
            "office",
            "country",
            "language",
            "channel",
            "time_zone",
            "size_limit",
        ),
    ),
)
describe("letters.TakeDown", Table(of="nobody", others=("id", "letter", "by", "at", "reason")))
describe(
    "letters.Closing", Table(of="nobody", others=("id", "letter", "by", "at", "before", "after", "reason"))
)
describe("letters.Author", Table(of="hosts", others=("id", "letter", "order", "name", "website")))
describe(
    "letters.Role",
    Table(
        of="staff",
        columns={
            "user": Column(
                what="who may do something",
                why="to let them",
                readers="staff of the letter",
                gone="when taken away",
            )
        },
        others=("id", "letter", "kind", "given_at"),
    ),
)
