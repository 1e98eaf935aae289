"""A logo is handed in at the desk and in the organisation's space, and readers see it once it is proven."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Trail, User, alias
from letters.models import Role
from logos import drawing, replacing
from logos.models import Logo
from organisations.models import Evidence
from signatories.enrolled import enrolling
from spaces.models import Membership
from tests import cast, entering
from tests.logos import pictures

pytestmark = pytest.mark.django_db

EDO, EVA = "edo@harbour-workers.example", "eva@elsewhere.example"
RING = drawing.draw(pictures.saved(pictures.mark()))
FIELDS = {"content": RING.content, "width": RING.width, "height": RING.height}


def words(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def union(letter):
    return cast.known_union(letter)


@pytest.fixture
def chidi(union, client):
    entering.enter(client, User.objects.get(email="chidi@desk.example"))
    return client


@pytest.fixture
def place(union):
    return f"/desk/organisations/{union.public_id}/logo/"


def given(union):
    """A moderator has given it a ring."""
    return replacing.replace(union, RING, by=User.objects.get(email="chidi@desk.example"))


def proven(union, kind=Evidence.Kind.DNS):
    by = cast.chidi() if kind == Evidence.Kind.CALL_BACK else None
    return union.evidence.create(kind=kind, seen="harbour-workers.example", by=by)


class TestHandingIn:
    def test_a_moderator_gives_the_organisation_one_and_another_and_takes_it_away(self, chidi, union, place):
        assert "There is no logo yet." in words(chidi.get(place))
        assert chidi.post(place, pictures.file(pictures.photographed())).url == place.removesuffix("logo/")
        first = Logo.objects.get()
        assert (first.organisation, first.author) == (union, None)
        assert f"/logos/{first.name}.webp" in words(chidi.get(place.removesuffix("logo/")))
        chidi.post(place, pictures.file(pictures.annotated()))
        second = Logo.objects.get()
        assert second.name != first.name
        chidi.post(place, {"remove": "1"})
        assert not Logo.objects.exists()
        assert [line.what for line in Trail.objects.filter(what__startswith="logo").order_by("pk")] == [
            "logo set", "logo set", "logo removed",
        ]  # fmt: skip

    @pytest.mark.parametrize("data, reason", pictures.REFUSED.values(), ids=pictures.REFUSED)
    def test_t42_what_is_no_plain_picture_is_refused_in_words_and_nothing_is_done(
        self, chidi, union, place, data, reason
    ):
        before = given(union)
        lines = Trail.objects.count()
        answer = chidi.post(place, pictures.file(data))
        assert answer.status_code == 422
        beside = words(answer).split('id="error_1_id_picture"')[1].split("</span>")[0]
        assert reason in beside
        assert Logo.objects.get() == before and Trail.objects.count() == lines

    def test_t42_its_name_and_kind_count_for_nothing(self, chidi, place):
        upload = SimpleUploadedFile("../../logo.svg", pictures.saved(pictures.mark()), "text/html")
        assert chidi.post(place, {"picture": upload}).status_code == 302
        assert "svg" not in Logo.objects.get().name

    def test_without_a_file_that_is_said(self, chidi, place):
        answer = chidi.post(place)
        assert answer.status_code == 422 and "error_1_id_picture" in words(answer)

    @pytest.mark.parametrize("kind", [Role.Kind.AUTHOR, Role.Kind.EXPORTER, None])
    def test_t42_others_of_the_desk_hand_in_nothing(self, client, letter, union, place, kind):
        user = User.objects.create_user("somebody@desk.example", name="Somebody")
        if kind:
            Role.objects.create(letter=letter, user=user, kind=kind)
        entering.enter(client, user)
        assert client.post(place, pictures.file(pictures.annotated())).status_code == 404
        assert Client().post(place, pictures.file(pictures.annotated())).status_code == 302
        assert not Logo.objects.exists()


class TestSpace:
    @pytest.fixture(params=["speaker", "editor"])
    def member(self, request, union):
        user = User.objects.create_user(alias(EDO), address=EDO, works_here=False)
        return Membership.objects.create(user=user, organisation=union, role=request.param)

    @pytest.fixture
    def space(self, union):
        return f"/organisations/{union.public_id}/"

    def test_who_writes_for_the_organisation_hands_it_in(self, client, member, space):
        entering.enter(client, member.user)
        assert client.post(f"{space}logo/", pictures.file(pictures.annotated())).url == space
        logo = Logo.objects.get()
        assert logo.organisation == member.organisation
        assert f"/logos/{logo.name}.webp" in words(client.get(space))
        assert "Logo of Harbour Workers&#x27; Union" in words(client.get(f"{space}logo/"))

    def test_t42_a_page_in_a_picture_is_refused_there_too(self, client, member, space):
        entering.enter(client, member.user)
        answer = client.post(f"{space}logo/", pictures.file(pictures.page_inside()))
        assert answer.status_code == 422 and "holds more than a picture" in words(answer)
        assert not Logo.objects.exists()

    def test_t42_nobody_hands_in_anothers(self, client, union, space):
        user = User.objects.create_user(alias(EVA), address=EVA, works_here=False)
        entering.enter(client, user)
        assert client.post(f"{space}logo/", pictures.file(pictures.annotated())).status_code == 404


class TestShowing:
    @pytest.mark.parametrize("kind", Evidence.Kind.values)
    def test_readers_see_it_once_a_record_or_a_call_proves_who_it_is(self, letter, union, kind):
        union.evidence.all().delete()
        logo = given(union)
        if kind != Evidence.Kind.VOUCHED:
            proven(union, kind)
        enrolling.enrol(at_once=True)
        page = words(Client().get("/letters/clean-rivers/"))
        is_shown = kind in {Evidence.Kind.DNS, Evidence.Kind.CALL_BACK}
        assert (f"/logos/{logo.name}.webp" in page) == is_shown
        assert ("Logo of Harbour Workers&#x27; Union" in page) == is_shown

    def test_evidence_that_falls_takes_it_along(self, letter, union):
        logo = given(union)
        evidence = proven(union)
        assert list(Logo.objects.shown()) == [logo]
        Evidence.objects.filter(pk=evidence.pk).update(revoked_at=evidence.at)
        assert not Logo.objects.shown().exists()

    def test_t42_it_is_served_as_a_picture_and_as_nothing_else(self, union):
        logo = given(union)
        answer = Client().get(f"/logos/{logo.name}.webp")
        assert answer.content == RING.content and answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        policy = answer["Content-Security-Policy"]
        assert "sandbox" in policy and "default-src 'none'" in policy
        assert answer["Content-Disposition"] == 'attachment; filename="logo.webp"'
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not answer.cookies and "Cookie" not in answer.get("Vary", "")

    def test_t42_a_place_that_was_left_is_empty(self, union):
        before = given(union)
        given(union)
        assert Client().get(f"/logos/{before.name}.webp").status_code == 404
        assert Client().post(f"/logos/{before.name}.webp").status_code == 405

    def test_it_goes_with_its_organisation(self, union):
        given(union)
        union.signatures.update(organisation=None)
        union.delete()
        assert not Logo.objects.exists()


@pytest.mark.parametrize(
    "changes, rule",
    [
        ({"organisation": None}, "a_logo_is_of_one"),
        ({"content": b"<html>"}, "logos_are_webp"),
        ({"content": pictures.saved(pictures.mark())}, "logos_are_webp"),
        ({"content": RING.content + b"\0" * 100_000}, "logos_are_light"),
        ({"width": 481}, "logos_are_small"),
        ({"height": 0}, "logos_are_small"),
    ],
)
def test_t42_the_database_takes_only_small_webp_of_one(union, changes, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Logo.objects.create(**({"organisation": union} | FIELDS | changes))


def test_t42_the_database_knows_one_logo_of_each(union):
    given(union)
    with pytest.raises(IntegrityError), transaction.atomic():
        Logo.objects.create(organisation=union, **FIELDS)
