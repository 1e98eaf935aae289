import pytest

from vault.indexing import address_index, blind_index, canonical_email


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Ada.Okoye+news@GMAIL.com", "adaokoye@gmail.com"),
        ("ada@googlemail.com", "ada@gmail.com"),
        ("a.da+x@proton.me", "ada@proton.me"),
        ("a-d_a@pm.me", "ada@proton.me"),
        ("ada+x@hotmail.fr", "ada@hotmail.fr"),
        ("ada@mac.com", "ada@icloud.com"),
        ("ada@ya.ru", "ada@yandex.ru"),
        ("anything@ada.fastmail.com", "ada@fastmail.com"),
        ("a.da@union-fastmail.com", "a.da@union-fastmail.com"),
        ("a.da+x@union.example", "a.da+x@union.example"),
        (" Ada@Union.Example ", "ada@union.example"),
    ],
)
def test_it_knows_one_mailbox_by_its_spellings(written, canonical):
    assert canonical_email(written) == canonical
    assert address_index(written) == address_index(canonical)


def test_it_keeps_purposes_apart():
    assert blind_index("address", "x") != blind_index("organisation", "x")
