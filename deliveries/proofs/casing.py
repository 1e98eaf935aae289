"""The case file: everything about one delivery in one file, for who has to prove it years later.

It has the public edition as it is now, and the hashes of the mail and of what was in it. Whole, it is as
confidential as what was sent: while the names live, the paper and the mail in it have them, and the mail the
link to the office's own page. Nobody at the desk gets that alone. The return path's tag is masked: reports
are believed by it.
"""

import base64
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from django.utils import timezone

from deliveries.dossiers import editions, freezing
from deliveries.models import Delivery, DossierDestroyed
from deliveries.papers import stamping
from deliveries.proofs import bundles, cases, certifying
from deliveries.returns import returning
from letters import publishing

KEPT, WITHHELD, DESTROYED = "kept", "withheld", "destroyed"
PDF = "application/pdf"


def build(delivery: Delivery, *, at: datetime | None = None, is_whole: bool = False) -> bytes:
    """The case file as ZIP at the moment `at` (default: now; UTC), which `manage.py verify` checks.

    `is_whole`: with the mail as it left, its paper, and the list in that.
    The same record at the same moment gives the same files, but for the certificate, whose signature is made
    anew. Once the names are destroyed it is without what had them, and says so. Raises certifying.NotSent.
    """
    at = (at or timezone.now()).replace(microsecond=0)
    files = _files(delivery, at, is_whole)
    letter = delivery.dossier.letter.slug
    manifest = bundles.manifest(
        files, kind=cases.KIND, letter=letter, at=editions.moment(at), form=cases.FORMAT
    )
    return cases.pack(files | {bundles.NAME: manifest})


def _files(delivery: Delivery, at: datetime, is_whole: bool) -> dict[str, bytes]:
    sent: dict[str, bytes] = {}
    names = DESTROYED if delivery.dossier.key is None else KEPT if is_whole else WITHHELD
    if names == KEPT:
        try:
            sent = _as_sent(delivery)
        except DossierDestroyed:  # a moment ago
            names = DESTROYED
    told = certifying.statement(delivery, at=at)
    files = {
        cases.CERTIFICATE: certifying.certify(delivery, at=at),
        cases.DELIVERY: publishing.canonical(_record(delivery, told, names, at)),
        cases.REPORTS: publishing.canonical({"reports": told["reports"]}),
        **_public(delivery),
        **sent,
        **_scans(delivery),
    }
    if delivery.release:
        files[cases.RELEASE] = delivery.release.manifest.encode()
    return files


def _public(delivery: Delivery) -> dict[str, bytes]:
    """The public edition without who withdrew or hid since; none once its names are destroyed."""
    try:
        now = freezing.edition_now(delivery.dossier, edition=editions.PUBLIC)
    except DossierDestroyed:
        return {}
    return {cases.PUBLIC: editions.text(now).encode()}


def _as_sent(delivery: Delivery) -> dict[str, bytes]:
    """The mail as it left, the paper in it, and the list in that. Raises DossierDestroyed."""
    mime = delivery.unseal_mail()
    if mime is None:
        return {}
    files = {cases.MAIL: mime}
    mail = cast(EmailMessage, message_from_bytes(mime, policy=policy.default))
    papers = [part for part in mail.iter_attachments() if part.get_content_type() == PDF]
    if papers:
        files[cases.PAPER] = papers[0].get_content()
        files[cases.EDITION] = stamping.check(files[cases.PAPER]).attached
    return files


def _record(delivery: Delivery, told: dict[str, Any], names: str, at: datetime) -> dict[str, Any]:
    """The delivery's own record: states, moments, evidence."""
    evidence = {name: value for name, value in delivery.evidence.items() if name not in ("by", "settled_by")}
    if "from" in evidence:
        evidence["from"] = returning.masked(evidence["from"])
    moments = {
        name: editions.moment(value)
        for name in ("created_at", "tried_at", "sent_at")
        if (value := getattr(delivery, name))
    }
    return {
        "office": told["office"],
        "state": delivery.state,
        "attempts": delivery.attempts,
        "moments": moments | {"frozen_at": editions.moment(delivery.dossier.taken_at)},
        "evidence": evidence,
        "hashes": told["hashes"],
        "signatures": delivery.signatures,
        "names": names,
        "as_of": editions.moment(at),
    }


def _scans(delivery: Delivery) -> dict[str, bytes]:
    """The pictures of receipts."""
    scanned = delivery.reports.filter(scan__isnull=False)
    return {f"scan-{report.pk}.webp": base64.b64decode(str(report.scan)) for report in scanned}
