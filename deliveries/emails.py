"""The mail that carries a dossier to one office, in the office's language, and the same as a trial."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from deliveries import announcing, links
from deliveries.dossiers import editions, freezing, parting
from deliveries.dossiers.editions import Edition
from deliveries.models import Delivery, DossierDestroyed, Report, Trial
from deliveries.papers import rendering, stamping
from letters.models import Letter, Recipient
from letters.translating import frozen_of
from outbox import clock, composing
from outbox.building import Attachment, Mail, Nothing, message
from outbox.models import Message

TRIAL = "delivery_trial"
RETRACTION = "retraction"
NEW_PAGE = "new_page"
MEGABYTE = 1_000_000  # as mail servers count


def letter_mail(delivery: Delivery, edition: Edition, *, papers: Sequence[bytes]) -> Mail:
    """One mail to one office, with the volumes of its paper; without them its link leads there.

    It names no signatory, and answers go to the hosts.
    """
    return _mail(delivery.recipient, edition, papers=papers, page=links.address(delivery))


def fits(mime: bytes, recipient: Recipient) -> bool:
    """Whether the office's server takes a mail of this size."""
    return len(mime) <= recipient.size_limit * MEGABYTE


@message(TRIAL)
def trial(post: Message) -> Mail | Nothing:
    """What an office would get, to who asked for it at the desk; its page is not there yet.

    It goes to a mailbox of one person, so only names that everybody sees are in it. Where the office would
    get a link instead of the paper, so does this.
    """
    row = Trial.objects.select_related("release__dossier", "recipient__version__letter", "by").get(
        pk=post.subject
    )
    if row.release.dossier is None or not row.recipient.version.letter.is_public():
        return Nothing("nothing is prepared")
    try:
        edition = freezing.edition_now(row.release.dossier, edition=editions.PUBLIC)
    except DossierDestroyed:
        return Nothing("the names of this dossier were destroyed")
    unsigned = rendering.volumes(edition, recipient=row.recipient)
    papers = [stamping.stamp(one, is_timed=False) for one in unsigned]  # a test needs nobody's time stamp
    mail = _mail(row.recipient, edition, papers=papers, page="")
    if not fits(composing.compose(mail, message_id="", at=clock.now()), row.recipient):
        mail = _mail(row.recipient, edition, papers=[], page=f"{settings.SITE_URL}/d/…/")
    return replace(mail, to=row.by.email, subject=f"[TEST] {mail.subject}")


def retraction_has_left(post: Message, at: datetime) -> None:
    Report.objects.create(
        delivery_id=post.subject, kind=Report.Kind.RETRACTED, source=Report.Source.SERVER, at=at
    )


@message(RETRACTION, left=retraction_has_left)
def retraction(post: Message) -> Mail | Nothing:
    """To one office, in its language: that the letter is withdrawn, when, and why."""
    rows = Delivery.objects.select_related("recipient__version__letter__take_down", "dossier")
    row = rows.light().get(pk=post.subject)
    letter = row.recipient.version.letter
    if row.is_demonstration():
        return Nothing("nothing was delivered")
    context = {
        "recipient": row.recipient,
        "title": _title(letter, row),
        "letter": letter,
        "sent_at": row.sent_at,
        "authors": letter.authors.all(),
        "site_name": settings.SITE_NAME,
    }
    return _to_office(row, "retraction", context)


def new_page_is_lost(post: Message) -> None:
    row = Delivery.objects.light().get(reports=post.subject)
    Report.objects.create(delivery=row, kind=Report.Kind.LOST, source=Report.Source.SERVER, at=clock.now())
    announcing.tell_of(row, announcing.LOST)


@message(NEW_PAGE, dead=new_page_is_lost)
def new_page(post: Message) -> Mail | Nothing:
    """To one office, in its language: where its new page is, since the old one was closed."""
    rows = Delivery.objects.select_related("recipient__version__letter")
    row = rows.light().get(reports=post.subject)
    letter = row.recipient.version.letter
    newest = row.reports.filter(kind=Report.Kind.OPENED).last()
    if letter.taken_down_at or newest is None or newest.pk != post.subject or not links.pages(row).has_open():
        return Nothing("the page was closed again, or the letter taken down")
    context = {
        "recipient": row.recipient,
        "title": _title(letter, row),
        "office_page": links.address(row),
        "page": f"{settings.SITE_URL}/letters/{letter.slug}/",
        "authors": letter.authors.all(),
        "site_name": settings.SITE_NAME,
    }
    return _to_office(row, "new_page", context)


def _to_office(row: Delivery, name: str, context: dict[str, Any]) -> Mail:
    with translation.override(row.recipient.language):
        subject = render_to_string(f"emails/{name}/subject.txt", context)
        text = render_to_string(f"emails/{name}/body.txt", context)
    return Mail(
        to=row.recipient.address,
        subject=" ".join(subject.split()),
        text=text,
        reply_to=row.recipient.version.letter.contact,
    )


def _title(letter: Letter, row: Delivery) -> str:
    text = frozen_of(row.recipient.version, [row.recipient.language], original=letter.original_language)
    return text.title


def _mail(recipient: Recipient, edition: Edition, *, papers: Sequence[bytes], page: str) -> Mail:
    letter = recipient.version.letter
    texts = {text["language"]: text for text in edition["texts"]}
    language = recipient.language if recipient.language in texts else "en"
    title = (texts.get(language) or texts[edition["original"]])["title"]
    files = parting.named(letter.slug, papers).items()
    context: dict[str, Any] = {
        "title": title,
        "recipient": recipient,
        "authors": edition["authors"],
        "count": edition["count"],
        "supplement": edition.get("supplement"),
        "total": edition.get("total"),
        "version": edition["version"],
        "changed_since": edition.get("changed_since"),
        "page": f"{settings.SITE_URL}/letters/{letter.slug}/",
        "office_page": page,
        "is_attached": bool(papers),
        "hashes": [(name, editions.sha256(paper)) for name, paper in files],
        "site_name": settings.SITE_NAME,
    }
    with translation.override(language):
        subject = render_to_string("emails/delivery/subject.txt", context)
        text = render_to_string("emails/delivery/body.txt", context)
    return Mail(
        to=recipient.address,
        subject=" ".join(subject.split()),
        text=text,
        from_name=", ".join(author["name"] for author in edition["authors"])[:120],
        reply_to=letter.contact,
        attachments=[
            Attachment(name=name, content=paper, content_type="application/pdf") for name, paper in files
        ],
    )
