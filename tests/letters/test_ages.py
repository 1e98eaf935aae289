"""How long something waits, in words that nobody stumbles over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.templatetags.pages import age


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "less than a minute"), (59, "less than a minute"), (61, "1 minute")]
)
def test_what_has_just_begun_has_not_waited_for_0_minutes(seconds, words):
    assert age(timezone.now() - timedelta(seconds=seconds)).replace("\xa0", " ") == words
