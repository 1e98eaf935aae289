"""What is known of people in the tables of packages that are not ours. Signers are in none of them."""

from vault.privacy import Column, Form, Table, describe

WITH_ACCOUNT = "with the account"

describe(
    "mfa.Authenticator",
    Table(
        of="staff",
        columns={
            "data": Column(
                what="public key of a passkey with its name, or the secrets of an app and of recovery codes",
                why="to sign in",
                readers="nobody",
                gone=WITH_ACCOUNT,
                form=Form.SEALED,
            ),
            "created_at": Column(
                what="day a second factor was set up",
                why="to tell them apart",
                readers="the person",
                gone=WITH_ACCOUNT,
            ),
            "last_used_at": Column(
                what="when it was used last",
                why="to notice a stranger",
                readers="the person",
                gone=WITH_ACCOUNT,
            ),
        },
        others=("id", "user", "type"),
    ),
)
describe(
    "account.EmailAddress",
    Table(
        of="staff",
        columns={
            "email": Column(
                what="e-mail address",
                why="to send codes for signing in",
                readers="the person",
                gone=WITH_ACCOUNT,
            )
        },
        others=("id", "user", "verified", "primary"),
    ),
)
describe(
    "account.EmailConfirmation", Table(of="staff", others=("id", "email_address", "created", "sent", "key"))
)
describe(
    "admin.LogEntry",
    Table(
        of="staff",
        columns={
            "user": Column(
                what="who repaired something", why="to show who did what", readers="owners", gone=WITH_ACCOUNT
            )
        },
        others=(
            "id",
            "action_time",
            "content_type",
            "object_id",
            "object_repr",
            "action_flag",
            "change_message",
        ),
    ),
)
for of_nobody in ("auth.Permission", "auth.Group", "auth.Group_permissions", "contenttypes.ContentType"):
    describe(of_nobody, Table(of="nobody", others=None))
