import uuid

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_cache():
    """Every test has a cache of its own inside the one server that all workers share."""
    cache.key_prefix = uuid.uuid4().hex
