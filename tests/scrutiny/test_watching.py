import pytest

from scrutiny import watching
from scrutiny.models import Watched

pytestmark = pytest.mark.django_db


def claims(name="Ada Okoye", **fields):
    return watching.watch_list().claims(name=name, **fields)


@pytest.mark.parametrize(
    "name",
    [
        "Prof. Ada Okoye", "Dr Ada Okoye", "DR. ADA OKOYE", "Assoc. Prof. Dr. Ada Okoye", "Senator Ada Okoye",
        "Major Ada Okoye", "The Judge Ada Okoye", "Prime Minister Ada Okoye", "Ada Okoye, MP",
        "Ada Okoye, Ph.D.", "Général Ada Okoye", "الدكتور أحمد السالم", "دکتر حمید رحیمی",
        "ډاکټر حمید", "ڈاکٹر فاطمہ ملک",
    ],
)  # fmt: skip
def test_a_title_in_the_name_is_a_claim(name):
    assert claims(name) == {"title"}


@pytest.mark.parametrize(
    "name",
    [
        "Aaron Judge", "Ada Minister", "Drew Major", "Judge", "Ministerio Ada", "Generalis Ada",
        "Drago Ivančić",
        "Profumo Ada", "Wazir Khan", "وزیر محمد", "Qazi Hussain Ahmed", "Sheikh Hasan",
        "M. P. Singh", "Justice Mensah",
    ],
)  # fmt: skip
def test_names_that_only_look_so_are_none(name):
    assert claims(name) == set()


@pytest.mark.parametrize(
    "role",
    [
        "President", "Prime Minister", "Former Minister of Health", "Ambassador to Kabul", "MP",
        "M.P.", "MEP",
        "Judge at the High Court", "General", "Major General (ret.)", "UN High Commissioner for Refugees",
        "Président de la République", "Ministre de l'Intérieur", "Haut-Commissaire", "رئيس الجمهورية",
        "عضو البرلمان", "نخست‌وزیر", "رییس جمهور", "عضو ولسی جرگه", "ولسمشر", "وزیراعظم", "رکن پارلیمنٹ",
    ],
)  # fmt: skip
def test_an_office_as_role_or_affiliation_is_a_claim(role):
    assert claims(role=role) == {"office"}
    assert claims(affiliation=role) == {"office"}


@pytest.mark.parametrize(
    "role",
    [
        "Secretary General", "General practitioner", "Secrétaire général", "Professor of Law",
        "Dr.", "Teacher",
        "Ministry of Health", "Presidential Studies", "سیکرٹری جنرل", "رئيس التحرير", "Judging coach",
    ],
)  # fmt: skip
def test_other_roles_are_none(role):
    assert claims(role=role) == set()


def test_the_desk_adds_names_and_takes_words_off(fresh_cache):
    assert claims("ada  OKOYE-Mensah") == set()
    Watched.objects.create(kind="name", text="Ada Okoye")
    Watched.objects.create(kind="title", text="Dr", is_exempt=True)
    Watched.objects.create(kind="office", text="Chief Scout")
    fresh_cache()
    assert claims("ada  OKOYE-Mensah") == {"name"}
    assert claims("Dr. Bela Horvát", role="Chief scout of the county") == {"office"}
    assert claims("Adam Okoye") == set()


def test_texts_without_a_word_match_nothing(fresh_cache):
    Watched.objects.create(kind="name", text="…")
    fresh_cache()
    assert claims("…") == claims("") == set()
