"""Organisations across letters: what they are called, and what proves who they are."""

from organisations.models.changes import ProposedChange
from organisations.models.descriptions import LONGEST_DESCRIPTION, Description
from organisations.models.names import Name, ProposedName
from organisations.models.organisations import (
    TYPES,
    VOUCHERS_NEEDED,
    Evidence,
    EvidenceQuerySet,
    Organisation,
    OrganisationQuerySet,
    new_public_id,
)

__all__ = [
    "LONGEST_DESCRIPTION",
    "TYPES",
    "VOUCHERS_NEEDED",
    "Description",
    "Evidence",
    "EvidenceQuerySet",
    "Name",
    "Organisation",
    "OrganisationQuerySet",
    "ProposedChange",
    "ProposedName",
    "new_public_id",
]
