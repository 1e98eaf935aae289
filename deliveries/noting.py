"""What is noted of a paper that goes to an office, whether by mail or by somebody's hand."""

from typing import Any

from deliveries.dossiers import editions, parting
from deliveries.dossiers.editions import Edition
from deliveries.models import Dossier


def paper(edition: Edition, *, unsigned: list[bytes], signed: list[bytes]) -> dict[str, Any]:
    """Its count and hashes (SHA-256, of the first volume as set and as signed), by the delivery's columns."""
    return {
        "signatures": edition["count"]["signatures"],
        "paper_hash": editions.sha256(unsigned[0]),
        "file_hash": editions.sha256(signed[0]),
        "list_hash": editions.sha256(editions.text(edition).encode()),
    }


def names(edition: Edition) -> dict[str, int]:
    """How many of those in the list are "named", and how many stand under the letter in "total"."""
    return {
        "named": len(edition["signatories"]),
        "total": edition.get("total", edition["count"]["signatures"]),
    }


def frozen(dossier: Dossier) -> dict[str, Any]:
    """What had been frozen: until it leaves, people withdraw."""
    return {"signatures": dossier.signatures, "list": dossier.sent_hash}


def files(slug: str, signed: list[bytes]) -> dict[str, str]:
    """The SHA-256 of each volume of a letter's paper, by the name under which an office gets it."""
    return {name: editions.sha256(volume) for name, volume in parting.named(slug, signed).items()}
