"""An organisation opens its private link, signs, or declines."""

import pytest
from django.test import Client
from django.utils import timezone

from invitations import answering, inviting, links
from invitations.models import Invitation, State
from letters.models import Letter
from signatories import confirming, signing, tokens
from signatories.models import Mailbox, Signature
from tests import cast

pytestmark = pytest.mark.django_db

BROWSER = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
ANSWERS = {
    "kind": "organisation", "name": "Ines Duarte", "email": cast.UNION, "country": "PT", "role": "Secretary",
    "organisation": "Harbour Workers' Union", "website": "https://harbour-workers.example/",
    "authorised": "on", "visibility": "public", "consent": "on",
}  # fmt: skip


def words(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def invitation(letter):
    return cast.invited(letter)


@pytest.fixture
def page(invitation):
    return f"/o/{links.token(invitation)}/"


def state(invitation):
    return Invitation.objects.with_answers().get(pk=invitation.pk).state


class TestReading:
    def test_the_form_is_filled_in_with_what_the_host_knew_and_no_address(self, page):
        shown = words(Client().get(page))
        assert "We ask you to <em>act</em>" in shown
        assert 'value="Harbour Workers&#x27; Union"' in shown
        assert '<option value="PT" selected>' in shown
        assert cast.UNION not in shown
        assert 'value="organisation" class="form-check-input" id="id_kind_1" required checked' in shown or (
            shown.count(" checked") == 1
        )

    def test_t05_a_scanner_that_reads_the_link_opens_nothing(self, page, invitation):
        for headers in ({}, BROWSER | {"Sec-Purpose": "prefetch"}, {"Sec-Fetch-Mode": "cors"}):
            assert Client().get(page, headers=headers).status_code == 200
        Client().head(page, headers=BROWSER)
        Client().get(f"{page}decline/", headers=BROWSER)
        assert state(invitation) == State.INVITED

    def test_a_browser_that_shows_it_opens_it_once(self, page, invitation):
        Client().get(page, headers=BROWSER)
        invitation.refresh_from_db()
        first = invitation.opened_at
        Client().get(page, headers=BROWSER)
        invitation.refresh_from_db()
        assert state(invitation) == State.OPENED and invitation.opened_at == first

    def test_links_that_are_not_its_own_lead_nowhere(self, page, invitation, letter):
        signature = cast.ada(letter)
        for token in (
            tokens.make(tokens.CONFIRM, invitation),
            tokens.make(links.INVITED, signature),
            links.token(invitation)[:-1],
            "x",
        ):
            assert Client().get(f"/o/{token}/").status_code == 404
        assert Client().get(f"/s/{tokens.make(tokens.CONFIRM, invitation)}/").status_code == 404
        Invitation.objects.update(posted_at=None, mailed_at=None)
        assert Client().get(page).status_code == 404

    def test_who_is_invited_reads_what_the_host_is_told_and_what_we_know(self, page):
        assert "Who invited you is told that this page was opened" in words(Client().get(page))
        shown = words(Client().get(f"{page}decline/"))
        assert cast.UNION in shown and "River Watch" in shown


class TestSigning:
    def test_it_is_signed_once_the_attempt_is_confirmed(self, page, invitation):
        answer = Client().post(page, ANSWERS)
        assert answer.headers["Location"] == "/letters/clean-rivers/check-your-email/"
        assert state(invitation) == State.OPENED
        confirming.confirm(Signature.objects.get())
        assert state(invitation) == State.SIGNED
        assert "A signature was confirmed by this invitation" in words(Client().get(page))

    def test_any_of_several_attempts_will_do(self, page, invitation):
        for email in ("typo@harbour-workers.example", cast.UNION):
            Client().post(page, ANSWERS | {"email": email})
        confirming.confirm(Signature.objects.earliest("pk"))
        assert state(invitation) == State.SIGNED

    def test_a_person_who_signs_here_does_not_sign_for_the_organisation(self, page, invitation):
        Client().post(page, ANSWERS | {"kind": "person"})
        confirming.confirm(Signature.objects.get())
        assert state(invitation) == State.OPENED

    def test_who_withdraws_is_not_told_to_have_signed_and_not_reminded(self, page, invitation):
        Client().post(page, ANSWERS)
        signing.withdraw(confirming.confirm(Signature.objects.get()))
        assert state(invitation) == State.DECLINED
        assert not Invitation.objects.unanswered().exists()

    def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(self, page):
        answer = Client().post(page, ANSWERS | {"email": "nowhere"})
        assert answer.status_code == 422 and 'id="form-errors"' in words(answer)
        assert page in words(answer)
        assert not Signature.objects.exists()

    def test_a_closed_letter_takes_no_more(self, page, letter):
        Letter.objects.filter(pk=letter.pk).update(closes_at=timezone.now())
        for answer in (Client().get(page), Client().post(page, ANSWERS)):
            assert answer.status_code == 410
        assert not Signature.objects.exists()

    def test_an_attempt_that_is_deleted_leaves_the_invitation_unanswered(self, page, invitation):
        Client().post(page, ANSWERS)
        confirming.delete(Signature.objects.get())
        assert state(invitation) == State.OPENED
        assert Invitation.objects.unanswered().exists()


class TestDeclining:
    def test_declining_ends_it_and_is_no_word_about_other_mail(self, page, invitation):
        for _ in range(2):
            answer = Client().post(f"{page}decline/", {"act": "decline"})
            assert answer.status_code == 200 and "You have declined" in words(answer)
        assert state(invitation) == State.DECLINED
        assert not Mailbox.objects.filter(opted_out_at__isnull=False).exists()

    @pytest.mark.parametrize("data", [{"act": "never"}, {"List-Unsubscribe": "One-Click"}])
    def test_never_again_is_one_click_and_holds_for_every_letter(self, page, invitation, data, mails):
        assert "We will not write to this address again." in words(Client().post(f"{page}decline/", data))
        other = cast.quiet_streets()
        row = cast.invited(other, posted_at=None, mailed_at=None)
        inviting.send(other, by=row.invited_by)
        assert mails() == []
        assert state(row) == State.NOT_MAILED

    def test_anything_else_changes_nothing(self, page, invitation):
        assert Client().post(f"{page}decline/", {"act": "sign"}).status_code == 422
        assert state(invitation) == State.INVITED

    def test_whoever_declined_may_still_sign(self, page, invitation):
        answering.decline(invitation)
        Client().post(page, ANSWERS)
        confirming.confirm(Signature.objects.get())
        assert state(invitation) == State.SIGNED
