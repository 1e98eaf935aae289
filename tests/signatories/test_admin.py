"""No path of Django's admin creates or confirms a signature, moves a count, or shows who signed."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.models import Trail, User
from letters.models import Letter, Role
from outbox.models import Message
from signatories.enrolled import enrolling
from signatories.models import Entry, Listing, Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

NAMES = [cast.ADA, cast.BELA, cast.UNION, "Ada Okoye", "Bela Horv", "Harbour Workers", "Ines Duarte"]
# What a form might be tricked to take besides its own fields
HOSTILE = {
    "confirmed_at": "2026-01-01 00:00:00", "confirmed_at_0": "2026-01-01", "confirmed_at_1": "00:00:00",
    "held_at": "", "rejected_at": "", "persons": "999", "organisations": "999", "size": "999",
    "visibility": "public", "kind": "person", "consent": "{}", "unsettled_at": "2026-01-01 00:00:00",
}  # fmt: skip


@pytest.fixture
def letter():
    letter = cast.clean_rivers()
    cast.ada(letter)
    cast.bela(letter)
    cast.union(letter)
    return letter


@pytest.fixture
def staff(client, db):
    entering.enter(client, User.objects.create_superuser("esra@desk.example", cast.PASSWORD, name="Esra"))
    return client


def places(model):
    """The list of a model, its form for a new row, and the form of every row there is."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    for row in model._default_manager.all():
        yield reverse(f"{name}_change", args=[row.pk])
        yield reverse(f"{name}_delete", args=[row.pk])


def filled(page):
    """What the forms of a page would send back, with a sentence in every empty field."""
    if not page.context or "adminform" not in page.context:
        return {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    return {field.html_name: field.value() or "1" for form in forms for field in form}


def every_count(letter):
    tally = enrolling.tally(letter)
    return (
        tally.persons, tally.organisations, tally.size, Entry.objects.count(), Listing.objects.count(),
        list(Signature.objects.order_by("pk").values()),
    )  # fmt: skip


def test_t26_no_form_creates_or_confirms_a_signature(staff, letter):
    before = every_count(letter)
    tried = 0
    for model in list(admin.site._registry):
        for place in places(model):
            page = staff.get(place)
            staff.post(place, HOSTILE | filled(page))
            staff.post(place, filled(page) | HOSTILE | {"post": "yes"})
            tried += 1
    assert tried > 40
    enrolling.enrol(at_once=True)
    assert every_count(letter) == before


def test_t26_no_action_does_either(staff, letter):
    before = every_count(letter)
    for model, model_admin in admin.site._registry.items():
        chosen = [row.pk for row in model._default_manager.all()]
        for action in model_admin.actions or []:
            where = next(places(model))
            staff.post(where, {"action": action, "_selected_action": chosen})
    enrolling.enrol(at_once=True)
    assert every_count(letter) == before


def test_no_page_tells_who_signed(staff, letter):
    for model in list(admin.site._registry):
        if model is not Message:
            for place in places(model):
                page = staff.get(place).content.decode()
                assert [name for name in NAMES if name in page] == [], place


class TestLetters:
    def test_nothing_is_written_or_published_past_the_desk(self, staff):
        draft = cast.night_trains()
        for name in ("letter", "version", "translation", "recipient"):
            assert staff.get(reverse(f"admin:letters_{name}_add")).status_code == 403
            row = apps.get_model("letters", name).objects.first()
            change = reverse(f"admin:letters_{name}_change", args=[row.pk])
            assert staff.post(change, {"title": "X", "body": "Y"}).status_code == 403
        chosen = {"action": "publish", "_selected_action": [draft.pk]}
        staff.post(reverse("admin:letters_letter_changelist"), chosen)
        assert not Letter.objects.get().is_public()

    def test_a_letter_is_closed_and_that_is_written_down(self, staff, letter):
        chosen = {"action": "close", "_selected_action": [letter.pk]}
        staff.post(reverse("admin:letters_letter_changelist"), chosen)
        assert Letter.objects.get().is_closed()
        assert Trail.objects.get().what == "letter closed"

    def test_a_role_is_given_and_written_down(self, staff, letter):
        chidi = cast.chidi()
        staff.post(
            reverse("admin:letters_role_add"), {"letter": letter.pk, "user": chidi.pk, "kind": "moderator"}
        )
        assert Role.objects.get().user == chidi
        assert Trail.objects.filter(what="role added", about_id=Role.objects.get().pk).exists()
