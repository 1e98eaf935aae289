"""What was frozen of a letter, who lets it go, and how it reached each office it is addressed to."""

from deliveries.models.deliveries import Delivery, DeliveryQuerySet, Report, Trial
from deliveries.models.dossiers import WIDE, Dossier, DossierDestroyed
from deliveries.models.milestones import Milestone
from deliveries.models.pictures import LARGEST_PICTURE, Picture
from deliveries.models.releases import Release, ReleaseQuerySet, Step

__all__ = [
    "LARGEST_PICTURE", "WIDE", "Delivery", "DeliveryQuerySet", "Dossier", "DossierDestroyed", "Milestone",
    "Picture", "Release", "ReleaseQuerySet", "Report", "Step", "Trial",
]  # fmt: skip
