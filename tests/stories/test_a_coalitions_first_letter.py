"""One letter from the first owner to the second signature of an organisation, each page in a real browser.

The shorter stories look closely at each of these steps; this one sees that they fit together.
"""

import re
import zipfile

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from exports import building
from exports.models import Export
from organisations import tasks
from signatories.judging import suspecting
from signatories.models import Signature
from tests import cast
from tests.box import Box
from tests.nameserver import Server
from updates import mailing

pytestmark = pytest.mark.django_db(transaction=True)

PHRASE = "a-new-phrase-of-many-words"
DESK = "/desk/letters/open-wells/"
UNION, UNIONS_MAIL = "Harbour Workers' Union", "harbour.workers@gmail.com"


@pytest.fixture
def box(settings, tmp_path, site):
    return Box(settings, tmp_path / "box")


@pytest.fixture
def zone(settings):
    """Mail for the union's provider has a place; that the union publishes anything comes later."""
    names = {("com", "NS"): ["a.gtld.test."], ("gmail.com", "MX"): ["5 mx.gmail.com."]}
    server = Server(names)
    settings.MAIL_DOMAINS_LOOKED_UP, settings.DNS_SERVERS = True, [server.place]
    yield names
    server.close()


@pytest.fixture
def people(browser, browser_context_args):
    """Three people, each in a browser with a passkey reader, on whose pages no script breaks."""
    complaints, contexts = [], []

    def person():
        context = browser.new_context(**browser_context_args, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        reader = context.new_cdp_session(page)
        reader.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return page

    yield person(), person(), person()
    for context in contexts:
        context.close()
    assert complaints == []


class Desk:
    """A browser at the site, and how its owner gets in and proves to be there."""

    def __init__(self, page, site, box):
        self.page, self.site, self.box = page, site, box

    def go(self, path):
        self.page.goto(self.site + path)

    def press(self, name):
        """Press a button, after proving to be there where that is asked for first."""
        self.page.get_by_role("button", name=name).click()
        if "reauthenticate" in self.page.url:
            self.page.get_by_role("button", name="Use a passkey or key").click()
            self.page.get_by_role("button", name=name).click()

    def follow(self, name):
        self.page.get_by_role("link", name=name).click()

    def fill(self, **fields):
        for name, words in fields.items():
            self.page.locator(f"#id_{name}").fill(words)

    def reads(self, words):
        expect(self.page.get_by_text(words).first).to_be_visible()

    def set_up(self, address):
        """From the mailed link to a passkey, and in by it."""
        self.go(self.box.link())
        self.fill(password1=PHRASE, password2=PHRASE)
        self.page.locator("main form button[type=submit]").first.click()
        self.go("/desk/")
        self.fill(login=address, password=PHRASE)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.fill(code=self.box.code())
        self.press("Go on")
        self.follow("Add a passkey or key")
        self.page.get_by_label("Name").fill("Blue key")
        self.page.get_by_label("Passwordless").check()
        self.press("Add it")
        self.follow("to the desk")
        self.follow("Sign out")
        self.press("Sign out")
        self.press("Sign in with a passkey")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Your letters")


@pytest.fixture
def desks(people, site, box):
    return [Desk(page, site, box) for page in people]


def write(esra):
    """Text, translation, office, author and contact, from a blank page."""
    esra.follow("Begin a letter")
    esra.fill(title="Open Wells", slug="open-wells")
    esra.press("Begin")
    esra.fill(body="We ask for *claen* water.")
    esra.press("Save")
    esra.follow("Add an office")
    esra.fill(office="Ministry of Water", address="water@lowmere.example")
    esra.press("Save")
    esra.follow("Add an organisation")
    esra.fill(name="River Watch")
    esra.press("Save")
    esra.follow("Change")
    esra.fill(contact="hosts@river-watch.example")
    esra.press("Save")
    esra.page.get_by_label("Another language").select_option("ur")
    esra.press("Translate")
    esra.fill(title="کھلے کنویں", body="ہم صاف پانی مانگتے ہیں۔")
    esra.press("Save")


def invite(esra, *, name, address, kind):
    esra.go(f"{DESK}people/")
    esra.fill(email=address, name=name)
    esra.page.locator("#id_kind").select_option(kind)
    esra.press("Give the role")
    esra.reads(f"{name} has the role now")


def publish(esra, dunya):
    dunya.go(f"{DESK}draft/")
    dunya.press("I have compared it")
    esra.go(f"{DESK}draft/")
    esra.press("Propose it for publication")
    dunya.go(f"{DESK}draft/")
    dunya.press("Publish")
    dunya.reads("From now on the text never changes")


def sign_for_the_union(esra, ines, box):
    """Invited at the desk, signed by the private link, confirmed from the mail."""
    esra.go(f"{DESK}invitations/")
    esra.page.get_by_label("Organisations, one a line").fill(f"{UNION}, {UNIONS_MAIL}, en, PT")
    esra.press("Look at the list")
    esra.press("Send the invitations")
    ines.go(box.link())
    ines.fill(name="Ines Duarte", email=UNIONS_MAIL, website="www.harbour-workers.org")
    ines.page.locator("input[name=visibility][value=public]").check()
    ines.page.locator("#id_authorised").check()
    ines.page.locator("#id_updates").check()
    ines.page.locator("#id_consent").check()
    ines.page.get_by_role("button", name="Sign", exact=True).click()
    expect(ines.page).to_have_url(re.compile("/check-your-email/$"))
    ines.go(box.link())
    ines.press("Confirm my signature")


def clear_the_queue(dunya):
    """Three keys for three rows, and one for what was a mistake."""
    left = dunya.page.locator("#waiting .number")
    dunya.go(f"{DESK}queue/")
    expect(left).to_have_text("3")
    dunya.page.keyboard.press("a")
    expect(left).to_have_text("2")
    dunya.page.keyboard.press("u")
    expect(left).to_have_text("3")
    for number in ("a", "a", "a"):
        dunya.page.keyboard.press(number)
    expect(dunya.page.get_by_role("heading", level=1)).to_have_text("Nothing waits")


def verify(dunya, zone):
    """The record that the desk asks for is published, and found."""
    dunya.go("/desk/organisations/")
    dunya.follow(UNION)
    place, text = dunya.page.locator("code.secret").all_inner_texts()
    zone[place, "TXT"] = [f'"{text}"']
    dunya.press("Check now")
    tasks.check()  # as the clock does
    dunya.page.reload()
    dunya.reads("The record is there.")


def take_a_list_out(esra, dunya, directory):
    esra.go(f"{DESK}exports/")
    esra.follow("Ask for a list")
    esra.page.get_by_label("For whom").select_option("press")
    esra.page.get_by_label("Format").select_option("xlsx")
    esra.page.get_by_label("What it is needed for").fill("For the evening paper.")
    esra.press("Look at it")
    esra.press("Propose it")
    assert building.build(Export.objects.get().pk)  # as the worker does
    dunya.go(f"{DESK}exports/")
    dunya.press("Approve this file")
    esra.go(f"{DESK}exports/")
    with esra.page.expect_download() as leaving:
        esra.press("Take it out")
    file = directory / leaving.value.suggested_filename
    leaving.value.save_as(file)
    with zipfile.ZipFile(file) as book:
        rows = book.read("xl/worksheets/sheet1.xml").decode()
    assert UNION in rows
    assert UNIONS_MAIL not in rows


def set_a_slip_right(esra, dunya):
    esra.go(f"{DESK}corrections/")
    esra.follow("Set a slip right: English")
    esra.fill(body="We ask for *clean* water.")
    esra.press("Propose it")
    dunya.go(f"{DESK}corrections/")
    expect(dunya.page.locator("ins")).to_contain_text("clean")
    dunya.press("Publish it")
    dunya.reads("Readers see what differs")


def tell_the_news(esra, dunya, ines, box):
    esra.go(DESK)
    esra.follow("Updates for signers who asked")
    esra.press("Write an update")
    esra.fill(subject="The wells are open", body="They *heard* us.")
    esra.press("Save")
    esra.press("Propose it")
    dunya.page.goto(esra.page.url)
    dunya.press("Have it mailed")
    assert mailing.spread() == 1
    unsubscribe = re.search(r"https?://[^/]+(/\S*u/\S+)", box.text())[1]
    ines.go(unsubscribe)
    ines.press("Send me no more news")
    ines.reads("You will get no more news of this letter")


def sign_the_next_letter(ines, box, manage):
    ines.go(manage)
    ines.follow("Open the organisation's space")
    ines.press("Open the space")
    ines.page.get_by_label("Your e-mail address").fill(UNIONS_MAIL)
    ines.press("Mail me a code")
    ines.page.get_by_label("Code").fill(box.code())
    ines.press("Go on")
    ines.page.get_by_role("link", name=re.compile("^Sign this letter.*Tall Hedges")).click()
    ines.page.get_by_label("I am authorised to sign").check()
    ines.page.get_by_label("I am 16 or older").check()
    ines.press("Sign for the organisation")
    ines.reads("Signed and confirmed.")


def test_from_the_first_owner_to_an_organisations_second_letter(desks, box, zone, clock, tmp_path):
    esra, dunya, ines = desks
    call_command("first_owner", "esra@desk.example", name="Esra Olander", verbosity=0)
    esra.set_up("esra@desk.example")
    write(esra)
    invite(esra, name="Dunya", address="dunya@desk.example", kind="owner")
    dunya.set_up("dunya@desk.example")
    publish(esra, dunya)

    sign_for_the_union(esra, ines, box)
    manage = box.link()
    union = Signature.objects.get()
    letter = union.letter
    suspecting.hold([cast.attempt(letter, email=f"p{n}@people.example") for n in range(2)], reason="Many.")
    clear_the_queue(dunya)
    verify(dunya, zone)
    clock()
    set_a_slip_right(esra, dunya)
    ines.go("/letters/open-wells/signatories/")
    ines.reads(UNION)
    ines.go("/letters/open-wells/versions/")
    expect(ines.page.locator("del")).to_contain_text("claen")

    take_a_list_out(esra, dunya, tmp_path)
    tell_the_news(esra, dunya, ines, box)
    second = cast.letter("tall-hedges", "Tall Hedges")
    sign_the_next_letter(ines, box, manage)
    assert second.signatures.get().organisation_name == UNION
