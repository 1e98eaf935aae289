"""Every text field holds what was meant to run in others' browsers; then a real one opens everything."""

import io
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pypdf.generic import IndirectObject, NameObject

from accounts.models import User
from deliveries import preparing, sending
from letters import publishing
from letters.models import Author, Letter, Recipient, Translation
from outbox import draining
from signatories import confirming, moderating
from signatories.enrolled import enrolling
from signatories.models import Decision, Kind, Signature
from tests import cast, entering, hostile, walking
from tests.postbox import open_postbox

QUERY = "?" + urlencode(
    dict.fromkeys(("q", "kind", "country", "after", "next", "version"), hostile.BREAKOUTS[0])
)


FILL_IN = """texts => {
    const form = document.querySelector("form.sign-form")
    const typed = form.querySelectorAll("[type=text], [type=email], [type=url], [type=hidden]")
    for (const [place, field] of typed.entries()) field.value = texts[place % texts.length]
    form.submit()
}"""
AT_ONCE = 4


@pytest.fixture(autouse=True)
def nobody_is_found():
    """Here moderators and hosts type the very words that signers do: finding them tells nothing."""


@pytest.fixture
def letter(transactional_db, settings, tmp_path):
    """A letter of hostile words, signed by as many hostile persons and organisations."""
    settings.PDF_CERTIFICATE, settings.OPERATOR_MAY_RELEASE = str(tmp_path / "certificate.p12"), True
    draft = cast.letter("clean-rivers", "Clean Rivers", published=False)
    texts = Translation.objects.filter(version__letter=draft)
    texts.update(
        title=hostile.STRINGS[0],
        summary=" ".join(hostile.STRINGS),
        body="\n\n".join(hostile.STRINGS) + "\n\n" + "\n".join(f"- {text}" for text in hostile.STRINGS),
    )
    Author.objects.filter(letter=draft).update(name=hostile.STRINGS[1], website=f"javascript:{hostile.DO}")
    for recipient, text in zip(Recipient.objects.filter(version__letter=draft), hostile.TAGS, strict=False):
        Recipient.objects.filter(pk=recipient.pk).update(office=text, person=hostile.BREAKOUTS[0])
    Letter.objects.filter(pk=draft.pk).update(contact=f'"{hostile.SHORT}"@x.example')
    publishing.publish(draft)
    return Letter.objects.get(pk=draft.pk)


@pytest.fixture
def owner(letter):
    return User.objects.create_superuser("owner@desk.example", cast.PASSWORD, name=hostile.BREAKOUTS[0])


@pytest.fixture
def signed(letter, owner):
    """Attempts, persons, organisations that stand and that wait, all with hostile words."""
    for number, text in enumerate(hostile.STRINGS):
        hostile_signature(letter, text, number=number, kind=Kind.PERSON)
        group = hostile_signature(letter, text, number=number, kind=Kind.ORGANISATION)
        if number % 2:
            moderating.approve(group, by=owner, reason=text)
    # the names look like no persons', so a moderator has let them all pass
    Signature.objects.filter(kind=Kind.PERSON).update(held_at=None, unsettled_at=timezone.now())
    enrolling.enrol(at_once=True)
    waits = Signature.objects.filter(kind=Kind.ORGANISATION, held_at__isnull=False)
    waits.update(corrected_name=hostile.BREAKOUTS[1], corrected_at=timezone.now())
    Decision.objects.filter(verdict="hold").update(reason=hostile.TAGS[0])
    pending = plant(cast.attempt(letter, email="pending@okoye.example"), hostile.TAGS[0])
    person = Signature.objects.filter(kind=Kind.PERSON, enrolled_at__isnull=False).first()
    return walking.values(letter, attempt=pending, person=cast.fresh(person), organisation=waits.first())


def hostile_signature(letter, text, *, number, kind):
    changes = {"email": f"person{number}@okoye.example", "kind": kind}
    if kind == Kind.ORGANISATION:
        changes |= {"organisation": f"Group {number}", "website": "https://group.example/"}
    return confirming.confirm(plant(cast.attempt(letter, **changes), text))


def plant(row, text):
    words = {"name": text, "role": text, "affiliation": text}
    if row.is_organisation():
        words |= {"organisation_name": text, "website": f"javascript:{hostile.DO}//{text}"}
    Signature.objects.filter(pk=row.pk).update(**words)
    return cast.fresh(row)


