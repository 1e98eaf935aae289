"""What stands on the trail, in words for who reads it: who did it, what they did, and its details."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Trail

# As trail.record is told them, in whichever app that is; what is missing here shows as it is
WORDS: Mapping[str, str | Promise] = {
    "account changed": gettext_lazy("changed an account"),
    "account given": gettext_lazy("gave somebody an account"),
    "address looked for": gettext_lazy("looked for an address"),
    "announcement taken back": gettext_lazy("took an announcement back"),
    "answer declined": gettext_lazy("declined an office’s answer"),
    "answer entered": gettext_lazy("entered an office’s answer"),
    "answer published": gettext_lazy("published an office’s answer"),
    "asked that one signs alone": gettext_lazy("asked that one signs alone for an organisation"),
    "author moved": gettext_lazy("moved an author in the list"),
    "author removed": gettext_lazy("took an author off the draft"),
    "author written": gettext_lazy("wrote down an author"),
    "banner changed": gettext_lazy("changed the banner of the site"),
    "call to an organisation noted": gettext_lazy("noted a call to an organisation"),
    "case file": gettext_lazy("took the case file of a delivery"),
    "certificate of delivery": gettext_lazy("took the certificate of a delivery"),
    "change of an organisation accepted": gettext_lazy("accepted a change of an organisation"),
    "change of an organisation declined": gettext_lazy("declined a change of an organisation"),
    "change of an organisation proposed": gettext_lazy("proposed a change of an organisation"),
    "closing day moved": gettext_lazy("moved the closing day"),
    "colleague let go": gettext_lazy("let a colleague go from an organisation’s space"),
    "colleague let in": gettext_lazy("let a colleague into an organisation’s space"),
    "confirmed from its space": gettext_lazy("confirmed a signature in an organisation’s space"),
    "correction discarded": gettext_lazy("threw a correction away"),
    "correction proposed": gettext_lazy("proposed to set a slip right"),
    "correction published": gettext_lazy("published a slip set right"),
    "deliveries prepared": gettext_lazy("prepared deliveries without a second person"),
    "delivery approved": gettext_lazy("approved a release"),
    "delivery by another way": gettext_lazy("chose another way for a delivery"),
    "delivery called off": gettext_lazy("called a release off"),
    "delivery not brought": gettext_lazy("said that a delivery was not brought"),
    "delivery not prepared": gettext_lazy("could not prepare a release"),
    "delivery noted about": gettext_lazy("noted something about a delivery"),
    "delivery prepared": gettext_lazy("prepared a release for approval"),
    "delivery proposed": gettext_lazy("proposed a release"),
    "delivery recorded": gettext_lazy("recorded that a delivery was brought"),
    "delivery settled": gettext_lazy("said whether an uncertain delivery arrived"),
    "delivery tried again": gettext_lazy("had a delivery tried again"),
    "delivery tried out": gettext_lazy("had a release mailed as a test"),
    "delivery void": gettext_lazy("called a release off, since something was changed"),
    "evidence of organisations looked at again": gettext_lazy("looked again at what proves organisations"),
    "evidence revoked": gettext_lazy("took back what proves an organisation"),
    "export approved": gettext_lazy("approved a list"),
    "export built": gettext_lazy("had a list built"),
    "export cancelled": gettext_lazy("cancelled a list"),
    "export proposed": gettext_lazy("asked for a list"),
    "exported": gettext_lazy("took a list out"),
    "first owner invited": gettext_lazy("invited the first owner"),
    "gathering approved": gettext_lazy("approved a gathering"),
    "gathering asked for": gettext_lazy("asked for a gathering"),
    "invalidation proposed": gettext_lazy("proposed to reject many signatures"),
    "invalidation reversal asked for": gettext_lazy("asked to put many rejected signatures back"),
    "invalidation reversed": gettext_lazy("put many rejected signatures back"),
    "invalidation started": gettext_lazy("began to reject many signatures"),
    "invalidation stopped": gettext_lazy("stopped the rejection of many signatures"),
    "invitations discarded": gettext_lazy("threw invitations away"),
    "invitations prepared": gettext_lazy("prepared invitations"),
    "invitations reminded of": gettext_lazy("reminded of invitations"),
    "invitations sent": gettext_lazy("sent invitations"),
    "letter archived": gettext_lazy("archived the letter"),
    "letter begun": gettext_lazy("began the letter"),
    "letter closed": gettext_lazy("closed the letter"),
    "letter taken down": gettext_lazy("took the letter down"),
    "letter written": gettext_lazy("changed facts of the draft"),
    "letter written as an archive": gettext_lazy("wrote an archive bundle of the letter"),
    "limit moved": gettext_lazy("moved a limit of the site"),
    "list looked at": gettext_lazy("looked at some rows of a list"),
    "logo removed": gettext_lazy("removed a logo"),
    "logo set": gettext_lazy("set a logo"),
    "looked at many signatures": gettext_lazy("looked at very many signatures"),
    "mail let go": gettext_lazy("let the site’s mail go again"),
    "mail stopped": gettext_lazy("stopped the site’s mail"),
    "merge of organisations undone": gettext_lazy("took merged organisations apart again"),
    "name of an organisation added": gettext_lazy("added a name of an organisation"),
    "name of an organisation dropped": gettext_lazy("dropped a name of an organisation"),
    "name of an organisation leads": gettext_lazy("chose the first name of an organisation"),
    "name of an organisation proposed": gettext_lazy("proposed a name of an organisation"),
    "new page for an office": gettext_lazy("gave an office a new page"),
    "next version begun": gettext_lazy("began the next version"),
    "next version discarded": gettext_lazy("threw the next version away"),
    "not confirmed in its space": gettext_lazy("did not confirm a signature in an organisation’s space"),
    "one signs alone from now on": gettext_lazy("ended that two sign for an organisation"),
    "organisation changed": gettext_lazy("changed an organisation"),
    "organisation merged": gettext_lazy("merged two organisations"),
    "page of an office closed": gettext_lazy("closed an office’s own page"),
    "paper handed out": gettext_lazy("took a paper to bring it"),
    "paper looked at": gettext_lazy("looked at the paper of a release"),
    "proposed name accepted": gettext_lazy("accepted a proposed name of an organisation"),
    "proposed name declined": gettext_lazy("declined a proposed name of an organisation"),
    "proposed name taken back": gettext_lazy("took a proposed name of an organisation back"),
    "recipient removed": gettext_lazy("took an office off the draft"),
    "recipient written": gettext_lazy("wrote down an office"),
    "record of an organisation asked for": gettext_lazy("had an organisation’s record looked for"),
    "role given": gettext_lazy("gave a role"),
    "role taken": gettext_lazy("took a role away"),
    "second look: fine": gettext_lazy("looked a second time at a signature and found it fine"),
    "second look: queued": gettext_lazy("looked a second time at a signature and had it wait"),
    "second look: rejected": gettext_lazy("looked a second time at a signature and rejected it"),
    "signature approve": gettext_lazy("approved a signature"),
    "signature ask": gettext_lazy("asked a signer something"),
    "signature hold": gettext_lazy("had a signature wait"),
    "signature not waited for": gettext_lazy("ended the wait for a signer’s answer"),
    "signature reinstate": gettext_lazy("put a rejected signature back"),
    "signature reject": gettext_lazy("rejected a signature"),
    "signature undo": gettext_lazy("took back what was decided about a signature"),
    "signatures approve": gettext_lazy("approved several signatures together"),
    "signatures ask": gettext_lazy("asked several signers together"),
    "signatures forgotten": gettext_lazy("erased what is not public of signatures"),
    "signatures reject": gettext_lazy("rejected several signatures together"),
    "signatures undo": gettext_lazy("took back what was decided about several signatures"),
    "signed from its space": gettext_lazy("signed from an organisation’s space"),
    "signed in": gettext_lazy("signed in"),
    "space opened": gettext_lazy("opened an organisation’s space"),
    "space opened by invitation": gettext_lazy("opened a space to which an invitation led"),
    "switch put back": gettext_lazy("put a switch of the site back"),
    "switch thrown": gettext_lazy("threw a switch of the site"),
    "text written": gettext_lazy("wrote the text"),
    "translation reviewed": gettext_lazy("reviewed a translation"),
    "two go on signing": gettext_lazy("had two go on signing for an organisation"),
    "two sign from now on": gettext_lazy("had two sign for an organisation from now on"),
    "unanswered invitations exported": gettext_lazy("took out the invitations without an answer"),
    "update approved": gettext_lazy("approved an update"),
    "update begun": gettext_lazy("began an update"),
    "update proposed": gettext_lazy("proposed an update"),
    "update removed": gettext_lazy("removed an update"),
    "update tried out": gettext_lazy("had an update mailed as a test"),
    "update written": gettext_lazy("wrote an update"),
    "version proposed": gettext_lazy("proposed to publish the draft"),
    "version published": gettext_lazy("published a version"),
    "waits for a second speaker": gettext_lazy("signed as the first of two"),
    "watched": gettext_lazy("put something on the watch list"),
    "watched no more": gettext_lazy("took something off the watch list"),
    "withdrawn from its space": gettext_lazy("withdrew a signature in an organisation’s space"),
    "word for an organisation noted": gettext_lazy("noted who vouches for an organisation"),
}  # fmt: skip
# What nobody at the desk did: the first the clock alone does, the second a command of the operator's alone
BY_THE_SITE = {
    "delivery not prepared", "delivery prepared", "delivery void", "one signs alone from now on",
}  # fmt: skip
BY_THE_OPERATOR = {
    "deliveries prepared", "exported", "first owner invited", "letter written as an archive",
}  # fmt: skip

# Whose numbers people know, from their pages and from mails
NUMBERED = {"deliveries.delivery", "deliveries.release", "exports.export"}
HASHES = {
    "approved_sha256": gettext_lazy("SHA-256 of what was approved"),
    "list": gettext_lazy("SHA-256 of the list"),
    "mail": gettext_lazy("SHA-256 of the mail"),
    "sha256": gettext_lazy("SHA-256"),
}
DETAILS: Mapping[str, str | Promise] = {
    "arrived": gettext_lazy("arrived"),
    "at_signatures": gettext_lazy("at so many signatures"),
    "back": gettext_lazy("signatures put back"),
    "before": gettext_lazy("before"),
    "after": gettext_lazy("now"),
    "by_domain": gettext_lazy("by domain"),
    "by_name": gettext_lazy("by name"),
    "by_network": gettext_lazy("by network"),
    "bytes": gettext_lazy("bytes"),
    "change": gettext_lazy("number of the change"),
    "changed": gettext_lazy("what was changed"),
    "channel": gettext_lazy("by which way"),
    "closing": gettext_lazy("number of the change"),
    "copy_of": gettext_lazy("from letter number"),
    "count": gettext_lazy("how many"),
    "country": gettext_lazy("country"),
    "deliveries": gettext_lazy("deliveries"),
    "delivery": gettext_lazy("delivery number"),
    "doubles": gettext_lazy("signed twice"),
    "evidence": gettext_lazy("number of the evidence"),
    "fallen": gettext_lazy("lost their badge"),
    "fields": gettext_lazy("fields"),
    "files": gettext_lazy("files"),
    "format": gettext_lazy("format"),
    "found": gettext_lazy("found"),
    "gone": gettext_lazy("organisation number"),
    "ground": gettext_lazy("because"),
    "has_moved": gettext_lazy("its website moved"),
    "invitations": gettext_lazy("invitations"),
    "is_correction": gettext_lazy("a change of what was signed"),
    "is_exempt": gettext_lazy("passes always"),
    "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"),
    "languages": gettext_lazy("languages"),
    "leaves_at": gettext_lazy("leaves at"),
    "logo": gettext_lazy("number of the logo"),
    "member": gettext_lazy("number of the member"),
    "most": gettext_lazy("more than"),
    "name": gettext_lazy("name"),
    "names": gettext_lazy("public names erased"),
    "offices": gettext_lazy("offices"),
    "organisation": gettext_lazy("organisation number"),
    "place": gettext_lazy("to place"),
    "profile": gettext_lazy("for whom"),
    "proposal": gettext_lazy("number of the proposal"),
    "reason": gettext_lazy("because"),
    "role": gettext_lazy("role"),
    "rows": gettext_lazy("rows"),
    "score": gettext_lazy("score"),
    "signatures": gettext_lazy("signatures"),
    "since": gettext_lazy("since"),
    "taken_out": gettext_lazy("taken out"),
    "type": gettext_lazy("type"),
    "unknown": gettext_lazy("could not be checked"),
    "until": gettext_lazy("until"),
    "user": gettext_lazy("account number"),
    "verdict": gettext_lazy("what had been decided"),
    "version": gettext_lazy("version"),
    "voucher": gettext_lazy("vouched for by number"),
    "way": gettext_lazy("by which way"),
    "whole": gettext_lazy("with all names"),
    "why": gettext_lazy("why"),
} | HASHES  # fmt: skip
PLACES = {name: place for place, name in enumerate(DETAILS)}


class Fact(NamedTuple):
    """A detail of a line: in words, what it says, and whether that is a hash."""

    name: str
    value: str
    is_hash: bool


def doer(line: Trail) -> str:
    """Who did it, where that was nobody at the desk."""
    if line.what in BY_THE_SITE:
        return _("the site itself")
    if line.what in BY_THE_OPERATOR:
        return _("the operator")
    return _("nobody at the desk: the operator, or the site itself")


def said(line: Trail) -> str:
    """What was done; the bare name of an act that has no words."""
    return str(WORDS.get(line.what, line.what))


def facts(line: Trail) -> list[Fact]:
    """The details that say something, hashes last; those under a name without words bear that name.

    PostgreSQL keeps them in an order of its own, so they stand as they are listed here.
    """
    number = [Fact(_("number"), str(line.about_id), False)] if line.about_type in NUMBERED else []
    return number + [
        Fact(str(DETAILS.get(name, name)), _value(value), name in HASHES)
        for name, value in sorted(line.detail.items(), key=_place)
        if value not in (None, "") and name != "letter"
    ]


def _place(detail: tuple[str, object]) -> tuple[int, str]:
    name = detail[0]
    return PLACES.get(name, len(PLACES)), name


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
