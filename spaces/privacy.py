"""What is known of those who speak for organisations, and of what two of them sign."""

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

describe(
    "spaces.TwoSign",
    Table(
        of="speakers of organisations",
        columns={
            "off_asked_by": Column(
                what="who wants one speaker to sign alone again",
                why="so that another agrees or says no",
                readers="nobody",
                gone="when another speaker answers, or after 14 days",
            ),
        },
        others=("id", "organisation", "since", "off_asked_at"),
    ),
)

describe(
    "spaces.Waiting",
    Table(
        of="signatories",
        columns={
            "member": Column(
                what="who gave a signature that another speaker has to confirm",
                why="so that another confirms it, and not they",
                readers="the organisation’s members",
                gone="when another speaker confirms it or says no, with the membership, or after three days",
            ),
            "name": Column(
                what="name of the representative",
                why="so that it is signed as it was given",
                readers="the organisation’s members",
                gone="when another speaker confirms it or says no, with the membership, or after three days",
            ),
            "role": Column(
                what="role of the representative",
                why="so that it is signed as it was given",
                readers="the organisation’s members",
                gone="when another speaker confirms it or says no, with the membership, or after three days",
            ),
            "consent": Column(
                what="what was agreed to, and on which day",
                why="to prove the consent",
                readers="the organisation’s members",
                gone="when another speaker confirms it or says no, with the membership, or after three days",
            ),
        },
        others=(
            "id",
            "organisation",
            "letter",
            "version",
            "visibility",
            "updates",
            "language",
            "at",
        ),
    ),
)

describe(
    "spaces.Given",
    Table(
        of="speakers of organisations",
        columns={
            "signed_by": Column(
                what="who gave a signature in the organisation’s space",
                why="so that its members see who acted for it",
                readers="the organisation’s members",
                gone="when the signature is erased",
            ),
            "confirmed_by": Column(
                what="which other speaker confirmed it there",
                why="so that its members see who acted for it",
                readers="the organisation’s members",
                gone="when the signature is erased",
            ),
        },
        others=("id", "signature", "by_two"),
    ),
)
