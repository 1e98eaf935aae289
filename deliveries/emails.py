"""The mail that carries a dossier to one office, in the office's language."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from deliveries.editions import Edition
from deliveries.models import Delivery
from outbox.building import Attachment, Mail


def letter_mail(delivery: Delivery, edition: Edition, paper: bytes) -> Mail:
    """One mail to one office, with the paper attached. It names no signatory, and answers go to the hosts."""
    recipient = delivery.recipient
    letter = recipient.version.letter
    texts = {text["language"]: text for text in edition["texts"]}
    language = recipient.language if recipient.language in texts else "en"
    title = (texts.get(language) or texts[edition["original"]])["title"]
    context: dict[str, Any] = {
        "title": title,
        "recipient": recipient,
        "authors": edition["authors"],
        "count": edition["count"],
        "version": edition["version"],
        "changed_since": edition.get("changed_since"),
        "page": f"{settings.SITE_URL}/letters/{letter.slug}/",
        "hash": delivery.paper_hash,
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
        attachments=[Attachment(name=f"{letter.slug}.pdf", content=paper, content_type="application/pdf")],
    )
