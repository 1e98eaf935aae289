"""One function per message: what it says is decided when it leaves."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from letters.languages import html_language
from letters.models import Letter
from letters.translating import best_translation
from outbox import clock
from outbox.building import Later, Mail, Nothing, Outcome, message
from outbox.composing import site_host
from outbox.draining import FAULTS
from outbox.models import Message
from signatories import asking, throttling, tokens
from signatories.judging import pacing, suspecting
from signatories.models import Kind, LinkRequest, Mailbox, Question, Signature

ATTEMPT = "attempt"
THANKS = "thanks"
LINKS = "links"
QUESTION = "question"
NEWS = "news"  # what updates mail to signers
TAKEN_DOWN = "taken_down"  # and what they mail when a letter is gone
AMENDED = "amended"  # or when its text was changed
ANSWERED = "answered"  # what answers mail when an office has answered
# their subject is a signature, and it hears of them
ABOUT_SIGNATURES = (ATTEMPT, THANKS, QUESTION, NEWS, TAKEN_DOWN, AMENDED, ANSWERED)

LOOKED_AT = 50
TOLD_EVERY = timedelta(hours=24)
UNWANTED = "the owner of the address wants no mail"
A_MODERATOR_LOOKS = Nothing("a moderator looks at the attempt")


def absolute(name: str, **arguments: object) -> str:
    """The full address of a page in the active language."""
    return settings.SITE_URL + reverse(name, kwargs=arguments)


def write_to_signer(
    name: str, signature: Signature, *, is_discreet: bool | None = None, **context: object
) -> Mail:
    """One mail to a signature's owner. It holds no word that a visitor has typed."""
    discreet = signature.letter.is_at_risk() if is_discreet is None else is_discreet
    language = signature.language
    with translation.override(language):
        unsubscribe = absolute("signatories:unsubscribe", token=tokens.make(tokens.UNSUBSCRIBE, signature))
    context |= {"letter_title": None if discreet else title_for_mail(signature.letter, language)}
    to = signature.email or ""
    return write(name, to=to, language=language, unsubscribe=unsubscribe, is_discreet=discreet, **context)


