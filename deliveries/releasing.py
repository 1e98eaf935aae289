"""Who may let names leave: two people at the desk, or the operator on the command line."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from deliveries import announcing, ending, hours, manifests, preparing, rechecking
from deliveries.dossiers import editions, freezing
from deliveries.dossiers.editions import Edition
from deliveries.models import Delivery, Dossier, Release, Step
from deliveries.papers import rendering
from letters.models import Letter, Recipient, Version
from letters.permitting import Verb, are_known
from outbox import queueing
from signatories.models import Tally
from vault.failpoints import failpoint

logger = logging.getLogger(__name__)


class ReleaseNotAllowed(Exception):
    """Names leave by the operator's own act only where OPERATOR_MAY_RELEASE says so."""


class NothingToRelease(Exception):
    """No office was chosen, or none of those chosen is left to serve."""


class OwnRelease(Exception):
    """Somebody would approve what they proposed themselves."""


class NotKnownYet(Exception):
    """The letter is at risk, and one of the two has had the role for less than three days."""


class NotThatManifest(Exception):
    """What would be approved is not what was seen: something changed, or it is over."""


class NothingToShow(Exception):
    """It is not prepared yet, or is over: nobody needs a paper of it."""


def check_operator() -> None:
    """Raises ReleaseNotAllowed."""
    if not settings.OPERATOR_MAY_RELEASE:
        raise ReleaseNotAllowed


@transaction.atomic
def propose(
    letter: Letter, *, recipients: Sequence[Recipient], by: User, after: Dossier | None = None,
    leaves_at: datetime | None = None, at_signatures: int | None = None, in_office_hours: bool = True,
) -> Release:  # fmt: skip
    """Have a dossier prepared for some offices of one version; then somebody else approves it.

    `after` makes it a supplement to that part. It leaves at `leaves_at` (default: once it is approved); with
    `at_signatures` it is prepared only when so many stand under the letter. Raises NothingToRelease.
    """
    letter = Letter.objects.select_for_update(no_key=True).get(pk=letter.pk)  # two at once come in turn
    versions = {recipient.version_id for recipient in recipients}
    free = set(preparing.free(letter, after=after))
    if len(versions) != 1 or not set(recipients) <= free:
        raise NothingToRelease(letter)
    version = Version.objects.get(pk=versions.pop(), letter=letter)
    step = Step.COUNTING if at_signatures else Step.FREEZING
    release = Release.objects.create(
        letter=letter, version=version, after=after, step=step, at_signatures=at_signatures,
        leaves_at=leaves_at, in_office_hours=in_office_hours, proposed_by=by,
    )  # fmt: skip
    release.recipients.set(recipients)
    trail.record(
        "delivery proposed", about=release, by=by, letter=letter.pk, version=version.number,
        offices=len(recipients), at_signatures=at_signatures, leaves_at=str(leaves_at or ""),
    )  # fmt: skip
    if step == Step.FREEZING:
        transaction.on_commit(lambda: queueing.queue("deliveries.freeze", release.pk))
    return release


def count(*, at: datetime | None = None) -> int:
    """Let those be prepared whose number of signatures is reached; returns how many.

    What can be reached no more, since nobody can sign that version any longer, is ended.
    """
    reached = 0
    for release in Release.objects.filter(step=Step.COUNTING).select_related("letter"):
        tally = Tally.objects.filter(version=release.version_id).first()
        if tally and tally.signatures >= (release.at_signatures or 0):
            reached += Release.objects.filter(pk=release.pk, step=Step.COUNTING).update(step=Step.FREEZING)
        elif release.letter.current_id != release.version_id or not release.letter.is_open(at):
            ending.fail(release, ending.NEVER)
    return reached


def freeze(release: Release) -> bool:
    """Freeze what is proposed and try its papers; False if it is not its turn, or something is in the way.

    What proves the organisations is looked at first: whose evidence fell has no badge in it, and how many
    they are is told. Where a paper cannot be set nothing is proposed, and its reason says why.
    """
    at = timezone.now()
    if not Release.objects.to_freeze(at).filter(pk=release.pk).update(begun_at=at):
        return False
    try:
        fallen = len(rechecking.recheck(release.letter).fallen)
        dossier = freezing.freeze(release.letter, version=release.version, after=release.after)
        failpoint("release_after_dossier")
        unprintable = _try_papers(dossier, list(release.recipients.all()))
    except Exception as error:
        logger.exception("release %s could not be prepared", release.pk)
        ending.fail(release, type(error).__name__)
        return False
    return _propose(release, dossier, unprintable=unprintable, fallen=fallen)


