"""One person of each kind signs; then every page, export, mail, paper and JSON is searched for them all."""

import io
import re
import zlib
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from deliveries import preparing, sending
from outbox import draining
from signatories import moderating, signing, tokens
from signatories.enrolled import enrolling
from signatories.models import Kind, Signature, Visibility
from tests import cast, entering, walking
from tests.postbox import open_postbox

pytestmark = pytest.mark.once

ANYWHERE = {"public", "organisation"}
KINDS = (
    "pending", "deleted", "public", "recipient", "counted", "hidden", "withdrawn", "held", "rejected",
    "erased", "organisation", "awaiting",
)  # fmt: skip
ANNOUNCED = "announced"  # a founding signatory that has not confirmed: no signature at all
LANGUAGES = ("", "/ur", "/prs", "/ps")
# Behind a secret link its owner reads what is theirs
OWN = {"s/": {"pending"}, "m/": {"public"}, "u/": {"public"}, "o/": {ANNOUNCED}}


@dataclass(frozen=True)
class Canary:
    """Somebody whose every word is unlike anybody else's."""

    kind: str

    @property
    def words(self) -> dict[str, str]:
        return {
            "name": f"Canaryname {self.kind}quill",
            "role": f"Canaryrole {self.kind}quill",
            "affiliation": f"Canaryplace {self.kind}quill",
            "organisation": f"Canarygroup {self.kind}quill",
            "email": f"canarybox@{self.kind}quill.example",
        }

    def may_be_told(self) -> set[str]:
        """Which of the words may be told where the canary is shown: no address, nobody who represents."""
        names = (
            {"organisation"}
            if self.kind in {"organisation", "awaiting", ANNOUNCED}
            else {"name", "role", "affiliation"}
        )
        return {self.words[name] for name in names}


@pytest.fixture
def letter(db, settings, tmp_path):
    settings.PDF_CERTIFICATE, settings.OPERATOR_MAY_RELEASE = str(tmp_path / "certificate.p12"), True
    return cast.clean_rivers()


@pytest.fixture
def signed(letter) -> dict[str, Signature]:
    """The signature of each canary."""
    chidi = cast.chidi(letter)
    found = {kind: _sign(letter, Canary(kind), chidi) for kind in KINDS}
    words = Canary(ANNOUNCED).words
    cast.announced(letter, name=words["organisation"], email=words["email"], evidence=words["role"])
    enrolling.enrol(at_once=True)
    return {kind: Signature.objects.filter(pk=row.pk).first() for kind, row in found.items()}


def _sign(letter, canary: Canary, chidi: User) -> Signature:
    kind = canary.kind
    words = dict(canary.words)
    group = words.pop("organisation")
    visibility = {"recipient": Visibility.RECIPIENT, "counted": Visibility.COUNTED}.get(
        kind, Visibility.PUBLIC
    )
    answers = words | {"visibility": visibility, "country": "HU"}
    if kind in {"organisation", "awaiting"}:
        answers |= {
            "kind": Kind.ORGANISATION, "organisation": group, "website": f"https://{kind}quill.example/",
            "affiliation": "",
        }  # fmt: skip
        row = cast.confirmed(letter, **answers)
        return moderating.approve(row, by=chidi) if kind == "organisation" else row
    if kind in {"pending", "deleted"}:
        row = cast.attempt(letter, **answers)
        if kind == "deleted":
            Client().post(f"/s/{tokens.make(tokens.CONFIRM, row)}/", {"act": "delete"})
        return row
    row = cast.confirmed(letter, **answers)
    if kind == "hidden":
        signing.hide(row)
    elif kind == "withdrawn":
        signing.withdraw(row)
    elif kind == "erased":
        signing.erase(row)
    elif kind in {"held", "rejected"}:
        Signature.objects.filter(pk=row.pk).update(held_at=timezone.now(), unsettled_at=timezone.now())
        if kind == "rejected":
            moderating.reject(cast.fresh(row), by=chidi, reason="Not a person.")
    return row


def seen(text: str) -> set[str]:
    """Which kinds of canaries a text tells of, by any of their words."""
    return {kind for kind in (*KINDS, ANNOUNCED) if f"{kind}quill" in text.casefold()}


def check(text: str, allowed: set[str], where: str) -> None:
    """Nobody but the allowed is told of, and of those nothing that nobody may be told."""
    assert seen(text) <= allowed, where
    for kind in (*KINDS, ANNOUNCED):
        canary = Canary(kind)
        for word in set(canary.words.values()) - canary.may_be_told():
            assert word.casefold() not in text.casefold(), f"{where} tells {word}"
    assert "canarybox" not in text, where


