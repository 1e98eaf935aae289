"""What is known of those who sign."""

from django.utils.translation import gettext_lazy as _

from vault.privacy import Column, Form, Table, Words, describe

MODERATORS = "moderators of the letter"
WORKER = "the worker"
RETAINED = (
    "30 days after the last delivery of the closed letter, 12 months after closing at the latest; without a "
    "closing date 12 months after signing; unconfirmed after 72 hours; rejected or withdrawn after 30 days"
)
STAYS = "stays, without the person"
MONTH = "only its month stays, when names and addresses go"
NAME_READERS = "moderators; whom the signer chose"
SETTLED = "24 hours after signing"


def _shown(what: Words) -> Column:
    return Column(what=what, why="to show it as chosen", readers=NAME_READERS, gone=RETAINED)


def _moment(what: Words) -> Column:
    why = "to know where the signature stands"
    return Column(what=what, why=why, readers=MODERATORS, gone=MONTH, stays=True)


def _passing(what: Words, why: str) -> Column:
    return Column(what=what, why=why, readers=MODERATORS, gone=RETAINED)


def _stays(what: Words, why: str) -> Column:
    return Column(what=what, why=why, readers=MODERATORS, gone=STAYS, stays=True)


def _reported(what: Words) -> Column:
    gone = "30 days after it is decided, or the signature is withdrawn"
    return Column(what=what, why="so that a moderator looks at it", readers=MODERATORS, gone=gone)


def _mark(what: Words, *, why: str, gone: str = RETAINED) -> Column:
    return Column(what=what, why=why, readers="nobody can read it back", gone=gone, form=Form.INDEX)


def _clue(what: Words, *, gone: str = RETAINED, form: Form = Form.CLEAR) -> Column:
    return Column(what=what, why="to tell fakes from signers", readers=WORKER, gone=gone, form=form)


def _found(what: Words) -> Column:
    return Column(what=what, why="to tell fakes from signers", readers=MODERATORS, gone=RETAINED)


