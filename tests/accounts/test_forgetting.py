from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import forgetting, trail
from accounts.models import Trail
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_line_of_the_trail_goes_after_two_years_and_not_before():
    line = trail.record("tested", about=cast.clean_rivers(), by=None)
    assert forgetting.forget() == 0
    Trail.objects.create(
        what="tested", about_type="letters.letter", about_id=1, at=timezone.now() - timedelta(days=750)
    )
    assert forgetting.forget() == 1
    assert list(Trail.objects.all()) == [line]
