"""What is known of signers in lists that are on their way out, for three days at most."""

from vault.privacy import Column, Table, describe

describe(
    "exports.Export",
    Table(
        of="signers",
        columns={
            "key": Column(
                what="the key to the frozen list",
                why="destroying it destroys the list",
                readers="the worker",
                gone="3 days after it was built, or when cancelled",
            ),
        },
        others=(
            "id", "letter", "version", "profile", "format", "kind", "type", "country", "since", "until",
            "why", "proposed_by", "proposed_at", "state", "attempts", "heard_at", "total", "frozen", "rows",
            "sha256", "expires_at", "approved_by", "approved_at", "taken_by", "taken_at", "taken_rows",
            "taken_sha256",
        ),
    ),
)  # fmt: skip
describe(
    "exports.Piece",
    Table(
        of="signers",
        columns={
            "lines": Column(
                what="names, roles, affiliations and countries, sealed under the export’s own key",
                why="what is approved is what leaves",
                readers="whom the export’s profile names, once somebody else has approved it",
                gone="3 days after it was built, or when cancelled",
            ),
        },
        others=("id", "export", "number"),
    ),
)
