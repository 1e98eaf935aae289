"""What is asked, of whom, in which languages, and while it is open."""

from letters.models.corrections import Correction
from letters.models.endings import Closing, TakeDown
from letters.models.letters import GRACE, Letter, LetterQuerySet
from letters.models.people import Author, Recipient, Role
from letters.models.texts import Translation, Version

__all__ = [
    "GRACE", "Author", "Closing", "Correction", "Letter", "LetterQuerySet", "Recipient", "Role", "TakeDown",
    "Translation", "Version",
]  # fmt: skip
