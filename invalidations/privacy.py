"""What is known of signers by what they were looked for, and which of them were found."""

from vault.privacy import Column, Form, Table, describe

describe(
    "invalidations.Invalidation",
    Table(
        of="signers",
        columns={
            "domain": Column(
                what="mail domain by which signatures were looked for",
                why="to say later why they were taken out",
                readers="moderators of the letter",
                gone="30 days after it ended",
            ),
            "name": Column(
                what="name, or part of one, by which signatures were looked for",
                why="to say later why they were taken out",
                readers="moderators of the letter",
                gone="30 days after it ended",
            ),
            "network": Column(
                what="mark of the network by which signatures were looked for",
                why="to find those that came from one place",
                readers="nobody: it is compared",
                gone="when it has been looked for: minutes",
                form=Form.INDEX,
            ),
        },
        others=(
            "id", "letter", "is_by_network", "since", "until", "score", "ground", "reason", "state",
            "proposed_by", "proposed_at", "started_by", "started_at", "ended_at", "reversed_by",
            "reversed_at", "reversal_asked_by", "looked_at", "last", "found", "handled", "taken_out",
            "put_back",
        ),
    ),
)  # fmt: skip
describe(
    "invalidations.Match",
    Table(
        of="signers",
        columns={},
        others=("id", "invalidation", "signature", "decision", "held_at", "is_handled"),
    ),
)
