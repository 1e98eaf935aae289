"""Everything that is held about one signature, for the eyes of whoever made it (Art. 15 and 20 GDPR)."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox.models import Message
from scrutiny.reasons import SENTENCES
from signatories import consenting, emails
from signatories.enrolled import receipts
from signatories.models import Decision, LinkRequest, Listing, Mailbox, Question, Report, Signature
from vault import privacy

# Who decided or reported is not about the signer; what was before a decision stands beside it; a nonce is
# what links are made of; points would tell a forger by how much to change
NEVER_TOLD = {
    Signature: {"nonce", "score"},
    Decision: {"by", "before", "undoes"},
    Question: {"asked_by"},
    Report: {"network"},
}
# When somebody reports a name is theirs: a moment could tell the signer who
DAYS_ONLY = {Signature: {"reported_at"}, Report: {"at", "closed_at"}}


def everything(signature: Signature) -> dict[str, Any]:
    """What the database holds about a signature and its address, in the reader's words."""
    address = signature.address
    return {
        "site": settings.SITE_URL,
        "made_at": _moment(timezone.now()),
        "signature": _row(signature),
        "consent": {
            "record": signature.consent,
            "sentences": consenting.agreed_to(signature.consent or {}),
        },
        "decisions": [_row(decision) for decision in signature.decisions.all()],
        "questions": [_row(question) for question in signature.questions.all()],
        "reports": [_row(report) for report in signature.reports.all()],
        "public_list": [_row(row) for row in Listing.objects.filter(signature=signature)],
        "mails": [_mail(message) for message in _messages(signature)],
        "mailbox": [_row(row) for row in Mailbox.objects.filter(address=address)] if address else [],
        "requests_for_links": [_row(row) for row in LinkRequest.objects.filter(address=address)]
        if address
        else [],
        "receipt": receipts.receipt(signature) if signature.salt else None,
        "note": _(
            "Lists that were delivered are described on the letter's page. Marks are keyed hashes: by them "
            "we recognise an equal value, and nobody can read them back."
        ),
    }


def text(signature: Signature) -> str:
    """The same as a file: JSON that people can read, too."""
    return json.dumps(everything(signature), indent=2, ensure_ascii=False, default=str)


def _row(row: Model) -> dict[str, Any]:
    """Each column of a row: by its name, in words, with its value."""
    columns = privacy.table_of(type(row)).columns
    never = NEVER_TOLD.get(type(row), set())
    told = {}
    for field in row._meta.local_concrete_fields:
        if field.name not in never:
            what = str(columns[field.name].what) if field.name in columns else str(field.verbose_name)
            told[field.name] = {"what": what, "value": _value(row, field.name, field.attname)}
    return told


def _value(row: Model, name: str, column: str) -> Any:
    if isinstance(row, Signature) and name in {"letter", "version", "organisation"}:
        return {
            "letter": row.letter.slug,
            "version": {"number": row.version.number, "text": row.version.text_hash},
            "organisation": row.organisation and row.organisation.name,
        }[name]
    value = getattr(row, column)
    if isinstance(row, Signature) and name == "suspicions":
        return [_(SENTENCES[suspicion["code"]]) for suspicion in value]
    if not isinstance(value, datetime):
        return value
    return value.date().isoformat() if name in DAYS_ONLY.get(type(row), ()) else _moment(value)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _messages(signature: Signature) -> list[Message]:
    mine = Message.objects.filter(kind__in=emails.ABOUT_SIGNATURES, subject=signature.pk)
    return list(mine.order_by("pk"))


def _mail(message: Message) -> dict[str, Any]:
    kinds = {
        emails.ATTEMPT: _("request to confirm"),
        emails.THANKS: _("thanks, with the private link"),
        emails.QUESTION: _("question about the signature"),
        emails.NEWS: _("news"),
        emails.TAKEN_DOWN: _("that the letter was taken down"),
        emails.AMENDED: _("whether you sign the changed text"),
        emails.ANSWERED: _("that an office has answered"),
    }
    return {
        "kind": kinds.get(message.kind, message.kind),
        "state": message.get_state_display(),  # type: ignore[attr-defined]
        "left_at": message.sent_at and _moment(message.sent_at),
        "answer": message.last_reply,
    }
