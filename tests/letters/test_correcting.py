"""Slips of the pen in a published text, set right at the desk by one person and another."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import Trail
from letters import correcting, publishing, translating
from letters.models import Correction, Letter, Role
from tests import cast, entering

pytestmark = pytest.mark.django_db

DESK = "/desk/letters/clean-rivers/corrections/"
PAGE, VERSIONS = "/letters/clean-rivers/", "/letters/clean-rivers/versions/"
BODY = (
    "We recieve our water from rivers that you let die.\n\n"
    "We ask you to *act*, as [others](https://rivers.example/) did in 2019."
)
RIGHT = BODY.replace("recieve", "receive")


@pytest.fixture
def letter():
    draft = cast.night_trains()
    draft.slug = "clean-rivers"
    draft.save(update_fields=["slug"])
    version = draft.versions.get()
    version.translations.exclude(language="en").delete()
    version.translations.update(title="Clean Rivers", summary="In short.", body=BODY)
    publishing.publish(draft)
    return Letter.objects.get(pk=draft.pk)


def desk(letter, name):
    client = Client()
    entering.enter(client, cast.esra(letter, name=name))
    return client


def words(answer):
    return answer.content.decode()


def form(body, **other):
    return {"title": "Clean Rivers", "summary": "In short.", "body": body} | other


def test_one_proposes_another_publishes_and_readers_see_what_differs(letter):
    esra, noor = desk(letter, "Esra"), desk(letter, "Noor")
    signed = letter.current.text_hash
    assert esra.post(f"{DESK}en/", form(RIGHT)).url == DESK
    assert translating.best_translation(letter, ["en"]).body == BODY
    row = Correction.objects.get()
    assert "somebody else has to publish" in words(esra.post(f"{DESK}{row.pk}/publish/", follow=True))
    assert "<del>" in words(noor.get(DESK))
    assert "a slip set right" in words(noor.get("/desk/letters/clean-rivers/"))
    assert noor.post(f"{DESK}{row.pk}/publish/").url == DESK
    page = words(Client().get(PAGE))
    assert "receive" in page and "recieve" not in page and signed in page
    assert "What is signed is the text as it was published." in page
    assert "<del>" in words(Client().get(VERSIONS))
    assert Letter.objects.get(pk=letter.pk).current.text_hash == signed
    assert letter.current.translations.get().body == BODY
    lines = Trail.objects.filter(what__startswith="correction").order_by("pk")
    assert [line.what for line in lines] == ["correction proposed", "correction published"]
    assert noor.post(f"{DESK}{row.pk}/publish/").status_code == 404


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BODY, "Not a word differs."),
        (BODY.replace("die", "live"), "more than a slip of the pen"),
        (BODY.replace("We ask", "We do not ask"), "more than a slip of the pen"),
        (BODY.replace("2019", "2018"), "more than a slip of the pen"),
        (BODY.replace("rivers.example", "rivals.example"), "more than a slip of the pen"),
        (BODY.replace("rivers.example", "river.example"), "A link would lead elsewhere."),
        (BODY + " And more.", "more than a slip of the pen"),
    ],
)
def test_whatever_is_more_than_a_slip_is_refused_beside_the_field(letter, body, said):
    answer = desk(letter, "Esra").post(f"{DESK}en/", form(body))
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'id="error_1_id_body"' in words(answer)
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("published", "edited"),
    [
        ("[Sell no arms](https://law.example/) now.", "![Sell no arms](https://law.example/) now."),
        ("[Ban] https://law.example/\nall of it.", "[Ban]: https://law.example/\nall of it."),
        ("[a][x] and [b][y]\n\n[x]: https://x.example/\n[y]: https://y.example/",) * 2,
        ("Stop it.", "Stop\u202e it."),
    ],
)
def test_t44_no_sign_of_the_markup_hides_or_turns_words(letter, published, edited):
    version = publishing.amend(letter)
    version.translations.update(body=published)
    publishing.publish(letter)
    edited = edited.replace("[a][x]", "[a][y]")
    answer = desk(letter, "Esra").post(f"{DESK}en/", form(edited))
    assert answer.status_code == 422 and not Correction.objects.exists()


def test_a_missing_star_is_a_slip(letter):
    assert desk(letter, "Esra").post(f"{DESK}en/", form(BODY.replace("*act*", "*act"))).status_code == 302


def test_a_slip_in_the_title_is_refused_beside_the_title(letter):
    answer = desk(letter, "Esra").post(f"{DESK}en/", form(BODY, title="Dirty Rivers"))
    assert 'id="error_1_id_title"' in words(answer)


def test_more_than_twenty_places_are_not_slips(letter):
    version = publishing.amend(letter)
    version.translations.update(body="\n\n".join(f"teh {word}" for word in ["sea"] * 21))
    publishing.publish(letter)
    many = "\n\n".join(["the sea"] * 21)
    answer = desk(letter, "Esra").post(f"{DESK}en/", form(many))
    assert "more than 20 places" in words(answer)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("recieve it", "receive it"),
        ("the goverment", "the government"),
        ("thefirst day", "the first day"),
        ("a reffugee", "a refugee"),
        ("of the the sea", "of the sea"),
        ("rivers and seas", "rivers, and seas"),
        ("اور دریا", "اور دریاؤ"),
    ],
)
def test_slips_are_what_one_edit_of_a_word_sets_right(before, after):
    assert all(correcting.is_slip(slip) for slip in correcting.slips(before, after))
    assert list(correcting.slips(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("it is lawful", "it is unlawful"),
        ("act", ""),
        ("by 4 May", "by 5 May"),
        ("halt it", "halt it now"),
        ("no river", "river"),
    ],
)
def test_words_that_say_something_else_are_no_slips(before, after):
    assert not all(correcting.is_slip(slip) for slip in correcting.slips(before, after))


def test_a_second_correction_is_measured_against_what_was_published(letter):
    esra, noor = desk(letter, "Esra"), desk(letter, "Noor")
    esra.post(f"{DESK}en/", form(BODY.replace("let die", "let dye")))
    noor.post(f"{DESK}{Correction.objects.get().pk}/publish/")
    assert "dye" in words(esra.get(f"{DESK}en/"))
    answer = esra.post(f"{DESK}en/", form(BODY.replace("let die", "let dyed")))
    assert "more than a slip" in words(answer)
    esra.post(f"{DESK}en/", form(BODY))
    noor.post(f"{DESK}{Correction.objects.last().pk}/publish/")
    assert "dye" not in words(Client().get(PAGE))


def test_who_translates_leaves_the_original_alone(letter):
    client = Client()
    entering.enter(client, cast.esra(letter, kind=Role.Kind.TRANSLATOR))
    assert "Set a slip right" not in words(client.get(DESK))
    assert client.post(f"{DESK}en/", form(RIGHT)).status_code == 403
    assert not Correction.objects.exists()


def test_what_is_proposed_later_takes_the_place_of_what_waits(letter):
    esra, noor = desk(letter, "Esra"), desk(letter, "Noor")
    esra.post(f"{DESK}en/", form(BODY.replace("recieve", "recive")))
    first = Correction.objects.get().pk
    noor.post(f"{DESK}en/", form(RIGHT))
    assert Correction.objects.get().body == RIGHT
    assert noor.post(f"{DESK}{first}/publish/").status_code == 404
    assert translating.best_translation(letter, ["en"]).body == BODY


def test_what_waits_is_thrown_away_by_who_works_on_the_letter(letter):
    esra = desk(letter, "Esra")
    esra.post(f"{DESK}en/", form(RIGHT))
    waiting = f"{DESK}{Correction.objects.get().pk}/discard/"
    assert esra.post(waiting).url == DESK
    assert esra.post(waiting).status_code == 404
    assert not Correction.objects.exists()


def test_the_next_version_begins_with_the_words_that_readers_see(letter):
    esra, noor = desk(letter, "Esra"), desk(letter, "Noor")
    esra.post(f"{DESK}en/", form(RIGHT))
    noor.post(f"{DESK}{Correction.objects.get().pk}/publish/")
    esra.post("/desk/letters/clean-rivers/change/begin/")
    assert letter.versions.get(number=2).translations.get().body == RIGHT
    assert "Nothing in it differs" in words(esra.get("/desk/letters/clean-rivers/draft/"))


def test_letters_taken_down_have_no_slips_to_set_right(letter):
    esra = desk(letter, "Esra")
    Letter.objects.filter(pk=letter.pk).update(taken_down_at=letter.published_at)
    assert esra.get(DESK).status_code == 404
    assert esra.post(f"{DESK}en/", form(RIGHT)).status_code == 404


def refused(rule, act):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        act()


def test_the_database_keeps_what_was_published_and_who_may_publish(letter):
    esra, noor = cast.esra(letter), cast.esra(letter, name="Noor")
    text = letter.current.translations.select_related("version").get()
    row = correcting.propose(text, form(RIGHT), by=esra)
    rows = Correction.objects.filter(pk=row.pk)
    published = {"published_by": esra, "published_at": letter.published_at}
    refused("nobody_publishes_their_own_correction", lambda: rows.update(**published))
    refused("what was proposed", lambda: rows.update(body="Other."))
    second = {**form("Two."), "proposed_by": noor}
    one_waits = "one_correction_waits_per_text|letters_correction.translation_id"
    refused(one_waits, lambda: text.corrections.create(**second))
    correcting.publish(text, number=row.pk, by=noor)
    refused("never changes", lambda: rows.update(published_at=None, published_by=None))
    if connection.vendor == "postgresql":
        refused("never deleted", rows.delete)
    draft = publishing.amend(letter).translations.get()
    refused("Only a published text", lambda: draft.corrections.create(**second))


def test_the_text_that_is_read_is_never_saved_over_the_one_that_is_signed(letter):
    esra, noor = cast.esra(letter), cast.esra(letter, name="Noor")
    text = letter.current.translations.select_related("version").get()
    correcting.publish(text, number=correcting.propose(text, form(RIGHT), by=esra).pk, by=noor)
    shown = translating.best_translation(Letter.objects.with_text().get(pk=letter.pk), ["en"])
    assert shown.body == RIGHT
    with pytest.raises(IntegrityError), transaction.atomic():
        shown.save()
