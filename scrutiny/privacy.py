"""What is known of those who try to sign, without knowing any signature."""

from vault.privacy import Column, Table, describe

describe("scrutiny.Limit", Table(of="nobody", others=("name", "value")))
describe("scrutiny.Switch", Table(of="nobody", others=("name", "words")))
describe("scrutiny.SpentChallenge", Table(of="nobody", others=("challenge", "attempt", "forget_at")))
describe(
    "scrutiny.Gathering",
    Table(
        of="staff",
        columns={
            name: Column(
                what=what, why="two people let a crowd sign", readers="the desk", gone="with the letter"
            )
            for name, what in {"asked_by": "who asked for it", "approved_by": "who agreed"}.items()
        },
        others=("id", "letter", "what", "domain", "begins_at", "ends_at"),
    ),
)
describe("scrutiny.MailDomain", Table(of="nobody", others=("index", "first_seen_at")))
describe(
    "scrutiny.Watched",
    Table(
        of="well-known persons and organisations",
        columns={
            name: Column(
                what=what,
                why="nobody signs in their name unnoticed",
                readers="the desk",
                gone="30 days after it is taken off",
            )
            for name, what in {
                "text": "a name, title or office that forgers like to use",
                "note": "why it is watched",
                "added_by": "who put it on the list",
                "ended_by": "who took it off",
            }.items()
        },
        others=("id", "kind", "is_exempt", "added_at", "ended_at"),
    ),
)
