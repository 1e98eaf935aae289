from django.db import models


class PlainSignature(models.Model):
    """What a site without our promises would keep: the answers as they were typed, and no index."""

    letter = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    name = models.TextField()
    email = models.TextField()
    country = models.CharField(max_length=2)
    role = models.TextField(blank=True)
    affiliation = models.TextField(blank=True)
    organisation = models.TextField(blank=True)
    website = models.TextField(blank=True)
    visibility = models.CharField(max_length=10)
    updates = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"plain signature {self.pk}"
