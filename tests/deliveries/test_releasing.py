"""Two people let a letter go: at the desk, by the manifest's very hash."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail
from deliveries import emails, links, manifests, preparing, releasing, sending
from deliveries.dossiers import freezing
from deliveries.models import Delivery, Dossier, Release, Step
from deliveries.papers import stamping
from deliveries.proofs import verifying
from letters.models import Letter, Recipient, Role
from letters.publishing import amend, publish
from outbox.models import Message, State
from signatories import signing
from signatories.enrolled import enrolling
from tests import cast, entering
from tests.deliveries.test_sending import due_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def dunya(letter):
    """Who proposes."""
    return cast.esra(letter, Role.Kind.DELIVERER, name="Dunya")


@pytest.fixture
def esra(letter):
    """Who approves."""
    return cast.esra(letter)


@pytest.fixture
def desk(dunya):
    return signed_in(dunya)


@pytest.fixture
def other(esra):
    return signed_in(esra)


def signed_in(user) -> Client:
    client = Client()
    entering.enter(client, user)
    return client


def place(letter, end: str = "") -> str:
    return f"/desk/letters/{letter.slug}/deliveries/{end}"


def offices(letter) -> list[Recipient]:
    return list(letter.current.recipients.all())


def proposed(letter, desk, **changes) -> Release:
    """A release that was proposed at the desk and is prepared."""
    facts = {"recipients": [office.pk for office in offices(letter)], "when": "now"} | changes
    answer = desk.post(place(letter, "new/"), facts)
    assert answer.status_code == 302, answer.content.decode()
    release = letter.releases.get()
    releasing.freeze(release)
    release.refresh_from_db()
    return release


def approve(letter, release, desk, *, sha256: str | None = None):
    given = {"sha256": release.manifest_hash if sha256 is None else sha256}
    return desk.post(place(letter, f"releases/{release.pk}/approve/"), given)


def send_all(letter) -> list[bool]:
    found = []
    for delivery in Delivery.objects.of(letter):
        due_now(delivery)
        found.append(sending.send(delivery))
    return found


def test_two_people_let_it_go(letter, desk, other, postbox):
    release = proposed(letter, desk)
    assert release.step == Step.PROPOSED
    assert "Somebody else who delivers" in desk.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert not Delivery.objects.exists(), "nothing leaves before somebody else has approved it"
    page = other.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert release.manifest_hash in page and "Approve exactly this" in page
    assert approve(letter, release, other).status_code == 302
    assert send_all(letter) == [True, True]
    assert sorted(postbox.recipients) == sorted(office.address for office in offices(letter))
    assert {one.release_id for one in Delivery.objects.all()} == {release.pk}
    lines = Trail.objects.filter(letter=letter.pk, what__startswith="delivery").values_list("what", flat=True)
    assert {"delivery proposed", "delivery prepared", "delivery approved"} <= set(lines)


def test_nobody_approves_their_own(letter, desk, dunya):
    release = proposed(letter, desk)
    assert approve(letter, release, desk).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(
            approved_by=dunya, approved_at=timezone.now(), step=Step.APPROVED
        )


def test_nothing_is_approved_unapproved(letter, desk):
    release = proposed(letter, desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(step=Step.APPROVED)


def test_who_approves_proves_by_a_passkey_to_be_there(letter, desk, esra):
    release = proposed(letter, desk)
    late = Client()
    entering.enter(late, esra, minutes_ago=10)
    assert "/accounts/" in approve(letter, release, late).url
    assert Release.objects.get().step == Step.PROPOSED


def test_another_hash_approves_nothing(letter, desk, other):
    release = proposed(letter, desk)
    answer = approve(letter, release, other, sha256="0" * 64)
    assert answer.status_code == 409 and "not, or no longer, what you saw" in answer.content.decode()
    assert not Delivery.objects.exists()


CHANGED = {
    "contact": "The address that answers go to was changed.",
    "office": "An office, or how it is reached, was changed.",
    "text": "The letter’s texts, authors or logos, or its version, were changed.",
}


@pytest.mark.parametrize("change", ["contact", "office", "text"])
def test_any_change_voids_what_was_proposed(letter, desk, other, change):
    release = proposed(letter, desk)
    alter(letter, change)
    assert approve(letter, release, other).status_code == 409
    release.refresh_from_db()
    assert release.step == Step.VOID and not Delivery.objects.exists()
    page = other.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert CHANGED[change] in page and "Propose it again." in page
    assert not [word for word in json.loads(release.manifest) if f" {word}" in page and "_" in word]


@pytest.mark.parametrize("change", ["contact", "office", "text"])
def test_any_change_after_approval_keeps_it_from_leaving(letter, desk, other, postbox, mails, change):
    release = proposed(letter, desk)
    approve(letter, release, other)
    alter(letter, change)
    assert send_all(letter) == [False, False]
    release.refresh_from_db()
    assert release.step == Step.VOID
    assert {one.state for one in Delivery.objects.all()} == {State.VOID}
    assert [mail for mail in postbox.mails if mail["To"] in {one.address for one in offices(letter)}] == []


def alter(letter, change: str) -> None:
    if change == "contact":
        Letter.objects.filter(pk=letter.pk).update(contact="somebody@else.example")
    elif change == "office":
        letter.current.recipients.update(size_limit=3)
    else:
        draft = amend(letter)
        draft.translations.update(body="Other words.")
        publish(letter)
    letter.refresh_from_db()


def test_f24_who_withdraws_after_approval_is_not_in_it_and_voids_nothing(letter, desk, other, postbox):
    release = proposed(letter, desk)
    approve(letter, release, other)
    signing.withdraw(letter.signatures.get(listing__name="Bela Horvát"))
    assert send_all(letter) == [True, True]
    sent = Delivery.objects.first()
    assert sent.signatures == 2 and sent.dossier.signatures == 3
    assert sent.list_hash != sent.dossier.sent_hash, "both are on record"
    assert sent.evidence["frozen"]["list"] == sent.dossier.sent_hash


def test_a_letter_with_one_person_says_so_and_offers_to_invite(letter, esra):
    page = signed_in(esra).get(place(letter)).content.decode()
    assert "nobody can approve what you propose" in page and "Invite somebody" in page


def test_it_leaves_at_the_time_in_the_office_s_own_hours(letter, desk, other):
    saturday = datetime(2030, 6, 1, 12, 0, tzinfo=UTC)
    release = proposed(
        letter, desk, when="time", leaves_at=f"{saturday:%Y-%m-%dT%H:%M}", in_office_hours="on"
    )
    approve(letter, release, other)
    monday = datetime(2030, 6, 3, tzinfo=UTC)
    assert {one.next_at - monday for one in Delivery.objects.of(letter)} == {timedelta(hours=8)}, (
        "British summer"
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"recipients": []}, "Choose at least one office."),
        ({"when": "time"}, "needed for the moment"),
        ({"when": "time", "leaves_at": "2020-01-01T10:00"}, "This moment is over."),
        ({"when": "number"}, "needed for the moment"),
        ({"when": "number", "at_signatures": "2"}, "So many have signed already"),
        ({"when": "number", "at_signatures": "-2"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(letter, desk, facts, words):
    given = {"recipients": [office.pk for office in offices(letter)], "when": "now"} | facts
    answer = desk.post(place(letter, "new/"), given)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Release.objects.exists()


def test_an_office_of_another_letter_cannot_be_served(letter, desk):
    stranger = cast.quiet_streets().current.recipients.first()
    answer = desk.post(place(letter, "new/"), {"recipients": [stranger.pk], "when": "now"})
    assert answer.status_code == 422 and not Release.objects.exists()


def test_at_a_number_it_is_frozen_then_and_not_before(letter, desk):
    release = proposed(letter, desk, when="number", at_signatures="4")
    assert release.step == Step.COUNTING and release.dossier is None
    assert releasing.count() == 0
    cast.confirmed(letter, email="d@people.example", name="Dara Singh")
    enrolling.enrol(at_once=True)
    assert releasing.count() == 1
    releasing.freeze(Release.objects.get())
    assert Release.objects.get().step == Step.PROPOSED
    assert Dossier.objects.get().signatures == 4


def test_calling_off_keeps_the_rest_from_leaving(letter, desk, other, postbox):
    release = proposed(letter, desk)
    approve(letter, release, other)
    first, second = Delivery.objects.of(letter)
    due_now(first)
    assert sending.send(first)
    assert desk.post(place(letter, f"releases/{release.pk}/cancel/")).status_code == 302
    due_now(second)
    assert not sending.send(second)
    assert [one.state for one in Delivery.objects.of(letter)] == [State.SENT, State.VOID]
    again = desk.post(place(letter, f"releases/{release.pk}/cancel/"), follow=True)
    assert "all of it has left" in again.content.decode()


def test_an_office_whose_release_was_called_off_can_be_served_by_another(letter, desk, other, postbox):
    release = proposed(letter, desk)
    approve(letter, release, other)
    desk.post(place(letter, f"releases/{release.pk}/cancel/"))
    answer = desk.post(
        place(letter, "new/"), {"recipients": [one.pk for one in offices(letter)], "when": "now"}
    )
    assert answer.status_code == 302
    new = letter.releases.first()
    releasing.freeze(new)
    new.refresh_from_db()
    approve(letter, new, other)
    assert sum(sending.send(one) for one in new.deliveries.all() if not due_now(one)) == 2
    assert len(postbox.mails) == 2


def test_a_test_goes_to_who_asked_and_leaves_no_mark(letter, desk, dunya, mails):
    release = proposed(letter, desk)
    mails()
    assert desk.post(place(letter, f"releases/{release.pk}/try/")).status_code == 302
    got = mails()
    assert {mail.to for mail in got} == {dunya.email} and len(got) == 2
    assert all(mail.subject.startswith("[TEST]") for mail in got)
    assert not Delivery.objects.exists()
    assert "Sent to" not in Client().get(f"/letters/{letter.slug}/").content.decode()


def test_the_paper_that_was_looked_at_is_ours_and_on_the_trail(letter, desk):
    release = proposed(letter, desk)
    office = offices(letter)[0]
    answer = desk.post(place(letter, f"releases/{release.pk}/papers/{office.pk}/"))
    assert verifying.verify(answer.content, keys=verifying.own_keys()).is_known
    assert Trail.objects.filter(what="paper looked at", letter=letter.pk).exists()


def paper_of(letter, release, desk):
    return desk.post(place(letter, f"releases/{release.pk}/papers/{offices(letter)[0].pk}/"))


def named(paper: bytes) -> set[str]:
    """Whom the list inside a paper names."""
    return {one["name"] for one in json.loads(stamping.check(paper).attached)["signatories"]}


def test_nothing_of_a_letter_that_was_taken_down_is_proposed_or_approved(letter, desk, other):
    waiting = proposed(letter, desk, when="number", at_signatures="4")
    Letter.objects.filter(pk=letter.pk).update(taken_down_at=timezone.now())
    given = {"recipients": [office.pk for office in offices(letter)], "when": "now"}
    assert desk.post(place(letter, "new/"), given).status_code == 404
    Release.objects.filter(pk=waiting.pk).update(step=Step.FREEZING)
    releasing.freeze(releasing.fresh(waiting))
    waiting.refresh_from_db()
    assert approve(letter, waiting, other).status_code == 409
    assert not Delivery.objects.exists() and Release.objects.get().step == Step.VOID


EVERYBODY, FOR_OFFICES = {"Bela Horvát"}, {"Bela Horvát", "Rosa Villacorta"}


def test_t27_who_proposes_alone_gets_no_name_that_is_for_offices_only(letter, desk, other, mailoutbox):
    release = proposed(letter, desk)
    assert named(paper_of(letter, release, desk).content) == EVERYBODY
    assert named(paper_of(letter, release, other).content) == FOR_OFFICES, "who approves sees what leaves"
    approve(letter, release, other)
    assert named(paper_of(letter, release, desk).content) == EVERYBODY, "it leaves by itself"
    delivery = release.deliveries.get(recipient=offices(letter)[0])
    assert desk.post(place(letter, f"{delivery.pk}/another-way/"), {"channel": "post"}).status_code == 302
    place_of_paper = place(letter, f"{delivery.pk}/paper/")
    refused = desk.post(place_of_paper, follow=True).content.decode()
    assert "somebody prints it who has not proposed it" in refused
    assert named(paper_of(letter, release, desk).content) == EVERYBODY, "nor there"
    mailoutbox.clear()
    assert named(other.post(place_of_paper).content) == FOR_OFFICES, "they have to print it"
    assert {"was given out" in mail.body for mail in mailoutbox} == {True} and len(mailoutbox) == 2
    cover = place(letter, f"{delivery.pk}/cover/")
    assert cover not in desk.get(place(letter, f"{delivery.pk}/")).content.decode()
    assert desk.post(cover).status_code == 403, "it names the office's page, where the names are"
    assert other.post(cover).status_code == 200


def test_t27_nor_the_address_of_the_page_that_leads_to_them(letter, desk, other):
    release = proposed(letter, desk)
    approve(letter, release, other)
    delivery = release.deliveries.get(recipient=offices(letter)[0])
    assert desk.post(place(letter, f"{delivery.pk}/another-way/"), {"channel": "portal"}).status_code == 302
    assert other.post(place(letter, f"{delivery.pk}/paper/")).status_code == 200
    address = links.address(delivery)
    assert address in other.get(place(letter, f"{delivery.pk}/")).content.decode()
    assert address not in desk.get(place(letter, f"{delivery.pk}/")).content.decode()


def test_t27_who_proposes_prints_what_was_approved_for_a_bringer(letter, desk, other):
    letter.current.recipients.update(channel="hand", address="", postal="1 Quay Street")
    release = proposed(letter, desk)
    approve(letter, release, other)
    delivery = release.deliveries.first()
    page = desk.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert "Bring it" in page and place(letter, f"{delivery.pk}/") in page
    assert named(desk.post(place(letter, f"{delivery.pk}/paper/")).content) == FOR_OFFICES


@pytest.mark.parametrize("end", ["called off", "void", "taken down"])
def test_t27_of_what_is_over_nobody_gets_a_paper(letter, desk, other, mails, end):
    release = proposed(letter, desk)
    if end == "called off":
        desk.post(place(letter, f"releases/{release.pk}/cancel/"))
    elif end == "void":
        alter(letter, "contact")
        approve(letter, release, other)
    else:
        Letter.objects.filter(pk=letter.pk).update(taken_down_at=timezone.now())
    mails()
    page = other.get(place(letter, f"releases/{release.pk}/")).content.decode()
    assert "/papers/" not in page and "Mail it to me" not in page, "no button leads to nothing"
    assert paper_of(letter, release, other).status_code == 404
    assert desk.post(place(letter, f"releases/{release.pk}/try/")).status_code == 404
    assert mails() == []


@pytest.mark.parametrize(
    ("moment", "sentence"), [("archived_at", "is archived: its names"), ("taken_down_at", "was withdrawn")]
)
def test_nothing_is_offered_of_a_letter_that_is_over(letter, desk, postbox, moment, sentence):
    called_off, sent = preparing.prepare(letter)
    Delivery.objects.filter(pk=called_off.pk).update(state=State.VOID)
    assert sending.send(sent)
    cast.confirmed(letter, email="d@people.example", name="Dara Singh", visibility="public")
    enrolling.enrol(at_once=True)
    page = desk.get(place(letter)).content.decode()
    assert "deliveries/new/" in page and "as a supplement" in page
    over = timezone.now() - timedelta(days=3)
    Letter.objects.filter(pk=letter.pk).update(closes_at=over, **{moment: timezone.now()})
    page = desk.get(place(letter)).content.decode()
    assert sentence in page and "is a draft" not in page
    assert "deliveries/new/" not in page and "as a supplement" not in page
    assert desk.get(place(letter, "new/")).status_code == 404


def test_t38_a_test_mail_holds_no_name_that_is_for_offices_only(letter, desk, other):
    release = proposed(letter, desk)
    approve(letter, release, other)
    desk.post(place(letter, f"releases/{release.pk}/try/"))
    built = [emails.trial(message) for message in Message.objects.filter(kind=emails.TRIAL)]
    papers = [attached.content for mail in built for attached in mail.attachments]
    assert len(papers) == 2 and {name for paper in papers for name in named(paper)} == EVERYBODY


def test_a_supplement_holds_only_who_signed_since(letter, desk, other, postbox):
    release = proposed(letter, desk)
    approve(letter, release, other)
    send_all(letter)
    assert "as a supplement" not in desk.get(place(letter)).content.decode()
    signing.withdraw(letter.signatures.get(listing__name="Bela Horvát"))
    cast.confirmed(letter, email="d@people.example", name="Dara Singh", visibility="public")
    enrolling.enrol(at_once=True)
    first = Dossier.objects.get()
    assert "Send 1 new signature as a supplement" in desk.get(place(letter)).content.decode()
    given = {"recipients": [one.pk for one in offices(letter)], "when": "now"}
    assert desk.post(place(letter, f"new/?after={first.pk}"), given).status_code == 302
    second = letter.releases.first()
    releasing.freeze(second)
    second.refresh_from_db()
    approve(letter, second, other)
    edition = freezing.edition_now(second.dossier)
    assert edition["count"] == {"signatures": 1, "persons": 1, "organisations": 0}
    assert edition["total"] == 3 and [one["name"] for one in edition["signatories"]] == ["Dara Singh"]
    assert "Bela" not in json.dumps(edition)
    assert second.deliveries.count() == len(offices(letter))
    for delivery in second.deliveries.all():
        due_now(delivery)
        assert not sending.send(delivery), "one mail in ten minutes"
        delivery.refresh_from_db()
        assert delivery.next_at > timezone.now() + timedelta(minutes=5)


def test_who_corrects_the_name_is_no_new_signatory(letter):
    preparing.prepare(letter)
    first = Dossier.objects.get()
    assert signing.correct(letter.signatures.get(listing__name="Bela Horvát"), name="Bela Horvath")
    enrolling.enrol(at_once=True)
    assert preparing.joined_since(first) == 0
    cast.confirmed(letter, email="d@people.example", name="Dara Singh", visibility="public")
    enrolling.enrol(at_once=True)
    assert preparing.joined_since(first) == 1
    content = freezing.freeze(letter, after=first).public_edition
    told = json.loads(content)
    assert [one["name"] for one in told["signatories"]] == ["Dara Singh"]
    assert (told["count"]["signatures"], told["total"]) == (1, 4)
    assert verifying.verify(content.encode(), keys=verifying.own_keys()).is_known


def test_a_supplement_is_verified_and_an_altered_one_refused(letter, postbox):
    preparing.prepare(letter)
    first = Dossier.objects.get()
    cast.confirmed(letter, email="d@people.example", name="Dara Singh", visibility="public")
    enrolling.enrol(at_once=True)
    second = freezing.freeze(letter, after=first)
    content = second.public_edition.encode()
    assert verifying.verify(content, keys=verifying.own_keys()).is_known
    assert (second.part, second.signatures, json.loads(content)["total"]) == (1, 1, 4)


def test_the_manifest_never_changes_once_approved(letter, desk, other):
    release = proposed(letter, desk)
    approve(letter, release, other)
    assert manifests.digest(release.manifest) == release.manifest_hash
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(manifest="{}")
