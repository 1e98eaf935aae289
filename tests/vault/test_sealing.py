import os

import pytest

from vault import sealing

OLD, NEW = os.urandom(32), os.urandom(32)


def test_it_gives_back_what_was_sealed():
    sealed = sealing.seal("Zarghona زرغونه", place="app.model.field")
    assert b"Zarghona" not in sealed
    assert sealing.unseal(sealed, place="app.model.field") == "Zarghona زرغونه"


def test_it_seals_equal_texts_differently():
    assert sealing.seal("same", place="p") != sealing.seal("same", place="p")


def test_it_refuses_a_value_moved_to_another_column():
    sealed = sealing.seal("ada@clean.example", place="signatories.signature.email")
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealed, place="signatories.signature.name")


@pytest.mark.parametrize("position", [0, 1, 8, 20, -1])
def test_it_refuses_one_altered_byte(position):
    sealed = bytearray(sealing.seal("text", place="p"))
    sealed[position] ^= 1
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(bytes(sealed), place="p")


def test_it_reads_old_keys_and_writes_with_the_newest():
    sealed = sealing.seal("text", place="p", keys=[OLD])
    assert sealing.unseal(sealed, place="p", keys=[NEW, OLD]) == "text"
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(sealing.seal("text", place="p", keys=[NEW, OLD]), place="p", keys=[OLD])
