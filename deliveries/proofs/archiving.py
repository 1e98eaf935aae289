"""A letter as a folder of plain files, signed, which any web server can mirror and `verify` accepts.

It shows what everybody may know at the moment it is written: who withdrew or hid is not in it, and of a
letter whose names went nobody is. The files of an earlier bundle do not change by that: write it anew.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation

from deliveries import feeds, timeline
from deliveries.dossiers import editions, freezing
from deliveries.dossiers.editions import Edition
from deliveries.models import Delivery
from deliveries.papers import rendering, stamping
from deliveries.proofs import bundles, keys
from letters.models import Letter, Translation, Version
from letters.translating import frozen_of
from signatories.enrolled import receipts
from signatories.models import TreeHead

STYLE = "css/site.css"


class NotPublic(Exception):
    """The letter is a draft or was taken down: there is nothing that everybody may know."""


class InTheWay(Exception):
    """Something lies already where the bundle would be written."""


def write(letter: Letter, folder: Path, *, at: datetime | None = None) -> list[str]:
    """Write a letter's archive bundle into a new folder, whole or not at all; returns the names of its files.

    Raises NotPublic, InTheWay, OSError.
    """
    if not letter.is_public():
        raise NotPublic(letter)
    if folder.exists() and any(folder.iterdir()):
        raise InTheWay(folder)
    at = at or timezone.now()
    files = dict(_files(letter, at=at))
    files[bundles.NAME] = bundles.manifest(files, kind="archive", letter=letter.slug, at=editions.moment(at))
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in files.items():
            (draft / name).write_bytes(content)
        draft.chmod(0o755)
        draft.replace(folder)  # over an empty folder too (POSIX rename)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return sorted(files)


def _files(letter: Letter, *, at: datetime) -> Iterator[tuple[str, bytes]]:
    """Every file but the manifest, by its name."""
    yield "keys.json", _json(keys.published())
    yield "style.css", Path(str(finders.find(STYLE))).read_bytes()
    lists = {}
    for version in letter.versions.filter(published_at__isnull=False).order_by("number"):
        yield from _roll_of(version)
        if letter.archived_at is None:
            lists[version.pk] = edition = freezing.edition_of(version, edition=editions.PUBLIC)
            yield from _list_of(version, edition)
    yield "deliveries.json", _json(_deliveries(letter))
    for text in _texts(letter):
        with translation.override(text.language):
            end = _end(letter, text.language)
            yield f"index{end}.html", _page(letter, text, lists.get(letter.current_id or 0), at=at).encode()
            yield f"feed{end}.atom", feeds.written(letter, timeline.events(letter, at=at))


def _roll_of(version: Version) -> Iterator[tuple[str, bytes]]:
    lines = "".join(f"{entry.line}\n" for entry in version.entries.order_by("index").iterator())
    yield f"roll-{version.number}.txt", lines.encode()
    if head := TreeHead.objects.filter(version=version).select_related("version__letter").last():
        yield f"roll-{version.number}.json", _json(receipts.head_of(head))


def _list_of(version: Version, edition: Edition) -> Iterator[tuple[str, bytes]]:
    yield f"edition-{version.number}.json", editions.text(edition).encode()
    for place, paper in enumerate(rendering.volumes(edition), start=1):
        end = f"-{place}" if place > 1 else ""
        yield f"paper-{version.number}{end}.pdf", stamping.stamp(paper)


def _deliveries(letter: Letter) -> list[dict[str, Any]]:
    """What left, to whom, how, and with how many, as the timeline says it: at risk only the day."""
    rows = Delivery.objects.of(letter).sent().prefetch_related("reports")
    return [
        {
            "office": row.recipient.office,
            "country": row.recipient.country,
            "channel": row.channel,
            "settled": row.is_settled(),  # by a person, since the answer of its mail server was lost
            "version": row.dossier.version.number,
            "part": row.part,
            "signatures": row.dossier.signatures if letter.is_at_risk() else row.signatures,
            "sent_at": editions.moment(timeline.day_of(row.sent_at) if letter.is_at_risk() else row.sent_at),
            "file": row.file_hash,
            "list": row.list_hash,
            "frozen": row.dossier.public_hash,
            "reports": [
                {"kind": one.kind, "at": editions.moment(one.at)}
                for one in row.reports.all()
                if one.kind in timeline.TOLD
            ],
        }
        for row in rows.light()
        if row.sent_at and not row.is_demonstration()
    ]


def _page(letter: Letter, text: Translation, edition: Edition | None, *, at: datetime) -> str:
    version = letter.current
    assert version is not None  # noqa: S101 - public letters have one, the database says
    texts = [(one, f"index{_end(letter, one.language)}.html") for one in _texts(letter)]
    named = edition["signatories"] if edition else []
    context = {
        "letter": letter,
        "version": version,
        "text": text,
        "texts": texts,
        "at": at,
        "count": edition and edition["count"],
        "organisations": [one for one in named if one["kind"] == "organisation"],
        "persons": [one for one in named if one["kind"] != "organisation"],
        "recipients": version.recipients.all(),
        "authors": letter.authors.all(),
        "events": timeline.events(letter, at=at),
        "versions": letter.versions.filter(published_at__isnull=False).order_by("number"),
        "feed": f"feed{_end(letter, text.language)}.atom",
        "site": settings.SITE_URL,
        "site_name": settings.SITE_NAME,
    }
    return render_to_string("deliveries/archive.html", context)


def _texts(letter: Letter) -> list[Translation]:
    """The texts of the present version, as they were published, the original first."""
    version = letter.current
    assert version is not None  # noqa: S101 - public letters have one, the database says
    known = {text.language for text in version.translations.all()} & set(dict(settings.LANGUAGES))
    order = sorted(known, key=lambda language: (language != letter.original_language, language))
    return [frozen_of(version, [language], original=letter.original_language) for language in order]


def _end(letter: Letter, language: str) -> str:
    """What the name of a file in this language ends in: the original's is the index itself."""
    return "" if language == letter.original_language else f"-{language}"


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
