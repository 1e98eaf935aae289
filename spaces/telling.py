"""One mail to the speakers of a space for whom something waits there; it does not say what."""

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from outbox import emails, posting
from outbox.building import Mail
from outbox.models import Message
from spaces.models import Membership


def tell(members: QuerySet[Membership], *, about: str) -> None:
    """Mail each of them, once a day (in UTC) about the same, however often it is given and taken back.

    It names no letter, no organisation and no site: some letters are at risk. `about` says by numbers what
    waits; the caller has locked the organisation.
    """
    for member in members.select_related("user"):
        key = f"second:{member.pk}:{about}:{timezone.now().date()}"
        if Message.objects.filter(dedupe_key=key).exists():
            continue
        place = reverse("account_login" if member.user.works_here else "spaces:sign_in")
        subject, text = (
            render_to_string(f"emails/second/{part}.txt", {"link": settings.SITE_URL + place})
            for part in ("subject", "body")
        )
        mail = Mail(
            to=member.user.mailbox, subject=" ".join(subject.split()), text=text.strip(), is_discreet=True
        )
        posting.post(emails.RENDERED, subject=emails.seal(mail).pk, dedupe_key=key)
    transaction.on_commit(posting.nudge)
