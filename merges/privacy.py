"""What is kept of organisations that went into others: numbers of rows, for thirty days."""

from vault.privacy import Column, Form, Table, describe

describe(
    "merges.Merge",
    Table(
        of="organisations, staff",
        columns={
            "by": Column(
                what="who of the staff merged the two",
                why="so that somebody can be asked",
                readers="moderators of the letters it signs",
                form=Form.CLEAR,
                gone="30 days after it",
            ),
            "undone_by": Column(
                what="who of the staff took it back",
                why="so that somebody can be asked",
                readers="moderators of the letters it signs",
                form=Form.CLEAR,
                gone="30 days after the merge",
            ),
        },
        others=("id", "kept", "gone", "at", "before", "undone_at"),
    ),
)
