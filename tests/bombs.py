"""PDFs of some hundred bytes that claim to be large: what their readers would unpack, or keep."""

import zlib


def of_references(rows: int) -> bytes:
    """A PDF with a table of so many rows, packed: each becomes an object of the reader's."""
    table = zlib.compress(b"\x01\x00\x00\x00" * rows, 9)
    return _pdf(b"/Filter /FlateDecode /W [1 2 1]", rows, table)


def of_nothing(rows: int) -> bytes:
    """A PDF with a table of so many rows of no byte each: nothing in it has to be unpacked."""
    return _pdf(b"/W [0 0 0]", rows, b"")


def _pdf(table_is: bytes, rows: int, table: bytes) -> bytes:
    head = b"%PDF-1.7\n%\x80\x80\x80\x80\n"
    told = b"/Type /XRef /Index [0 %d] /Size %d /Root 1 0 R /Length %d " % (rows, rows, len(table)) + table_is
    stream = b"1 0 obj\n<< " + told + b" >>\nstream\n" + table + b"\nendstream\nendobj\n"
    return head + stream + b"startxref\n%d\n%%%%EOF\n" % len(head)