def write(
    name: str, *, to: str, language: str, unsubscribe: str, is_discreet: bool, **context: object
) -> Mail:
    """One mail to somebody who has no account, with a link to get no more.

    A discreet one, as for all letters at risk, says neither in subject, sender nor words what it is about.
    """
    with translation.override(language):
        context |= {
            "unsubscribe_link": unsubscribe,
            "site_name": site_host() if is_discreet else settings.SITE_NAME,
            "is_discreet": is_discreet,
            "language": html_language(language),
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        subject, text, html = (
            render_to_string(f"emails/{name}/{part}", context)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return Mail(
        to=to,
        subject=" ".join(subject.split()),
        text=text,
        html=html,
        is_discreet=is_discreet,
        headers={
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def title_for_mail(letter: Letter, language: str) -> str | None:
    """The letter's title, or None where a mailbox read by others must not tell what was signed."""
    return None if letter.is_at_risk() else best_translation(letter, [language]).title


def _ask_to_confirm(attempt: Signature) -> Mail:
    Signature.objects.filter(pk=attempt.pk).update(code_mailed_at=clock.now())
    with translation.override(attempt.language):
        link = absolute("signatories:confirm", token=tokens.make(tokens.CONFIRM, attempt))
    return write_to_signer(ATTEMPT, attempt, link=link, code=tokens.code(attempt))


def manage_link(signature: Signature) -> str:
    """The address of the signer's own page."""
    with translation.override(signature.language):
        return absolute("signatories:manage", token=tokens.make(tokens.MANAGE, signature))


def _throttled(
    build: Callable[[], Mail], *, address: str, number: int, once_a_day: bool = False
) -> Mail | Later | Nothing:
    """What anybody could have asked for leaves only as often as one address may get mail."""
    now = clock.now()
    with transaction.atomic():
        Mailbox.objects.get_or_create(address=address)
        mailbox = Mailbox.objects.select_for_update().get(address=address)
        if mailbox.opted_out_at:
            return Nothing(UNWANTED)
        if once_a_day and mailbox.told_at and mailbox.told_at > now - TOLD_EVERY:
            return Nothing("the owner of the address was told today")
        until = throttling.grant(mailbox, message=number, at=now)
        if until is None and once_a_day:
            mailbox.told_at = now
            mailbox.save(update_fields=["told_at"])
    return Later(until) if until else build()


def _tell_already(signed: Signature, post: Message) -> Mail | Later | Nothing:
    """That somebody signs again with the address is told to its owner only, once a day at most."""
    address = signed.address or ""
    return _throttled(lambda: _already(signed), address=address, number=post.pk, once_a_day=True)


def _attempts_of(letter: Letter, address: str) -> list[Signature]:
    """The newest attempts of an address: strangers may have made any number of them."""
    rows = Signature.objects.mailable().filter(letter=letter, address=address).order_by("-pk")
    newest = rows.select_related("letter", "version")[:LOOKED_AT]
    return [row for row in newest if not row.has_expired()]


def _standing_person(letter: Letter, address: str) -> Signature | None:
    rows = Signature.objects.confirmed().filter(letter=letter, address=address, kind=Kind.PERSON)
    return rows.select_related("letter", "version").first()


def attempt_has_left(post: Message, at: datetime) -> None:
    """One mail tells of all that waits for its address under its letter: their time runs from now."""
    row = Signature.objects.select_related("letter").get(pk=post.subject)
    if row.address:
        _mark_mailed(row.letter, row.address, at, kind=row.kind)


@transaction.atomic
def _mark_mailed(letter: Letter, address: str, at: datetime, *, kind: str = "") -> None:
    waiting = Signature.objects.mailable().filter(letter=letter, address=address)
    if kind == Kind.PERSON and _standing_person(letter, address):
        waiting = waiting.filter(kind=kind)  # that mail said "already signed" and held no link to confirm
    # locked in the order in which confirming locks them, so that neither waits for the other
    list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
    waiting.update(mailed_at=at, bounced_at=None)


def attempt_is_dead(post: Message) -> None:
    """The mail server refuses the address for good; that we could not build the mail is not its fault."""
    if post.faults < FAULTS:
        Signature.objects.filter(pk=post.subject).update(bounced_at=timezone.now())


def is_complained_of(post: Message, at: datetime) -> None:
    """Its reader called the mail spam: that is kept by the mark of the address, and brakes count it."""
    about: Signature | LinkRequest | None
    if post.kind == LINKS:
        about = LinkRequest.objects.filter(pk=post.subject).first()
    else:
        about = Signature.objects.filter(pk=post.subject).first()
    if about and about.address:
        Mailbox.objects.update_or_create(address=about.address, defaults={"complained_at": at})


def score_together(posts: Sequence[Message]) -> None:
    """Score those attempts of a batch that would be scored one by one when their mail is built."""
    rows = Signature.objects.mailable().filter(
        pk__in=[post.subject for post in posts], address__isnull=False, scored_at=None
    )
    suspecting.score(list(rows.select_related("letter").order_by("pk")))


@message(
    ATTEMPT, prepare=score_together, left=attempt_has_left, dead=attempt_is_dead, complained=is_complained_of
)
def attempt(post: Message) -> Outcome:
    """To whom an attempt names: confirm it, or learn that this address has signed already."""
    row = Signature.objects.select_related("letter", "version").get(pk=post.subject)
    if row.confirmed_at or row.deleted_at or row.rejected_at or row.erased_at or not row.address:
        return Nothing("the attempt is settled")
    if row.held_at:
        return A_MODERATOR_LOOKS
    # scored whoever has signed and whatever mail tells of it: what is found out, spent and held of an attempt
    # tells nobody of others; and before it waits in any lane, since its clues last a day
    if not suspecting.lets_mail_leave(row):
        return A_MODERATOR_LOOKS
    if row.mailed_at:
        return Nothing("another mail tells of it")
    signed = _standing_person(row.letter, row.address) if row.kind == Kind.PERSON else None
    if slower := pacing.pace(post, row):
        return slower
    if signed:
        return _tell_already(signed, post)
    return _throttled(lambda: _ask_to_confirm(row), address=row.address, number=post.pk)


def _already(signature: Signature) -> Mail:
    return write_to_signer("already", signature, link=manage_link(signature))


@message(THANKS, complained=is_complained_of)
def thanks(post: Message) -> Mail | Nothing:
    """To who has just confirmed: it is recorded, and here is the private link to manage it."""
    row = Signature.objects.select_related("letter", "version").get(pk=post.subject)
    if not row.email:
        return Nothing("the signature is erased")
    if Mailbox.objects.filter(address=row.address, opted_out_at__isnull=False).exists():
        return Nothing(UNWANTED)
    return write_to_signer(THANKS, row, link=manage_link(row))


def key_of(asked: Question) -> str:
    """What ties a mail to the question of which it tells: another may have taken that one's place."""
    return f"{QUESTION}:{asked.pk}"


def question_is_dead(post: Message) -> None:
    """The mail server refuses the address: no answer will come, and a moderator decides without."""
    asking.end(post.subject, Question.Outcome.UNREACHABLE)


@message(QUESTION, dead=question_is_dead, complained=is_complained_of)
def question(post: Message) -> Mail | Nothing:
    """To who has signed: a moderator asks something, and the private page takes the answer."""
    row = Signature.objects.select_related("letter", "version").get(pk=post.subject)
    asked = asking.put_to(row, at=clock.now())
    if asked is None or not row.email or post.dedupe_key != key_of(asked):
        return Nothing("nothing is asked any more, or something else, of which another mail tells")
    if Mailbox.objects.filter(address=row.address, opted_out_at__isnull=False).exists():
        return Nothing(UNWANTED)
    return write_to_signer(QUESTION, row, link=manage_link(row), question=asked)


def links_have_left(post: Message, at: datetime) -> None:
    """Attempts whose link was mailed again live from now."""
    request = LinkRequest.objects.select_related("letter").get(pk=post.subject)
    if request.letter:
        _mark_mailed(request.letter, request.address, at)


@message(LINKS, left=links_have_left, complained=is_complained_of)
def links(post: Message) -> Outcome:
    """To an address for which somebody asked: the links of what it has signed, if anything."""
    request = LinkRequest.objects.select_related("letter").get(pk=post.subject)
    if request.letter:
        return _links_to_confirm(request, request.letter, post)
    mine = Signature.objects.confirmed().filter(address=request.address)
    rows = list(mine.select_related("letter", "version").order_by("pk"))
    if not rows:
        return Nothing("nothing to manage")
    return _throttled(lambda: _all_links(rows), address=request.address, number=post.pk)


def _links_to_confirm(request: LinkRequest, letter: Letter, post: Message) -> Outcome:
    waiting = _attempts_of(letter, request.address)
    if any(row.mailed_at and row.mailed_at > request.created_at for row in waiting):
        return Nothing("another mail tells of it")
    asked = next(filter(suspecting.lets_mail_leave, waiting), None)
    if asked and (slower := pacing.pace(post, asked)):
        return slower
    if asked:
        return _throttled(lambda: _ask_to_confirm(asked), address=request.address, number=post.pk)
    signed = _standing_person(letter, request.address)
    return _tell_already(signed, post) if signed else Nothing("nothing to confirm")


def _all_links(rows: list[Signature]) -> Mail:
    """One mail for all that an address has signed; one letter at risk among them keeps all of it discreet."""
    is_discreet = any(row.letter.is_at_risk() for row in rows)
    pages = [
        {
            "title": None if is_discreet else title_for_mail(row.letter, row.language),
            "link": manage_link(row),
        }
        for row in rows
    ]
    return write_to_signer("manage", rows[-1], is_discreet=is_discreet, pages=pages)
