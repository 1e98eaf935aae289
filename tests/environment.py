"""The environment of a test run, loaded before Django reads its settings (`-p tests.environment`)."""

import os

TEST_KEYS = {
    "SECRET_KEY": "only-for-tests-and-therefore-not-secret-at-all-0123456789",
    "FIELD_KEYS": "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "INDEX_KEY": "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA",
    "TOKEN_KEYS": "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDA",
    "ROLL_KEY": "EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEA",
}

os.environ |= TEST_KEYS | {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "SITE_URL": "http://localhost:8000",
    "DEFAULT_FROM_EMAIL": "Undersigned <letters@undersigned.example>",
    "EMAIL_URL": os.environ.get("TEST_EMAIL_URL", "box:///dev/null"),
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/undersigned"),
    "REDIS_URL": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379"),
}
