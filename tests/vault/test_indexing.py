import pytest

from vault.indexing import address_index, blind_index, canonical_email


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Ada.Okoye+news@GMAIL.com", "adaokoye@gmail.com"),
        ("ada@googlemail.com", "ada@gmail.com"),
        ("a.da+x@proton.me", "a.da@proton.me"),
        ("a.da+x@union.example", "a.da+x@union.example"),
        (" Ada@Union.Example ", "ada@union.example"),
    ],
)
def test_it_knows_one_mailbox_by_its_spellings(written, canonical):
    assert canonical_email(written) == canonical
    assert address_index(written) == address_index(canonical)


def test_it_keeps_purposes_apart():
    assert blind_index("address", "x") != blind_index("organisation", "x")
