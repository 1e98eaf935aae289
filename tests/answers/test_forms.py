"""Who answers for an office is named as strictly as who signs."""

import pytest
from django.test import Client

from answers.models import Answer

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def answered(link, **facts: str):
    return Client().post(link, {"act": "answer", "text": "We will act.", "language": "en"} | facts)


@pytest.mark.parametrize("field", ["name", "role"])
@pytest.mark.parametrize("said", ["Qadri \u202egpj.exe", "Qad\u200bri", "Qadri www.evil.example/x"])
def test_no_sign_turns_or_hides_who_answers(link, field, said):
    assert answered(link, **{field: said}).status_code == 422
    assert not Answer.objects.exists()


@pytest.mark.parametrize("name", ["N. Qadri", "Press Office, No. 3", "محمد قادری", ""])
def test_a_person_or_a_part_of_the_office_is_named(link, name):
    assert answered(link, name=name, role="Head of Unit 4").status_code == 200
    row = Answer.objects.get()
    assert (row.name, row.role) == (name, "Head of Unit 4")
