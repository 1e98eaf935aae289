import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signatories.models import Signature
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="only where rows are locked")
def test_what_a_mail_tells_of_is_locked_in_the_order_in_which_confirming_locks_it(mails):
    letter = cast.clean_rivers()
    for _ in range(3):
        cast.ada(letter)
    with CaptureQueriesContext(connection) as queries:
        assert len(mails()) == 1
    statements = [query["sql"] for query in queries]
    [marking] = [number for number, sql in enumerate(statements) if 'SET "mailed_at"' in sql]
    assert statements[marking - 1].startswith('SELECT "signatories_signature"."id" AS "pk" FROM')
    assert statements[marking - 1].endswith("ORDER BY 1 ASC FOR UPDATE")
    assert not Signature.objects.filter(mailed_at=None).exists()
