import pytest
import redis
from django.core.cache import cache
from django.test import Client

from scrutiny import rationing
from scrutiny.models import Limit
from tests import cast

pytestmark = pytest.mark.django_db

LIST = "/letters/clean-rivers/signatories/"
LIMIT = "list_pages_per_network_in_10_minutes"
CROWD = "list_pages_per_crowd_in_10_minutes"


@pytest.fixture(autouse=True)
def one_ten_minutes(monkeypatch):
    monkeypatch.setattr(rationing, "_remembered", {})
    monkeypatch.setattr(rationing.time, "time", lambda: 1_800_000_100.0)


@pytest.fixture
def letter():
    return cast.clean_rivers()


def load(path=LIST, *, ip="192.0.2.7", **more):
    return Client().get(path, REMOTE_ADDR=ip, **more)


def test_t35_the_201st_page_of_names_in_ten_minutes_is_refused(letter):
    cast.bela(letter)
    assert {load().status_code for _ in range(200)} == {200}
    refused = load()
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 600
    assert "Bela" not in refused.content.decode()
    assert load(ip="192.0.2.8").status_code == 200, "others read on"


def test_t35_no_other_address_of_the_list_or_of_the_client_gets_around_it(letter):
    Limit.objects.create(name=LIMIT, value=3)
    for path in (LIST, f"{LIST}?q=a", f"/ur{LIST}"):
        assert load(path, ip="2001:db8::1").status_code == 200
    for path, ip in (
        (LIST, "2001:db8::1"),
        (f"{LIST}?q=other", "2001:db8::2"),
        (f"/ps{LIST}?kind=person", "2001:db8::3"),
    ):
        assert load(path, ip=ip).status_code == 429
    assert load(ip="2001:db8::1", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert Client().head(LIST, REMOTE_ADDR="2001:db8::4").status_code == 429


CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0"


def test_t35_one_browser_uses_up_nothing_of_the_others_behind_the_same_address(letter):
    Limit.objects.create(name=LIMIT, value=3)
    deep = f"{LIST}?q=a"
    chrome, firefox, urdu = (
        {"User-Agent": CHROME, "Accept-Language": "en"},
        {"User-Agent": FIREFOX, "Accept-Language": "en"},
        {"User-Agent": CHROME, "Accept-Language": "ur"},
    )
    assert [load(deep, headers=chrome).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert load(deep, headers=firefox).status_code == 200
    assert load(deep, headers=urdu).status_code == 200
    assert load(f"{LIST}?kind=person", headers=chrome).status_code == 429


def test_t35_no_browser_is_refused_the_beginning_of_the_list(letter):
    Limit.objects.create(name=LIMIT, value=1)
    Limit.objects.create(name=CROWD, value=2)
    assert {load(headers={"User-Agent": CHROME}).status_code for _ in range(5)} == {200}
    assert [load(f"{LIST}?q=a", headers={"User-Agent": CHROME}).status_code for _ in range(2)] == [200, 429]
    assert load(f"{LIST}?q=&kind=", headers={"User-Agent": CHROME}).status_code == 200
    assert [load(headers={"User-Agent": "curl/8.5"}).status_code for _ in range(2)] == [200, 429]


def test_t35_who_pretends_to_be_many_readers_is_refused_too(letter):
    Limit.objects.create(name=CROWD, value=5)
    answers = [load(f"{LIST}?q=a", headers={"User-Agent": f"{CHROME} {n}"}).status_code for n in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert load(headers={"User-Agent": f"{CHROME} 8"}).status_code == 200
    assert load(f"{LIST}?q=a", ip="192.0.2.8").status_code == 200


def test_t35_a_refusal_is_kept_for_nobody(letter):
    Limit.objects.create(name=LIMIT, value=1)
    assert load(f"{LIST}?q=first").status_code == 200
    assert load(f"{LIST}?q=second").status_code == 429
    assert load(f"{LIST}?q=second", ip="192.0.2.8").status_code == 200
    assert load("/letters/clean-rivers/").status_code == 200, "the letter itself is read without end"


def test_after_ten_minutes_the_network_reads_on(letter, monkeypatch):
    Limit.objects.create(name=LIMIT, value=1)
    load()
    assert load().status_code == 429
    monkeypatch.setattr(rationing.time, "time", lambda: 1_800_000_700.0)
    assert load().status_code == 200


def test_while_the_cache_is_away_readers_are_let_through(letter, monkeypatch):
    Limit.objects.create(name=LIMIT, value=1)
    load()

    def away(*_, **__):
        raise redis.ConnectionError

    monkeypatch.setattr(type(cache._connections[cache._alias]), "incr", away)
    assert load().status_code == 200


def test_t35_names_of_persons_stand_on_the_list_alone(letter):
    cast.bela(letter)
    page = load()
    assert "Bela Horvát" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, noarchive"
    for name in ("", "count.json", "roll.json", "roll.txt"):
        answer = load(f"/letters/clean-rivers/{name}")
        assert answer.status_code == 200
        assert "Horv" not in answer.getvalue().decode()


def test_t35_search_engines_may_come_and_read_that_they_shall_not_keep_the_list(letter):
    robots = load("/robots.txt")
    assert robots.status_code == 404 or "signatories" not in robots.content.decode()
