"""What a signer keeps: the text behind the signature's line on the roll, and the proof that it is there."""

import json
from typing import Any

from signatories.enrolled import proving, roll
from signatories.models import Entry, Signature, TreeHead


def content(signature: Signature, *, letter: str, text_hash: str) -> dict[str, str]:
    """What the roll commits to: which text, what kind of signatory, the name as shown, and the salt.

    `letter` is the slug, `text_hash` the version's; passed in, since enrolling does it by the thousand.
    """
    return {
        "letter": letter,
        "text": text_hash,
        "kind": signature.kind,
        "name": signature.shown_name() or "",
        "salt": signature.salt or "",
    }


def unproven(signature: Signature) -> dict[str, Any]:
    """The receipt as it stands from the moment of confirming: enough to recompute the roll's line."""
    letter, version = signature.letter, signature.version
    return {
        "format": "undersigned-receipt-1",
        "receipt": content(signature, letter=letter.slug, text_hash=version.text_hash),
    }


def receipt(signature: Signature) -> dict[str, Any]:
    """The signer's receipt; once enrolled, with index, proof and signed tree head (RFC 6962)."""
    paper, version = unproven(signature), signature.version
    entry = Entry.objects.filter(signature=signature, left_by=None).select_related("version").first()
    head = TreeHead.objects.filter(version=version).last()
    if entry is None or head is None or entry.leaf != roll.commitment(paper["receipt"]):
        return paper
    return paper | {
        "index": entry.index,
        "proof": proving.proof_of(entry, head=head),
        "head": head_of(head),
    }


def head_of(head: TreeHead) -> dict[str, Any]:
    """The tree head as it is published and signed."""
    version = head.version
    return {
        "letter": version.letter.slug,
        "version": version.number,
        "size": head.size,
        "root": head.root,
        "at": head.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "signature": head.signature,
    }


def text(paper: dict[str, Any]) -> str:
    """The receipt as the signer keeps it: JSON that people can read, too."""
    return json.dumps(paper, indent=2, ensure_ascii=False)
