"""What logos tell, and of whom: of organisations, to everyone."""

from vault.privacy import Column, Table, describe

describe(
    "logos.Logo",
    Table(
        of="organisations, hosts",
        columns={
            "content": Column(
                what="logo, drawn anew: without place, camera and whatever else came along",
                why="readers know an organisation by it",
                readers="everyone",
                gone="when it is replaced or removed, and with the organisation or the author",
            )
        },
        others=("id", "organisation", "author", "name", "width", "height", "at"),
    ),
)
