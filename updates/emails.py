"""An update as a mail to one signer, and as a trial to one of the staff."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User
from outbox.building import Mail, Nothing, message
from outbox.models import Message
from signatories import agreeing, emails, signing
from signatories.emails import AMENDED, NEWS, TAKEN_DOWN
from signatories.models import Mailbox, Signature
from updates import mailing
from updates.models import Text, Update
from updates.writing import TRIAL


def news_has_left(post: Message, at: datetime) -> None:
    mailing.count(mailing.update_of(post), column="left")


def news_is_dead(post: Message) -> None:
    mailing.count(mailing.update_of(post), column="refused")


def news_is_complained_of(post: Message, at: datetime) -> None:
    """Who calls news spam gets no more of it."""
    emails.is_complained_of(post, at)
    for signature in Signature.objects.filter(pk=post.subject):
        signing.unsubscribe(signature)


@message(NEWS, left=news_has_left, dead=news_is_dead, complained=news_is_complained_of)
def news(post: Message) -> Mail | Nothing:
    """To who asked for news and still wants it, in the language they signed in.

    Of a letter at risk the mail only says that there is news: it is read behind the private link.
    """
    row = Signature.objects.select_related("letter", "version").get(pk=post.subject)
    if not row.updates or not row.email or not row.is_standing():
        return Nothing("no news is wanted any more")
    if Mailbox.objects.filter(address=row.address, opted_out_at__isnull=False).exists():
        return Nothing(emails.UNWANTED)
    update = Update.objects.select_related("letter").get(pk=mailing.update_of(post))
    return emails.write_to_signer(NEWS, row, text=update.text_in(row.language), link=emails.manage_link(row))


@message(TAKEN_DOWN)
def taken_down(post: Message) -> Mail | Nothing:
    """To who signed a letter that is gone; of one at risk the reason is read behind the private link."""
    row = Signature.objects.select_related("letter__take_down", "version").get(pk=post.subject)
    if not row.email or row.withdrawn_at:
        return Nothing("it was withdrawn or erased meanwhile")
    if signing.wants_no_mail(row.address):
        return Nothing(emails.UNWANTED)
    reason = "" if row.letter.is_at_risk() else row.letter.take_down.reason
    return emails.write_to_signer(TAKEN_DOWN, row, reason=reason, link=emails.manage_link(row))


@message(AMENDED, complained=emails.is_complained_of)
def amended(post: Message) -> Mail | Nothing:
    """To who signed an earlier text: whether they sign the present one; that is done on their own page."""
    row = Signature.objects.select_related("letter__current", "version").get(pk=post.subject)
    letter = row.letter
    if not row.email or not agreeing.is_asked(row, letter):
        return Nothing("there is nothing to agree to any more")
    if _version_of(post) != letter.current_id:
        return Nothing("the text was changed again, and a later mail says so")
    if signing.wants_no_mail(row.address):
        return Nothing(emails.UNWANTED)
    closes = None if letter.is_at_risk() else letter.closes_at
    return emails.write_to_signer(AMENDED, row, link=emails.manage_link(row), closes_at=closes)


def _version_of(post: Message) -> int:
    return int((post.dedupe_key or "").split(":")[1])


@message(TRIAL)
def trial(post: Message) -> Mail | Nothing:
    """To one of the staff who wants to see the mail; its links lead to where signers ask for theirs."""
    text = Text.objects.select_related("update_of__letter").filter(pk=post.subject).first()
    user = User.objects.filter(pk=int((post.dedupe_key or "").split(":")[2]), is_active=True).first()
    if text is None or user is None:
        return Nothing("the text or its reader is gone")
    letter = text.update_of.letter
    with translation.override(text.language):
        link = emails.absolute("signatories:request_link")
        context = {
            "text": text,
            "letter_title": emails.title_for_mail(letter, text.language),
            "is_discreet": letter.is_at_risk(),
            "link": link,
            "unsubscribe_link": link,
            "is_trial": True,
            "site_name": settings.SITE_NAME,
            "language": text.html_language,
            "direction": text.direction,
        }
        subject, plain, html = (
            render_to_string(f"emails/{NEWS}/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return Mail(to=user.email, subject=" ".join(subject.split()), text=plain, html=html)
