"""The certificate of a delivery: what is known of it at this moment, on paper, for who has to show it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from deliveries.dossiers import editions
from deliveries.dossiers.parting import STATEMENT
from deliveries.models import Delivery, Report
from deliveries.papers import lettering, phrasing, stamping, typesetting
from deliveries.proofs import statements
from deliveries.returns import returning
from letters import publishing
from letters.models import Letter, Recipient, Role
from outbox.models import State

PAPER = typesetting.SOURCES / "certificate.typ"
STANDARDS = ["ua-1", "a-3a"]

Row = tuple[str, Any]


class NotSent(Exception):
    """It has not left, so there is nothing to certify."""


def certify(delivery: Delivery, *, at: datetime | None = None) -> bytes:
    """The certificate as signed PDF in the active language, with its statement inside for machines.

    It says what the record says at the moment `at` (default: now; UTC), and names roles instead of people.
    Raises NotSent, CertificateUnusable, NoTimeStamp.
    """
    if delivery.state != State.SENT or delivery.is_demonstration():
        raise NotSent(delivery)
    at = (at or timezone.now()).replace(microsecond=0)
    told = statement(delivery, at=at)
    paper = _paper(delivery, told, at)
    unsigned = typesetting.typeset(
        PAPER, paper, at=at, inputs={"inside": statements.sealed(told)}, folder=settings.PAPER_FONTS,
        format="pdf", pdf_standards=STANDARDS,
    )  # fmt: skip
    return stamping.stamp(unsigned)


def statement(delivery: Delivery, *, at: datetime) -> dict[str, Any]:
    """All that is known of a delivery, for machines: no signer, and nobody of the desk by name.

    Where nobody could tell whether a mail left, until a person said so, `settled` says when and how they
    knew, and there is no server's answer: the last line on record is how the connection broke.
    """
    version, evidence = delivery.dossier.version, delivery.evidence
    settled = _settled(evidence)
    return {
        "format": statements.FORMAT,
        "site": settings.SITE_URL,
        "letter": version.letter.slug,
        "version": version.number,
        "part": delivery.part,
        "office": publishing.office_of(delivery.recipient),
        "way": delivery.channel,
        "issued_at": editions.moment(at),
        "sent_at": editions.moment(delivery.sent_at) if delivery.sent_at else "",
        "signatures": delivery.signatures,
        "frozen": {"signatures": delivery.dossier.signatures, "list": delivery.dossier.sent_hash},
        "hashes": hashes(delivery),
        "envelope": {"from": returning.masked(evidence.get("from", "")), "to": evidence.get("to", "")},
        "server": evidence.get("server", ""),
        "tls": evidence.get("tls", ""),
        "reply": "" if settled else delivery.last_reply,
        "settled": settled,
        "message_id": delivery.message_id or "",
        "reference": evidence.get("reference", ""),
        "is_link": delivery.is_link,
        "released": _released(delivery, version.letter),
        "reports": [_told(report) for report in delivery.reports.defer("scan")],
    }


def hashes(delivery: Delivery) -> dict[str, str]:
    """SHA-256 of everything that belongs to the delivery, in hex; "" for what there was none of."""
    return {
        "paper": delivery.paper_hash,
        "file": delivery.file_hash,
        "list": delivery.list_hash,
        "mail": delivery.evidence.get("mail", ""),
        "public": delivery.dossier.public_hash,
        "text": delivery.dossier.version.text_hash,
        "root": delivery.dossier.root,
        "release": delivery.release.manifest_hash if delivery.release else "",
    }


def _settled(evidence: dict[str, Any]) -> dict[str, str]:
    """When a person said that it left, and how they knew; empty where a server or a bringer knows."""
    if "settled_why" not in evidence:
        return {}
    return {"at": evidence.get("settled_at", ""), "why": evidence["settled_why"]}


def _told(report: Report) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "source": report.source,
        "at": editions.moment(report.at),
        "words": report.words,
        "facts": report.facts,
    }


def _released(delivery: Delivery, letter: Letter) -> dict[str, Any]:
    """In which roles somebody proposed it and somebody else approved it; empty if the operator did both."""
    if delivery.release is None or delivery.release.approved_by is None:
        return {}
    return {
        "proposed": _roles(letter, delivery.release.proposed_by),
        "approved": _roles(letter, delivery.release.approved_by),
        "approved_at": editions.moment(delivery.release.approved_at) if delivery.release.approved_at else "",
    }


def _roles(letter: Letter, user: User) -> list[str]:
    return sorted(letter.roles.filter(user=user).values_list("kind", flat=True))


def _paper(delivery: Delivery, told: dict[str, Any], at: datetime) -> dict[str, Any]:
    title = delivery.dossier.version.translations.get(
        language=delivery.dossier.version.letter.original_language
    ).title
    rows = [row for row in _rows(delivery, told, title) if row[1] not in ("", None)]
    known = [row for row in _hash_rows(told["hashes"]) if row[1]]
    return {
        "title": _("Certificate of delivery"),
        "site": settings.SITE_NAME,
        "date": {"year": at.year, "month": at.month, "day": at.day},
        "cover": lettering.direction(get_language() or "en"),
        "rows": [_cell(label, value) for label, value in rows],
        "reports_label": _("What became of it"),
        "reports": [_report(report) for report in delivery.reports.defer("scan")],
        "none": _nothing_reported(delivery),
        "hashes_label": _("SHA-256"),
        "hashes": [{"label": label, "value": value} for label, value in known],
        "how": _(
            "This certificate says what the site’s record says at the moment of issue. It is signed: any "
            "change shows. The command “verify” of the software checks it, and the statement inside, "
            "without a network."
        ),
        "attachment": {"name": STATEMENT, "description": _("The same for checking by machine")},
    }


def _nothing_reported(delivery: Delivery) -> str:
    if delivery.channel == Recipient.Channel.EMAIL:
        return _("Nothing was reported so far. That a server took the mail is no proof that anybody read it.")
    return _("Nothing was reported so far. That it was brought is no proof that anybody read it.")


def _rows(delivery: Delivery, told: dict[str, Any], title: str) -> list[Row]:
    recipient, released = delivery.recipient, told["released"]
    return [
        (_("Letter"), title),
        (_("Address of the letter"), f"{told['site']}/letters/{told['letter']}/"),
        (_("Version"), str(told["version"])),
        (_("Supplement"), str(told["part"]) if told["part"] else ""),
        (_("Office"), recipient.office),
        (_("Person"), recipient.person),
        (_("Way"), str(delivery.get_channel_display())),
        (_("Left (UTC)"), told["sent_at"]),
        (_("Signatures"), phrasing.grouped(told["signatures"])),
        (_("Envelope, from"), told["envelope"]["from"]),
        (_("Envelope, to"), told["envelope"]["to"]),
        (_("Server"), told["server"]),
        (_("Encryption of the line"), told["tls"]),
        (_("The server’s answer"), told["reply"]),
        (_("Known by"), _known_by(told["settled"])),
        ("Message-ID", told["message_id"]),
        (_("Reference number"), told["reference"]),
        (_("Proposed by"), _role_names(released["proposed"]) if released else _("the operator")),
        (_("Approved by"), _role_names(released["approved"]) if released else ""),
        (_("Approved (UTC)"), released.get("approved_at", "")),
        (_("Issued (UTC)"), told["issued_at"]),
    ]


def _known_by(settled: dict[str, str]) -> str:
    if not settled:
        return ""
    words = _("No server has confirmed that it took the mail. That it left is a person’s word: %(why)s")
    return words % {"why": settled["why"]}


def _role_names(kinds: list[str]) -> str:
    return ", ".join(str(Role.Kind(kind).label) for kind in kinds) or _("somebody of the letter’s")


def _hash_rows(known: dict[str, str]) -> list[Row]:
    return [
        (_("of the file sent"), known["file"]),
        (_("of the paper before it was signed"), known["paper"]),
        (_("of the list inside"), known["list"]),
        (_("of the mail as it left"), known["mail"]),
        (_("of the public edition"), known["public"]),
        (_("of the text that was signed"), known["text"]),
        (_("of the manifest that was approved"), known["release"]),
    ]


def _report(report: Report) -> dict[str, Any]:
    said = f"{report.get_kind_display()} ({report.get_source_display()})"
    return _cell(editions.moment(report.at), f"{said}: {report.words}" if report.words else said)


def _cell(label: str, value: str) -> dict[str, Any]:
    text = lettering.printed(" ".join(value.split()), otherwise=_("(in the attached statement)"))
    return lettering.spoken(text) | {"label": label, "text": text}
