"""What is known of people in updates: who of the staff wrote and approved them, and how many were mailed."""

from vault.privacy import Table, describe

describe(
    "updates.Update",
    Table(
        of="nobody",
        others=(
            "id", "letter", "created_at", "proposed_by", "proposed_at", "approved_by", "approved_at",
            "reached", "queued_at", "queued", "left", "refused",
        ),
    ),
)  # fmt: skip
describe(
    "updates.Text",
    Table(of="nobody", others=("id", "update_of", "language", "subject", "body", "written_by")),
)
describe(
    "updates.Notice",
    Table(of="nobody", others=("id", "take_down", "version", "reached", "queued_at", "queued")),
)
