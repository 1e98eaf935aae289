"""What is known of those who speak for organisations."""

from vault.privacy import Column, Table, describe

describe(
    "spaces.Membership",
    Table(
        of="speakers of organisations",
        columns={
            "role": Column(
                what="what somebody may do for an organisation",
                why="so that only its speakers sign for it",
                readers="the organisation’s other members",
                gone="when a speaker takes them out, or they leave",
            ),
            "typed": Column(
                what="e-mail address, as whoever let somebody in wrote it",
                why="so that the space shows whom it let in, and not how others write the address",
                readers="the organisation’s other members",
                gone="with the membership",
            ),
            "by_invitation": Column(
                what="that an invitation alone let somebody in",
                why="so that they act for it only once a moderator has approved what they signed",
                readers="nobody",
                gone="with the membership, or once that is approved",
            ),
        },
        others=("id", "user", "organisation", "since"),
    ),
)
