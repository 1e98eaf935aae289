"""What is known of those whom a host invites."""

from vault.privacy import Column, Form, Table, Words, describe

HOST = "the host who invited, nobody else"
OVER = (
    "30 days after the letter closes, a year after it was sent under one that does not; unsent after 30 days"
)
SAID_NO = f"14 days after it declines or was not mailed; {OVER}"


def _column(
    what: Words, why: str, *, gone: str = OVER, readers: str = HOST, form: Form = Form.CLEAR
) -> Column:
    return Column(what=what, why=why, readers=readers, gone=gone, form=form)


def _moment(what: Words) -> Column:
    return _column(
        what, "to tell the host where it stands", readers="the host; owners of the letter in numbers"
    )


describe(
    "invitations.Invitation",
    Table(
        of="organisations that are invited",
        columns={
            "name": _column(
                "name of the organisation",
                "to fill in the form, and to announce one that has agreed",
                readers=f"{HOST}; everyone, while it is announced",
                gone=SAID_NO,
            ),
            "email": _column("e-mail address", "to invite and remind", gone=SAID_NO),
            "address": _column(
                "mark by which the e-mail address is recognised",
                "so that it is not asked twice",
                readers="nobody can read it back",
                form=Form.INDEX,
            ),
            "evidence": _column(
                "how an organisation has agreed to sign",
                "so that its announcement can be accounted for",
                readers="owners of the letter",
                gone=SAID_NO,
            ),
            "name_key": _column(
                "mark by which the name of an announced organisation is recognised",
                "so that it is announced once, and not beside its own signature",
                readers="nobody can read it back",
                form=Form.INDEX,
            ),
            "language": _column("language", "to write in it"),
            "country": _column("country", "to fill in the form"),
            "reminders": _column("how often it was reminded", "twice at most"),
            "created_at": _moment("when it was prepared"),
            "posted_at": _moment("when the host sent it"),
            "mailed_at": _moment("when the mail left"),
            "not_mailed_at": _moment("when it turned out that no mail leaves"),
            "bounced_at": _moment("when the mail server refused it"),
            "reminded_at": _moment("when it was last reminded"),
            "opened_at": _moment("when a browser first showed its page"),
            "declined_at": _moment("when it declined"),
            "announced_until": _moment("until when the letter's page announces it"),
        },
        others=("id", "public_id", "nonce", "letter", "invited_by"),
    ),
)
describe("invitations.Announced", Table(of="nobody", others=("id", "letter", "number")))
describe(
    "invitations.Attempt",
    Table(
        of="organisations that are invited",
        columns={
            "signature": _column(
                "the signature it gave",
                "to tell the host that it signed",
                gone="within an hour of the signature's erasure",
            )
        },
        others=("id", "invitation"),
    ),
)