describe(
    "signatories.Signature",
    Table(
        of="signers",
        columns={
            "kind": _stays(_("Whether a person or an organisation signs"), "to count both"),
            "name": _shown(_("Name of the person who signed")),
            "email": Column(
                what=_("E-mail address"),
                why="to have it confirmed, and for our mails",
                readers="the worker, moderators",
                gone=RETAINED,
            ),
            "role": _shown(_("Role or profession")),
            "affiliation": _shown(_("Affiliation")),
            "organisation_name": _shown(_("Name of the organisation")),
            "website": _shown(_("Website of the organisation")),
            "corrected_name": _shown(_("Corrected name that is being checked")),
            "country": _shown(_("Country")),
            "language": _stays(_("Language in which it was signed"), "to write in it"),
            "letter": _stays(_("Letter"), "what was signed"),
            "version": _stays(_("Version of the letter's text"), "what was signed"),
            "visibility": _stays(_("Who may see the name"), "to obey the choice"),
            "updates": Column(
                what=_("Whether news of the letter is wanted"),
                why="to obey the choice",
                readers=WORKER,
                gone=RETAINED,
            ),
            "consent": Column(
                what=_("What was agreed to, and on which days"),
                why="to prove the consent",
                readers="the operator",
                gone="its days with the address; what was agreed to stays",
                stays=True,
            ),
            "address": _mark(
                _("Mark by which the e-mail address is recognised"), why="one signature per mailbox"
            ),
            "organisation_key": _mark(
                _("Mark by which the organisation's name is recognised"), why="one signature per organisation"
            ),
            "organisation": Column(
                what=_("The organisation in our list of organisations"),
                why="one signature per organisation",
                readers=MODERATORS,
                gone="as the address, unless the name is public",
            ),
            "salt": Column(
                what=_("Random number in your receipt"),
                why="so that the roll names nobody",
                readers="the signer",
                gone=RETAINED,
            ),
            "nonce": Column(
                what=_("Random number from which your private links are made"),
                why="links nobody can guess",
                readers="nobody",
                gone=STAYS,
                stays=True,
            ),
            "network": _clue(
                _("Mark of the network it came from, good for one day"), gone=SETTLED, form=Form.INDEX
            ),
            "domain": _clue(_("Mark of the e-mail address's domain"), form=Form.INDEX),
            "name_key": _clue(_("Mark by which equal names are noticed"), form=Form.INDEX),
            "clues": _clue(
                _("What the request showed: its browser's family, whether a script ran, if servers sent it"),
                gone=SETTLED,
            ),
            "score": _found(_("How much speaks for a fake, in points")),
            "suspicions": _found(_("What spoke for a fake")),
            "corrections": _found(_("How often its name was corrected unseen")),
            "code_mailed_at": _passing(_("When its code was mailed"), "to let it work whoever else signs"),
            "code_tries": _found(_("How often a wrong code was typed")),
            "created_at": _moment(_("When it was signed")),
            "mailed_at": _passing(_("When the mail to confirm it left"), "to count the time to confirm"),
            "bounced_at": _passing(_("When the mail server refused our mail"), "to send no more there"),
            "confirmed_at": _moment(_("When it was confirmed")),
            "corrected_at": _passing(_("When a correction was asked for"), "to decide it in order"),
            "held_at": _moment(_("Since when it waits for a moderator")),
            "reported_at": _moment(_("When somebody reported the name")),
            "asked_at": _passing(_("Since when its signer's answer is waited for"), "to ask before deciding"),
            "rejected_at": _moment(_("When a moderator rejected it")),
            "hidden_at": _moment(_("When the name was hidden")),
            "withdrawn_at": _moment(_("When it was withdrawn")),
            "deleted_at": _passing(
                _("When it was deleted unconfirmed"), "so that its link can say so for 30 days"
            ),
            "erased_at": _stays(_("When what is personal was erased"), "to know that it is"),
            "enrolled_at": _moment(_("When it was counted")),
        },
        others=("id", "public_id", "scored_at", "unsettled_at"),
    ),
)
describe(
    "signatories.Decision",
    Table(
        of="signers and staff",
        columns={
            "verdict": _stays(_("What was decided"), "to answer for it"),
            "ground": _stays(_("On which ground"), "to answer for it"),
            "at": Column(what=_("When"), why="to answer for it", readers=MODERATORS, gone=MONTH, stays=True),
            "reason": Column(
                what=_("Why"), why="to answer for it", readers=MODERATORS, gone="with the signer's name"
            ),
            "together": Column(
                what="with which others it was taken, in one step",
                why="to undo it with them",
                readers=MODERATORS,
                gone="never",
                stays=True,
            ),
            "before": Column(
                what="what it changed, as it was",
                why="to undo it within ten minutes",
                readers=WORKER,
                gone="within 70 minutes, or when it is undone",
                form=Form.SEALED,
            ),
            "by": Column(
                what="who decided",
                why="to answer for it",
                readers="the desk, never the signer",
                gone=STAYS,
                stays=True,
            ),
        },
        others=("id", "signature", "undoes"),
    ),
)
describe(
    "signatories.Question",
    Table(
        of="signers and staff",
        columns={
            "topic": _passing(_("What a moderator has asked its signer"), "to ask before deciding"),
            "asked_at": _passing(_("When"), "to wait no longer than is said"),
            "outcome": _passing(_("How that ended"), "to decide by it"),
            "asked_by": Column(
                what="who asked",
                why="to answer for it",
                readers="the desk, never the signer",
                gone=RETAINED,
            ),
        },
        others=("id", "signature", "ended_at"),
    ),
)
describe(
    "signatories.SecondLook",
    Table(
        of="signers and staff",
        columns={
            "outcome": _passing("what was found at a second look", "to know what passes wrongly"),
            "at": _passing("when somebody looked", "to count by the week"),
            "day": _passing("on which day it was confirmed", "to draw each once"),
            "by": Column(
                what="who looked", why="to answer for it", readers="the desk, never the signer", gone=RETAINED
            ),
        },
        others=("id", "signature"),
    ),
)
describe(
    "signatories.Claim",
    Table(
        of="staff",
        columns={
            name: Column(
                what=what,
                why="so that no two decide on one unawares",
                readers=MODERATORS,
                gone="within 70 minutes",
            )
            for name, what in {"by": "who has a signature before their eyes", "until": "until when"}.items()
        },
        others=("id", "signature"),
    ),
)
describe(
    "signatories.Report",
    Table(
        of="signers; for a day, who reports",
        columns={
            "reason": _reported(_("What was said to be wrong with the name")),
            "at": _reported(_("When")),
            "network": _clue("mark of the network of who reports", gone="after 24 hours", form=Form.INDEX),
        },
        others=("id", "signature", "closed_at"),
    ),
)
describe(
    "signatories.Listing",
    Table(
        of="signers who wanted everyone to see their name",
        columns={
            name: Column(
                what=what,
                why="the public list",
                readers="everyone",
                gone="when hidden or withdrawn, within a minute (at risk: the next batch); when archived",
                stays=True,
            )
            for name, what in {
                "name": _("Name on the public list"),
                "role": _("Role on the public list"),
                "affiliation": _("Affiliation on the public list"),
                "website": _("Website on the public list"),
                "country": _("Country on the public list"),
                "position": _("Place in the order of the public list, made of the name"),
            }.items()
        },
        others=("id", "signature", "letter", "public_id", "kind"),
    ),
)
describe(
    "signatories.Mailbox",
    Table(
        of="whoever was written to",
        columns={
            "address": _mark(
                _("Mark by which the e-mail address is recognised"),
                why="to limit our mails, and to obey",
                gone="after 2 days, unless it wants no mail",
            ),
            "moments": Column(
                what=_("When mails that anybody could have asked for left"),
                why="to limit them",
                readers=WORKER,
                gone="after 2 days",
            ),
            "told_at": Column(
                what=_("When we last wrote that it has signed already"),
                why="once a day at most",
                readers=WORKER,
                gone="after 2 days",
            ),
            "complained_at": Column(
                what=_("When its owner complained about our mail"),
                why="to notice that many do",
                readers=WORKER,
                gone="after 30 days",
            ),
            "opted_out_at": Column(
                what=_("Since when it wants no mail of ours"),
                why="to obey",
                readers=WORKER,
                gone="stays, so that the wish lasts",
                stays=True,
            ),
        },
        others=("id",),
    ),
)
describe(
    "signatories.LinkRequest",
    Table(
        of="whoever was named in the form",
        columns={
            "email": Column(
                what=_("E-mail address for which links were asked"),
                why="to mail them",
                readers=WORKER,
                gone="after 6 days",
            ),
            "address": _mark(
                _("Mark by which the e-mail address is recognised"),
                why="to find its signatures",
                gone="after 6 days",
            ),
            "created_at": Column(
                what=_("When links were asked for"),
                why="to mail them once",
                readers=WORKER,
                gone="after 6 days",
            ),
        },
        others=("id", "purpose", "letter", "language"),
    ),
)
describe(
    "signatories.Entry",
    Table(
        of="signers",
        columns={
            "leaf": Column(
                what="salted hash of the receipt",
                why="anybody can recompute the count",
                readers="everyone",
                gone="stays; once the salt is erased nobody can tie it to a person",
                stays=True,
                form=Form.INDEX,
            )
        },
        others=("id", "version", "index", "leaves", "left_by", "signature"),
    ),
)
describe(
    "signatories.Tally",
    Table(
        of="nobody",
        others=("id", "version", "persons", "organisations", "size", "frontier", "next_batch_at"),
    ),
)
describe(
    "signatories.Brake",
    Table(
        of="nobody: networks and mail domains, by their marks, while hardly any of their mail is confirmed",
        others=("id", "cause", "network", "domain", "since", "lifted_until"),
    ),
)
describe(
    "signatories.Reckoning",
    Table(of="nobody", others=("id", "letter", "as_of", "counts", "desk", "gone")),
)
describe(
    "signatories.Cell",
    Table(of="nobody: numbers of a letter", others=("id", "letter", "facet", "value", "number")),
)
describe(
    "signatories.Holding",
    Table(
        of="nobody",
        others=(
            "id",
            "letter",
            "unconfirmed",
            "addresses",
            "hidden_names",
            "listed_names",
            "anonymous",
            "counted_at",
        ),
    ),
)
describe(
    "signatories.TreeHead",
    Table(of="nobody", others=("id", "version", "size", "root", "at", "signature")),
)
