"""What must be true of every database and every mail, whatever was killed, cut or refused meanwhile.

Asked once all has settled. The questions are SQL that PostgreSQL and SQLite both understand, so that a
database with a server of its own is asked like that of the test.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from signatories.enrolled import roll
from tests.postbox import Postbox
from vault.indexing import address_index

Ask = Callable[[str], list[tuple[Any, ...]]]

STANDING = """
    s.confirmed_at IS NOT NULL AND s.withdrawn_at IS NULL AND s.held_at IS NULL AND s.rejected_at IS NULL
"""
LIVING = "e.leaf <> '' AND e.left_by IS NULL"

# What must not be found, and the question that finds it.
OFFENDERS = {
    "attempts without their one message (I2)": """
        SELECT s.id FROM signatories_signature s WHERE s.erased_at IS NULL AND 1 <>
            (SELECT count(*) FROM outbox_message m WHERE m.kind = 'attempt' AND m.subject = s.id)
    """,
    "messages about no attempt (I2)": """
        SELECT m.id FROM outbox_message m WHERE m.kind IN ('attempt', 'thanks') AND NOT EXISTS
            (SELECT 1 FROM signatories_signature s WHERE s.id = m.subject)
    """,
    "signatures not thanked for once (I2)": """
        SELECT s.id FROM signatories_signature s WHERE s.erased_at IS NULL AND
            (SELECT count(*) FROM outbox_message m WHERE m.kind = 'thanks' AND m.subject = s.id)
            <> CASE WHEN s.confirmed_at IS NULL THEN 0 ELSE 1 END
    """,
    "messages under an expired lease": """
        SELECT m.id FROM outbox_message m
        WHERE m.state IN ('claimed', 'sending') AND m.lease_until <= CURRENT_TIMESTAMP
    """,
    "counts that are not those of the roll (I5)": f"""
        SELECT v.id FROM letters_version v LEFT JOIN signatories_tally t ON t.version_id = v.id
        WHERE coalesce(t.persons, 0) <> (
            SELECT count(*) FROM signatories_entry e JOIN signatories_signature s ON s.id = e.signature_id
            WHERE e.version_id = v.id AND {LIVING} AND s.kind = 'person')
        OR coalesce(t.organisations, 0) <> (
            SELECT count(*) FROM signatories_entry e JOIN signatories_signature s ON s.id = e.signature_id
            WHERE e.version_id = v.id AND {LIVING} AND s.kind = 'organisation')
    """,
    "signatures that stand off the roll, or do not and are on it (I5)": f"""
        SELECT s.id FROM signatories_signature s WHERE s.unsettled_at IS NULL
        AND (SELECT count(*) FROM signatories_entry e WHERE e.signature_id = s.id AND {LIVING})
            <> CASE WHEN {STANDING} THEN 1 ELSE 0 END
    """,
    "signatures that are public and not listed, or not and are (I5)": f"""
        SELECT s.id FROM signatories_signature s WHERE s.unsettled_at IS NULL
        AND (SELECT count(*) FROM signatories_listing l WHERE l.signature_id = s.id)
            <> CASE WHEN {STANDING} AND s.visibility = 'public' THEN 1 ELSE 0 END
    """,
    "recipients with two deliveries (I6)": """
        SELECT d.recipient_id FROM deliveries_delivery d JOIN deliveries_dossier o ON o.id = d.dossier_id
        GROUP BY o.version_id, d.recipient_id HAVING count(*) > 1
    """,
    "deliveries sent without evidence (I6)": """
        SELECT d.id FROM deliveries_delivery d WHERE d.state = 'sent' AND
            (d.message_id IS NULL OR d.sent_at IS NULL OR d.last_reply = '' OR d.file_hash = '')
    """,
    "rolls of another size than tally and newest head (I7)": """
        SELECT t.id FROM signatories_tally t WHERE
            t.size <> (SELECT count(*) FROM signatories_entry e WHERE e.version_id = t.version_id)
            OR t.size <> coalesce(
                (SELECT max(h.size) FROM signatories_treehead h WHERE h.version_id = t.version_id), 0)
    """,
    "persons who stand twice under a letter (I8)": """
        SELECT min(s.id) FROM signatories_signature s
        WHERE s.kind = 'person' AND s.confirmed_at IS NOT NULL AND s.withdrawn_at IS NULL
            AND s.address IS NOT NULL
        GROUP BY s.letter_id, s.address HAVING count(*) > 1
    """,
}
SENT = "SELECT message_id FROM outbox_message WHERE state = 'sent'"
ADDRESSES = "SELECT address FROM signatories_signature WHERE address IS NOT NULL"
LINES = """
    SELECT e.version_id, e.leaf, e.leaves FROM signatories_entry e ORDER BY e.version_id, e."index"
"""
HEADS = "SELECT h.version_id, h.size, h.root FROM signatories_treehead h"


def ask_here(question: str) -> list[tuple[Any, ...]]:
    """Ask the test's own database."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def broken(
    postbox: Postbox | None = None,
    *,
    ask: Ask = ask_here,
    journal: Iterable[str] = (),
    typed: Iterable[str] = (),
) -> list[str]:
    """What is not as it must be, in sentences.

    `postbox` is where mail arrived, `journal` holds the addresses of those who were told that they have
    signed, `typed` the words that people typed and that no mail may hold.
    """
    found = [f"{len(rows)} {what}" for what, question in OFFENDERS.items() if (rows := ask(question))]
    found += _lost(ask, journal) + _forked(ask)
    if postbox:
        found += _twice_named(postbox) + _never_arrived(ask, postbox) + _told(postbox, typed)
    return found


def _lost(ask: Ask, journal: Iterable[str]) -> list[str]:
    stored = {address for (address,) in ask(ADDRESSES)}
    lost = [email for email in journal if address_index(email) not in stored]
    return [f"{len(lost)} people were told that they have signed and have not (I1)"] if lost else []


def _forked(ask: Ask) -> list[str]:
    """Does every signed head follow from the lines of its roll?"""
    lines = defaultdict(list)
    for version, leaf, leaves in ask(LINES):
        lines[version].append(f"+{leaf}" if leaf else f"-{leaves}")
    return [
        f"1 head of {size} lines that does not follow from the roll (I7)"
        for version, size, root in ask(HEADS)
        if roll.root(lines[version][:size]) != root
    ]


def _twice_named(postbox: Postbox) -> list[str]:
    ids = defaultdict(set)
    for mail in postbox.mails:
        ids[str(mail["To"]), str(mail["Subject"])].add(str(mail["Message-ID"]))
    return [f"{len(names)} Message-IDs for one mail" for names in ids.values() if len(names) > 1]


def _never_arrived(ask: Ask, postbox: Postbox) -> list[str]:
    missing = {name for (name,) in ask(SENT)} - set(postbox.message_ids)
    return [f"{len(missing)} messages recorded as sent that never arrived"] if missing else []


def _told(postbox: Postbox, typed: Iterable[str]) -> list[str]:
    words = [word.casefold() for word in typed]
    told = 0
    for mail in postbox.mails:
        text = " ".join(
            str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"
        )
        told += any(word in f"{mail['Subject']} {text}".casefold() for word in words)
    return [f"{told} mails that hold what somebody typed (I9)"] if told else []
