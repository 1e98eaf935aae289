"""What is known of those who work here."""

from vault.privacy import Column, Table, describe

STAFF_READ = "owners of the site; the person"
WHEN_IT_ENDS = "after 12 hours, or a day later where nobody signed out"
WORKS_HERE = "when the account is deleted"

describe(
    "accounts.User",
    Table(
        of="staff",
        columns={
            "email": Column(what="e-mail address", why="to sign in", readers=STAFF_READ, gone=WORKS_HERE),
            "address": Column(
                what="e-mail address of who speaks for an organisation",
                why="to mail the code to sign in with",
                readers="members of the organisation's space",
                gone=WORKS_HERE,
            ),
            "name": Column(
                what="name", why="shown beside what they decided", readers="staff", gone=WORKS_HERE
            ),
            "password": Column(
                what="password, as an Argon2 hash", why="to sign in", readers="nobody", gone=WORKS_HERE
            ),
            "last_login": Column(
                what="last sign-in", why="to notice a stranger", readers=STAFF_READ, gone=WORKS_HERE
            ),
            "date_joined": Column(
                what="day of joining", why="to know who works here", readers=STAFF_READ, gone=WORKS_HERE
            ),
        },
        others=("id", "is_superuser", "is_staff", "is_active", "works_here"),
    ),
)
describe(
    "accounts.Session",
    Table(
        of="staff",
        columns={
            "session_data": Column(
                what="who is signed in", why="to stay signed in", readers="nobody", gone=WHEN_IT_ENDS
            ),
            "browser": Column(
                what="kind of browser, no version",
                why="to tell sessions apart",
                readers="the person",
                gone=WHEN_IT_ENDS,
            ),
            "began_at": Column(
                what="moment of signing in",
                why="to tell sessions apart",
                readers="the person",
                gone=WHEN_IT_ENDS,
            ),
        },
        others=("session_key", "expire_date", "user"),
    ),
)
for link in ("accounts.User_groups", "accounts.User_user_permissions"):
    describe(link, Table(of="staff", others=("id", "user", link.rpartition("_")[2].removesuffix("s"))))
describe(
    "accounts.Trail",
    Table(
        of="staff",
        columns={
            "at": Column(
                what="moment of an act", why="to show who did what", readers="staff", gone="after 2 years"
            ),
            "who": Column(
                what="who acted", why="to show who did what", readers="staff", gone="after 2 years"
            ),
            "what": Column(
                what="what was done", why="to show who did what", readers="staff", gone="after 2 years"
            ),
        },
        others=("id", "about_type", "about_id", "letter", "detail"),
    ),
)
describe(
    "accounts.Link",
    Table(of="nobody", others=("position", "line", "at", "content", "digest")),
)
