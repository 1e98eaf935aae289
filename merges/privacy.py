"""What is kept for thirty days of organisations that went into others: ids, and addresses under seal."""

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
            "typed": Column(
                what="e-mail addresses of those who were in both spaces, as whoever let them in wrote them",
                why="so that, once it is taken back, the space shows them as before",
                readers="nobody",
                gone="when it is taken back, or 30 days after the merge",
            ),
        },
        others=("id", "kept", "gone", "at", "before", "undone_at"),
    ),
)
