import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signatories.enrolled import roll


def whole_proof(lines, index):
    """The proof by the definition, over all lines."""
    return [node.hex() for node in roll.path([roll.leaf_hash(line) for line in lines], index)]


def naive_root(lines):
    """RFC 6962, section 2.1, word for word."""
    if not lines:
        return hashlib.sha256(b"").digest()
    if len(lines) == 1:
        return hashlib.sha256(b"\x00" + lines[0].encode()).digest()
    split = 1
    while split * 2 < len(lines):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(lines[:split]) + naive_root(lines[split:])).digest()


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100])
def test_the_frontier_grows_to_the_root_of_the_rfc(size):
    lines = [f"+{number:064x}" for number in range(size)]
    assert roll.root(lines) == naive_root(lines).hex()


def test_a_frontier_goes_on_where_it_was_stored():
    lines = [f"+{number:064x}" for number in range(29)]
    first = roll.Frontier()
    for line in lines[:13]:
        first.append(line)
    second = roll.Frontier(first.size, first.hexes())
    for line in lines[13:]:
        second.append(line)
    assert second.root() == roll.root(lines)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 70), st.data())
def test_every_line_is_proved_and_no_other(size, data):
    lines = [f"+{number:064x}" for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path, root = whole_proof(lines, index), roll.root(lines)
    assert roll.proves(lines[index], index=index, size=size, path=path, root=root)
    assert not roll.proves("+other", index=index, size=size, path=path, root=root)
    assert not roll.proves(lines[index], index=index, size=size, path=[*path, root], root=root)
    if size > 1:
        other = (index + 1) % size
        assert not roll.proves(lines[index], index=other, size=size, path=path, root=root)


def test_a_head_is_signed_and_one_changed_number_is_noticed():
    head = {"letter": "clean-rivers", "version": 1, "size": 3, "root": "00", "at": "2026-11-23T00:00:00Z"}
    head["signature"] = roll.sign_head(head)
    assert roll.is_signed(head, key=roll.public_key())
    assert not roll.is_signed(head | {"size": 4}, key=roll.public_key())
    assert not roll.is_signed({"size": 3}, key=roll.public_key())
