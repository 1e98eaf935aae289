"""What is known of people in the tables of packages that are not ours. Signers are in none of them."""

from vault.privacy import Column, Table, describe

WITH_ACCOUNT = "with the account"

describe(
    "sessions.Session",
    Table(
        of="staff",
        columns={
            "session_data": Column(
                what="who is signed in",
                why="to stay signed in",
                readers="nobody",
                gone="after 12 hours at the latest",
            )
        },
        others=("session_key", "expire_date"),
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
