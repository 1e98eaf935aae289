"""That an office has answered, as a mail to one signer; and to the office, that it did."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from answers.models import Answer
from answers.receiving import RECEIVED
from letters.templatetags.pages import full_address, letter_path
from letters.translating import frozen_of
from outbox.building import Mail, Nothing, message
from outbox.models import Message
from signatories import emails, signing
from signatories.emails import ANSWERED
from signatories.models import Signature
from updates.emails import news_is_complained_of


@message(ANSWERED, complained=news_is_complained_of)
def answered(post: Message) -> Mail | Nothing:
    """To who asked for news and still wants it. It holds no word of the answer, which is read on the page.

    Of a letter at risk the mail only says that there is news: it is read behind the private link.
    """
    row = Signature.objects.select_related("letter", "version").get(pk=post.subject)
    if not row.updates or not row.email or not row.is_standing():
        return Nothing("no news is wanted any more")
    if signing.wants_no_mail(row.address):
        return Nothing(emails.UNWANTED)
    answer = (
        Answer.objects.published().filter(pk=_answer_of(post)).select_related("delivery__recipient").first()
    )
    if answer is None or row.letter.taken_down_at:
        return Nothing("the answer is not shown any more")
    with translation.override(row.language):
        page = full_address(letter_path(row.letter, row.language))
    office = "" if row.letter.is_at_risk() else answer.delivery.recipient.office
    return emails.write_to_signer(ANSWERED, row, office=office, page=page, link=emails.manage_link(row))


@message(RECEIVED)
def received(post: Message) -> Mail | Nothing:
    """To the office itself, where it gets mail: what was answered in its name.

    Whoever has the mail that brought the letter, or its case file, has the address of the office's page.
    """
    answer = Answer.objects.select_related("delivery__recipient__version__letter").get(pk=post.subject)
    recipient = answer.delivery.recipient
    letter = recipient.version.letter
    title = frozen_of(recipient.version, [recipient.language], original=letter.original_language).title
    context = {
        "answer": answer,
        "recipient": recipient,
        "title": title,
        "site_name": settings.SITE_NAME,
    }
    with translation.override(recipient.language):
        subject = render_to_string("emails/answer_received/subject.txt", context)
        text = render_to_string("emails/answer_received/body.txt", context)
    return Mail(
        to=recipient.address, subject=" ".join(subject.split()), text=text, reply_to=letter.contact
    )  # fmt: skip


def _answer_of(post: Message) -> int:
    return int((post.dedupe_key or "").split(":")[1])