@pytest.fixture
def watched(page, context, live_server):
    """A browser that writes down every dialog, complaint about the policy, and request to anybody else."""
    trouble: list[str] = []

    def complain(what, text):
        trouble.append(f"{page.url}: {what}: {text[:200]}")

    def close(dialog):
        complain("dialog", dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    page.on("pageerror", lambda error: complain("error", str(error)))
    page.on("console", lambda line: "Content Security" in line.text and complain("policy", line.text))
    page.on(
        "request",
        lambda request: (
            request.url.startswith(("http:", "https:"))
            and not request.url.startswith(live_server.url)
            and complain("request", request.url)
        ),
    )
    page.trouble = trouble
    return page


def assert_nothing_ran(page) -> None:
    assert page.evaluate("window.owned") is None, page.url
    assert page.trouble == []


def test_t08_no_page_runs_what_somebody_typed(watched, live_server, signed, owner, context):
    staff = Client()
    entering.enter(staff, owner)
    for route in walking.ROUTES:
        is_staff = route.startswith(walking.STAFF)
        context.clear_cookies()
        if is_staff:
            context.add_cookies(
                [
                    {"name": name, "value": m.value, "url": live_server.url}
                    for name, m in staff.cookies.items()
                ]
            )
        path = walking.fill_in(route, signed)
        if not is_a_page((staff if is_staff else Client()).get(path)):
            continue  # whatever its language and query
        for language in ("",) if is_staff else ("", "/ur"):
            for query in ("", QUERY):
                watched.goto(f"{live_server.url}{language}{path}{query}")
                assert_nothing_ran(watched)


def is_a_page(response) -> bool:
    """Whether a browser shows it: neither a file to keep nor an empty answer to the wrong method."""
    return response.status_code != 405 and "Content-Disposition" not in response.headers


def test_t08_the_pages_do_show_what_somebody_typed(client, signed):
    """Otherwise the walk would prove nothing."""
    listed = client.get("/letters/clean-rivers/signatories/?kind=person").content.decode()
    for text in hostile.STRINGS:
        assert text.casefold() not in listed.casefold() or "<" not in text
    assert listed.count("&lt;script&gt;") > 30
    assert listed.count('class="name"') == len(hostile.STRINGS)


def test_t08_the_form_gives_back_what_it_was_sent_as_text(watched, live_server, signed):
    watched.goto(f"{live_server.url}/letters/clean-rivers/")
    for start in range(0, len(hostile.STRINGS), AT_ONCE):
        with watched.expect_navigation():
            watched.evaluate(FILL_IN, hostile.STRINGS[start : start + AT_ONCE])
        assert_nothing_ran(watched)


def test_t08_no_mail_runs_what_somebody_typed(watched, signed, letter, settings):
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        draining.drain()
        for delivery in preparing.prepare(letter):
            sending.send(delivery)
    bodies = [
        part for mail in postbox.mails for part in mail.walk() if part.get_content_type() == "text/html"
    ]
    assert bodies
    for body in {part.get_content() for part in bodies[:: max(1, len(bodies) // 20)]}:
        watched.set_content(body)
        assert_nothing_ran(watched)


def test_t08_no_file_that_leaves_runs_what_somebody_typed(watched, signed, letter, tmp_path):
    for profile in ("government", "press", "archive", "internal"):
        for form in ("csv", "json"):
            file = tmp_path / f"{profile}.{form}.txt"
            call_command(
                "export", letter.slug, profile=profile, format=form, output=file, stdout=io.StringIO()
            )
            watched.goto(file.as_uri())
            assert_nothing_ran(watched)
            if form == "csv":
                cells = file.read_text(encoding="utf-8-sig").splitlines()
                assert not any(cell.lstrip('"').startswith(("=", "+", "@", "\t")) for cell in cells)
    paper = tmp_path / "paper.pdf"
    call_command(
        "export", letter.slug, profile="government", format="pdf", output=paper, stdout=io.StringIO()
    )
    names = set(names_in(PdfReader(paper)))
    assert "/Pages" in names
    assert names.isdisjoint({"/JavaScript", "/JS", "/Launch", "/SubmitForm", "/OpenAction", "/AA"})


def names_in(pdf):
    """Every name in a PDF's objects: their bytes are compressed, and hold any three letters by chance."""
    waiting = [pdf.get_object(IndirectObject(number, 0, pdf)) for number in range(1, pdf.trailer["/Size"])]
    while waiting:
        found = waiting.pop()
        if isinstance(found, NameObject):
            yield found
        elif isinstance(found, dict):
            yield from found
            waiting += found.values()
        elif isinstance(found, list):
            waiting += found