def _try_papers(dossier: Dossier, recipients: list[Recipient]) -> int:
    """Set the paper once for each language, so that what cannot be set shows now and not in an office.

    Returns how many names and words our fonts have no type for: they stand in the attached list alone.
    """
    edition, unprintable = freezing.edition_now(dossier), set()
    for recipient in {recipient.language: recipient for recipient in recipients}.values():
        rendering.volumes(edition, recipient=recipient)
        unprintable.update(rendering.unprintable(edition, recipient=recipient))
    return len(unprintable)


@transaction.atomic
def _propose(release: Release, dossier: Dossier, *, unprintable: int, fallen: int) -> bool:
    release = Release.objects.locked(release)
    if release.step != Step.FREEZING:
        return False
    release.dossier, release.step = dossier, Step.PROPOSED
    release.unprintable, release.fallen = unprintable, fallen
    release.manifest = manifests.of(release)
    release.manifest_hash = manifests.digest(release.manifest)
    release.save(update_fields=["dossier", "step", "unprintable", "fallen", "manifest", "manifest_hash"])
    trail.record("delivery prepared", about=release, by=None, letter=release.letter_id,
                 signatures=dossier.signatures, sha256=release.manifest_hash)  # fmt: skip
    announcing.tell(release, announcing.PROPOSED)
    failpoint("release_before_proposed")
    return True


@transaction.atomic
def approve(release: Release, *, manifest_hash: str, by: User, at: datetime | None = None) -> list[Delivery]:
    """Let exactly this manifest go: one delivery for each of its offices, which are queued.

    Raises OwnRelease, NotKnownYet, and NotThatManifest if it is another one, or something was changed since.
    """
    at = at or timezone.now()
    release = Release.objects.locked(release)
    if release.proposed_by_id == by.pk:
        raise OwnRelease(release)
    if not are_two(release, by, at=at):
        raise NotKnownYet(release)
    if release.step != Step.PROPOSED or release.manifest_hash != manifest_hash:
        raise NotThatManifest(release)
    if names := ending.changed(release):
        raise NotThatManifest(", ".join(names))
    release.step, release.approved_by, release.approved_at = Step.APPROVED, by, at
    release.save(update_fields=["step", "approved_by", "approved_at"])
    trail.record("delivery approved", about=release, by=by, letter=release.letter_id, sha256=manifest_hash)
    assert release.dossier is not None  # noqa: S101 - for the type checker
    new = preparing.record(
        release.dossier,
        list(release.recipients.order_by("order", "pk")),
        release=release,
        next_at=lambda recipient: leaves_at(release, recipient, at=at),
    )
    if len(new) != release.recipients.count():
        raise NotThatManifest(ending.SERVED)  # by the operator, this very moment
    announcing.tell(release, announcing.APPROVED)
    failpoint("release_before_approved")
    transaction.on_commit(lambda: _queue_due(new, at))
    return new


def are_two(release: Release, other: User, *, at: datetime | None = None) -> bool:
    """Whether somebody is a second person beside who has proposed it."""
    proposer = release.proposed_by
    return proposer.pk != other.pk and are_known(
        proposer, other, verb=Verb.DELIVER, letter=release.letter, at=at
    )


def _queue_due(deliveries: list[Delivery], at: datetime) -> None:
    failpoint("release_after_approved")
    preparing.queue([delivery for delivery in deliveries if delivery.next_at <= at])


def leaves_at(release: Release, recipient: Recipient, *, at: datetime) -> datetime:
    """When a release that is approved at `at` leaves for an office (UTC)."""
    moment = max(release.leaves_at or at, at)
    return hours.next_open(recipient, at=moment) if release.in_office_hours else moment


def edition_for(release: Release, recipient: Recipient, *, by: User) -> Edition:
    """What somebody of the desk may look at of what an office gets. Raises NothingToShow, DossierDestroyed.

    Names that only the offices see are in it for who may approve what somebody else has proposed. Once that
    is approved, who has to bring a paper gets it where it is noted: handing.hand_out. Nobody gets them alone.
    """
    shows_all = release.step == Step.PROPOSED and are_two(release, by)
    return freezing.edition_now(shown(release), edition=editions.SENT if shows_all else editions.PUBLIC)


def shown(release: Release) -> Dossier:
    """The dossier of a release that is prepared and not over. Raises NothingToShow."""
    is_shown = release.step in (Step.PROPOSED, Step.APPROVED) and release.letter.is_public()
    if release.dossier is None or not is_shown:
        raise NothingToShow(release)
    return release.dossier


def fresh(release: Release) -> Release:
    """The release as it stands now."""
    return Release.objects.select_related("letter", "version", "dossier").get(pk=release.pk)
