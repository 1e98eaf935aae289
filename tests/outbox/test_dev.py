import itertools

import pytest
from django.core.mail import send_mail
from django.test import Client

from outbox import box, draining, transports

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_home(settings, tmp_path):
    """A developer's machine: DEBUG, and mail goes into a box of its own."""
    settings.DEBUG = True
    settings.ROOT_URLCONF = "tests.outbox.dev_site"
    settings.EMAIL_URL = f"box://{tmp_path / 'mail'}"
    settings.EMAIL_BACKEND = "outbox.backends.OutboxBackend"


def send(count=1, text="Go to http://localhost:8000/s/abc.def, please."):
    for number in range(count):
        send_mail(f"Subject {number}", text, None, [f"ada{number}@mail.example"])
    assert draining.drain() == count


def test_the_newest_mail_stands_first_with_address_and_subject(at_home, client):
    send(3)
    page = client.get("/dev/mail/").content.decode()
    places = [page.index(f"ada{number}@mail.example") for number in (2, 1, 0)]
    assert places == sorted(places)
    assert "Subject 1" in page


def test_two_hundred_mails_stand_on_one_page(at_home, tmp_path):
    with transports.connect() as connection:
        for number in range(205):
            mime = f"To: ada@mail.example\r\nSubject: {number}\r\n\r\nHello".encode()
            connection.send("us@undersigned.example", "ada@mail.example", mime, before_data=lambda: None)
    mails = box.newest()
    assert [mail.subject for mail in mails] == [str(number) for number in range(204, 4, -1)]


def test_a_mail_shows_its_text_and_its_links_can_be_followed(at_home, client):
    send(text="Is 1 < 2?\nGo to http://localhost:8000/s/abc.def, please (or https://other.example/x).")
    mail = box.newest()[0]
    assert mail.links == ["http://localhost:8000/s/abc.def", "https://other.example/x"]
    page = client.get(f"/dev/mail/{mail.id}/").content.decode()
    assert '<a href="http://localhost:8000/s/abc.def">http://localhost:8000/s/abc.def</a>, please' in page
    assert "Is 1 &lt; 2?" in page


@pytest.mark.parametrize("mail_id", ["nothing", "..", "00000000000000000001-aaaaaaaa", "%2e%2e%2fsecret"])
def test_an_unknown_mail_is_not_found(at_home, client, mail_id):
    assert client.get(f"/dev/mail/{mail_id}/").status_code == 404


FROM_ELSEWHERE = [
    {"REMOTE_ADDR": "192.0.2.1"},
    {"REMOTE_ADDR": ""},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_X_FORWARDED_PROTO": "http"},
    {"HTTP_X_FORWARDED_HOST": "localhost"},
]


@pytest.mark.parametrize(
    ("path", "environment"), list(itertools.product(["/dev/mail/", "/dev/mail/x/"], FROM_ELSEWHERE))
)
def test_nobody_but_the_developer_s_own_machine_sees_the_box(at_home, path, environment):
    assert Client(**environment).get(path).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_developer_s_own_machine_does(at_home, address):
    assert Client(REMOTE_ADDR=address).get("/dev/mail/").status_code == 200


def test_without_debug_there_is_no_box(at_home, client, settings):
    settings.DEBUG = False
    assert client.get("/dev/mail/").status_code == 404