@pytest.fixture
def fill_in(letter, signed):
    values = walking.values(
        letter, attempt=signed["pending"], person=signed["public"], organisation=signed["awaiting"]
    )
    return lambda route: walking.fill_in(route, values)


def test_no_public_address_tells_more_than_public_names(fill_in):
    for route in walking.PUBLIC:
        allowed = ANYWHERE | ({ANNOUNCED} if route == "letters/<slug:slug>/" else set())
        behind_link = next((kinds for start, kinds in OWN.items() if route.startswith(start + "<")), None)
        for path in (
            *(f"{prefix}{fill_in(route)}" for prefix in LANGUAGES),
            *asked_otherwise(fill_in(route)),
        ):
            response = Client().get(path)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            text = content.decode(errors="replace") + str(response.headers)  # some are pictures
            if behind_link is None:
                check(text, allowed, path)
            else:
                assert seen(text) <= ANYWHERE | behind_link, path


def asked_otherwise(path: str) -> list[str]:
    return [f"{path}?{query}" for query in ("q=quill", "kind=person", "kind=organisation", "receipt")]


def test_the_search_itself_works(letter, signed):
    text = Client().get("/letters/clean-rivers/signatories/").content.decode()
    assert seen(text) == ANYWHERE
    with pytest.raises(AssertionError):
        check(text + "canarybox@publicquill.example", ANYWHERE, "planted")
    with pytest.raises(AssertionError):
        check(text + "Countedquill", ANYWHERE, "planted")


@pytest.mark.parametrize(
    ("profile", "formats", "told"),
    [
        ("government", ("csv", "json", "pdf"), {"public", "recipient", "organisation"}),
        ("press", ("csv", "json"), {"public", "organisation"}),
        ("archive", ("csv", "json"), {"public", "organisation"}),
        ("internal", ("csv", "json"), {"public", "recipient", "organisation"}),
    ],
)
def test_no_export_tells_more_than_its_profile(profile, formats, told, letter, signed, tmp_path):
    for form in formats:
        file = tmp_path / f"list.{form}"
        call_command("export", letter.slug, profile=profile, format=form, output=file, stdout=io.StringIO())
        text = in_clear(file.read_bytes()) if form == "pdf" else file.read_text()
        assert seen(text) == told, (profile, form)
        check(text, told, f"{profile} {form}")


def test_no_delivery_tells_more_than_the_offices_may_know(letter, signed, settings):
    told = {"public", "recipient", "organisation"}
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        for delivery in preparing.prepare(letter):
            assert sending.send(delivery)
    for mail in postbox.mails:
        text = whole(mail)
        assert seen(text) == told
        check(text, told, "delivery")
    timeline = Client().get("/letters/clean-rivers/").content.decode()
    check(timeline, {*ANYWHERE, ANNOUNCED}, "timeline")


def test_no_mail_holds_a_word_that_somebody_typed(letter, signed, settings):
    with open_postbox() as postbox:
        settings.EMAIL_URL = postbox.url
        draining.drain()
    assert postbox.mails
    for mail in postbox.mails:
        del mail["To"]
        assert "canary" not in whole(mail).casefold()


def whole(mail: EmailMessage) -> str:
    """Everything a mail says: headers, texts, and what is attached."""
    text = str(mail.items())
    for part in mail.walk():
        if not part.is_multipart():
            content = part.get_content()
            text += in_clear(content) if isinstance(content, bytes) else content
    return text


def test_staff_see_who_has_confirmed_and_the_admin_shows_no_sealed_column(fill_in):
    staff = Client()
    entering.enter(staff, User.objects.create_superuser("owner@desk.example", cast.PASSWORD))
    for route in walking.ROUTES:
        if route.startswith("admin/"):
            check(staff.get(fill_in(route)).content.decode(), ANYWHERE, route)
        elif route.startswith(walking.STAFF):
            text = staff.get(fill_in(route)).content.decode()
            assert seen(text) <= {*ANYWHERE, "awaiting", "held", "rejected", "recipient", ANNOUNCED}, route


def in_clear(pdf: bytes) -> str:
    """Every text of a PDF: as it is read, as it is attached, and in its opened streams."""
    reader = PdfReader(io.BytesIO(pdf))
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    texts += [content.decode() for contents in reader.attachments.values() for content in contents]
    texts.append(str(reader.metadata))
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            texts.append(zlib.decompressobj().decompress(stream).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(texts)
