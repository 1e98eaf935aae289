"""What is known of organisations."""

from vault.privacy import Column, Form, Table, Words, describe

READERS = "moderators of the letters it signs; everyone, if it is listed"
GONE = "when no signature shows it any more"


def _known(what: Words, form: Form = Form.SEALED) -> Column:
    return Column(
        what=what, why="to recognise it under the next letter", readers=READERS, form=form, gone=GONE
    )


def _seen(what: Words, form: Form = Form.CLEAR) -> Column:
    why = "so that nobody signs in its name"
    return Column(what=what, why=why, readers="moderators of the letters it signs", form=form, gone=GONE)


def _asked(what: Words, form: Form = Form.CLEAR) -> Column:
    why = "so that nobody alone changes by what an organisation is known"
    gone = "when another moderator decides, or it is taken back"
    return Column(what=what, why=why, readers="moderators of the letters it signs", form=form, gone=gone)


describe(
    "organisations.Organisation",
    Table(
        of="organisations",
        columns={
            "website": _known("website"),
            "country": _known("country", Form.CLEAR),
            "type": _known("type", Form.CLEAR),
        },
        others=(
            "id", "public_id", "created_at", "dns_asked_at", "dns_checked_at", "dns_answer", "carried_at",
            "merged_into",
        ),
    ),
)  # fmt: skip
describe(
    "organisations.Name",
    Table(
        of="organisations",
        columns={
            "text": _known("name, and names in other languages"),
            "language": _known("language of the name", Form.CLEAR),
            "key": _known("mark by which the name is recognised", Form.INDEX),
        },
        others=("id", "organisation", "kind"),
    ),
)
describe(
    "organisations.Description",
    Table(
        of="organisations",
        columns={
            "text": _known("what it says of itself"),
            "language": _known("language of what it says of itself", Form.CLEAR),
        },
        others=("id", "organisation"),
    ),
)
describe(
    "organisations.ProposedName",
    Table(
        of="organisations",
        columns={
            "text": Column(
                what="name that its own people propose",
                why="so that a moderator decides whether it is recognised by it",
                readers="moderators of the letters it signs, its own people",
                gone="when a moderator decides, or they take it back",
            ),
            "language": Column(
                what="language of a name that its own people propose",
                why="so that they see what became of it",
                readers="moderators of the letters it signs, its own people",
                form=Form.CLEAR,
                gone="when they propose another in it, or take it back",
            ),
        },
        others=("id", "organisation", "at", "accepted_at", "declined_at"),
    ),
)
describe(
    "organisations.ProposedChange",
    Table(
        of="organisations, staff",
        columns={
            "text": _asked("website or name that a moderator would give it", Form.SEALED),
            "language": _asked("language of that name"),
            "by": _asked("which moderator"),
        },
        others=("id", "organisation", "kind", "name", "at"),
    ),
)
describe(
    "organisations.Evidence",
    Table(
        of="organisations, staff, speakers",
        columns={
            "seen": _seen("what was seen that speaks for it: a domain, or a sentence; no number, no address"),
            "voucher": _seen("which organisation speaks for it"),
            "by": _seen("who noted it: of the staff, or a speaker of the organisation that gives its word"),
        },
        others=("id", "organisation", "kind", "at", "expires_at", "revoked_at"),
    ),
)
