"""Evidence is noted by itself where it can be seen, and never by somebody's word alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organisations.models import Evidence, Organisation
from signatories import moderating
from tests import cast

pytestmark = pytest.mark.django_db


def signed(**changes):
    """The organisation, once its signature is confirmed and approved."""
    return cast.known_union(cast.clean_rivers(), **changes)


def standing(organisation):
    return [(evidence.kind, evidence.seen) for evidence in organisation.evidence.standing()]


class TestMailboxes:
    def test_one_at_the_website_s_domain_is_noted_when_it_is_approved(self):
        union = signed()
        assert standing(union) == [("mailbox", "harbour-workers.example")]
        assert union.is_verified()
        evidence = union.evidence.get()
        assert evidence.at == union.signatures.get().confirmed_at
        assert evidence.expires_at - evidence.at == timedelta(days=365)

    @pytest.mark.parametrize(
        "email, website",
        [
            ("ines@mail.harbour.co.uk", "https://www.harbour.co.uk/"),
            ("ines@harbour.org.pk", "https://en.harbour.org.pk/who/"),
        ],
    )
    def test_whoever_owns_a_domain_owns_what_is_below(self, email, website):
        assert signed(email=email, website=website).is_verified()

    @pytest.mark.parametrize(
        "email, website",
        [
            ("harbour@gmail.com", "https://harbour-workers.example/"),
            ("harbour@gmail.com", "https://gmail.com/"),
            ("harbour@other.co.uk", "https://harbour.co.uk/"),
            ("harbour@harbour.github.io", "https://harbour.github.io/"),
            ("harbour@harbour.pages.dev", "https://harbour.pages.dev/"),
            ("harbour@mailinator.com", "https://mailinator.com/"),
            ("harbour@harbour-workers.example.org", "https://harbour-workers.example/"),
        ],
    )
    def test_others_prove_nothing(self, email, website):
        union = signed(email=email, website=website)
        assert standing(union) == [] and not union.is_verified()

    def test_nothing_is_noted_before_a_moderator_has_looked(self):
        cast.union(cast.clean_rivers())
        assert not Evidence.objects.exists() and not Organisation.objects.exists()

    def test_who_signs_in_a_known_name_with_another_website_proves_nothing(self):
        union = signed(email="secretary@gmail.com")
        letter = cast.quiet_streets()
        forged = cast.union(letter, email="post@forged.example", website="https://forged.example/")
        moderating.approve(forged, by=cast.chidi(letter))
        assert forged.organisation_key and union.signatures.count() == 2
        assert standing(union) == []

    def test_the_next_signature_renews_it(self):
        union = signed()
        union.evidence.update(expires_at=timezone.now())
        assert not union.is_verified()
        letter = cast.quiet_streets()
        moderating.approve(cast.union(letter), by=cast.chidi(letter))
        assert union.is_verified() and union.evidence.count() == 2
