"""Slips of the pen in a published text: one person proposes how it should read, another publishes that.

What is signed, hashed and delivered stays the text as it was published; readers see it without its slips,
and what differs, word by word. A slip is what one edit of a word sets right: a letter missing, too many,
wrong, or swapped with its neighbour (Damerau, 1964: four in five misspellings), or a word written twice.
Whatever a machine can tell is more than that is refused: it is a new version, which signers are asked about.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts import trail
from accounts.models import User
from letters import comparing, prose
from letters.comparing import Mark, Piece
from letters.models import Correction, Letter, Translation

FIELDS = ("title", "summary", "body")
MOST_SLIPS = 20
LAST_WORD = re.compile(r"\S*\s*\Z")
LONGEST_PLACE = 60  # characters that a refusal repeats
LINK = re.compile(r"\]\([^)]*\)|<?[a-z]+:[^\s>)]+", re.IGNORECASE)
MARKUP = re.compile(r"<(?!/?(?:em|strong|br)\b)[^>]*>")  # but for stress, which hides no word
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs"}  # categories of what turns or hides letters


class NotCorrected(Exception):
    """The words are no correction of the text; `field` says where, and the message why."""

    def __init__(self, reason: str, *, field: str = "body") -> None:
        super().__init__(reason)
        self.field = field


class OwnCorrection(Exception):
    """Somebody would publish what they proposed themselves."""


class NothingWaits(Exception):
    """No correction of the text waits, or the letter is not public any more."""


@dataclass(frozen=True)
class Slip:
    """What stood in a text, and what should have."""

    before: str
    after: str


@transaction.atomic
def propose(text: Translation, words: dict[str, str], *, by: User) -> Correction:
    """Propose how a published text should read: `words` by field, whole. One waits at a time.

    Raises NotCorrected, NothingWaits for a text that is not the one that is signed now.
    """
    text = _locked(text)
    check(text, words)
    text.corrections.filter(published_at=None).delete()
    correction = text.corrections.create(**words, proposed_by=by)
    trail.record("correction proposed", about=text, by=by, language=text.language)
    return correction


@transaction.atomic
def publish(text: Translation, *, number: int, by: User) -> None:
    """Show the correction of that number to all readers. Raises NothingWaits, OwnCorrection."""
    text = _locked(text)
    correction = text.corrections.filter(pk=number, published_at=None).first()
    if correction is None:
        raise NothingWaits(number)
    if correction.proposed_by_id == by.pk:
        raise OwnCorrection(number)
    correction.published_at, correction.published_by = timezone.now(), by
    correction.save(update_fields=["published_at", "published_by"])
    trail.record("correction published", about=text, by=by, language=text.language)


@transaction.atomic
def discard(text: Translation, *, number: int, by: User) -> None:
    """Throw the correction away that waits. Raises NothingWaits."""
    text = _locked(text)
    gone, _kinds = text.corrections.filter(pk=number, published_at=None).delete()
    if not gone:
        raise NothingWaits(number)
    trail.record("correction discarded", about=text, by=by, language=text.language)


def published(text: Translation) -> Correction | None:
    """The words that readers see instead of the text, if it was corrected."""
    rows = [row for row in text.corrections.all() if row.published_at]
    return rows[-1] if rows else None


def waiting(text: Translation) -> Correction | None:
    return next((row for row in text.corrections.all() if not row.published_at), None)


def read(text: Translation) -> Translation:
    """The text as readers see it: another object, which is not saved."""
    correction = published(text)
    if correction is None:
        return text
    shown = Translation(**{field.attname: getattr(text, field.attname) for field in text._meta.fields})
    for field in FIELDS:
        setattr(shown, field, getattr(correction, field))
    shown.corrected_at = correction.published_at
    return shown


def slips_of(text: Translation) -> list[Slip]:
    """What readers see set right in a published text."""
    correction = published(text)
    if correction is None:
        return []
    return [slip for field in FIELDS for slip in slips(getattr(text, field), getattr(correction, field))]


def check(text: Translation, words: dict[str, str]) -> None:
    """That the words differ from the text as it was published, and by slips alone. Raises NotCorrected."""
    now, places = read(text), 0
    if all(words[field] == getattr(now, field) for field in FIELDS):
        raise NotCorrected(_("Not a word differs."))
    for field in FIELDS:
        for slip in slips(getattr(text, field), words[field]):
            places += 1
            if not is_slip(slip):
                place = {"before": slip.before[:LONGEST_PLACE], "after": slip.after[:LONGEST_PLACE]}
                reason = _("“%(before)s” to “%(after)s” is more than a slip of the pen.") % place
                raise NotCorrected(reason, field=field)
    if places > MOST_SLIPS:
        raise NotCorrected(_("These are more than %(most)s places.") % {"most": MOST_SLIPS})
    if LINK.findall(text.body) != LINK.findall(words["body"]):
        raise NotCorrected(_("A link would lead elsewhere."))
    if not _are_read_alike(text.body, words["body"]):
        raise NotCorrected(_("Words or links would come or go by a sign of the markup."))


def slips(before: str, after: str) -> Iterator[Slip]:
    """Each place at which two texts differ: the whole words that do, or the one before a sign or a space."""
    same = removed = added = ""
    for piece in [*comparing.compare(before, after), Piece("", Mark.SAME)]:
        if piece.mark == Mark.REMOVED:
            removed += piece.text
        elif piece.mark == Mark.ADDED:
            added += piece.text
        else:
            if removed or added:
                is_whole = removed.strip() and added.strip()
                word = "" if is_whole else LAST_WORD.findall(same)[0]
                yield Slip(word + removed, word + added)
            same, removed, added = piece.text, "", ""


def is_slip(slip: Slip) -> bool:
    """Whether one edit sets it right, or leaving out a word that stands twice; no figure is touched."""
    if any(unicodedata.category(letter)[0] == "N" for letter in slip.before + slip.after):
        return False
    if any(_is_unseen(letter) for letter in set(slip.after) - set(slip.before)):
        return False
    first, *more = slip.before.split() or [""]
    return is_one_edit(slip.before, slip.after) or (more == [first] and slip.after.split() == more)


def is_one_edit(before: str, after: str) -> bool:
    """Whether one character was left out, put in, replaced, or swapped with the next."""
    if before == after or abs(len(before) - len(after)) > 1:
        return False
    start = next(
        (at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new),
        min(len(before), len(after)),
    )
    old, new = before[start:], after[start:]
    if len(old) == len(new):
        return old[1:] == new[1:] or (old[1::-1] == new[:2] and old[2:] == new[2:])
    return old[1:] == new or old == new[1:]


def _are_read_alike(before: str, after: str) -> bool:
    """Whether two Markdown texts have the same markup, and words that differ by slips alone."""
    then, now = prose.to_html(before), prose.to_html(after)
    if MARKUP.findall(then) != MARKUP.findall(now):
        return False
    return all(is_slip(slip) for slip in slips(strip_tags(then), strip_tags(now)))


def _is_unseen(letter: str) -> bool:
    is_joiner = letter in comparing.JOINERS
    return unicodedata.category(letter) in UNSEEN and not is_joiner and not letter.isspace()


def _locked(text: Translation) -> Translation:
    """The text while nobody else corrects it. Raises NothingWaits if it is not the one that is signed."""
    letter = Letter.objects.select_for_update().get(pk=text.version.letter_id)
    if not letter.is_public() or letter.current_id != text.version_id:
        raise NothingWaits(text)
    return Translation.objects.select_related("version").get(pk=text.pk)
