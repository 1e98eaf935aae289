"""Lists come as people have them."""

import pytest

from invitations import reading

UNION = "Harbour Workers' Union,secretary@harbour-workers.example"


def read(text, language="en"):
    return reading.read(text, language=language)


def told(found):
    return [(row.name, row.email, row.language, row.country) for row in found.rows]


def reasons(text):
    found = read(text)
    assert not found.rows
    return " ".join(reason for wrong in found.wrong for reason in wrong.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "River Watch,office@river-watch.example,ur,PK",
        "River Watch;office@river-watch.example;Urdu;Pakistan",
        "River Watch\toffice@river-watch.example\tاردو\tpk",
        '"River Watch","office@river-watch.example","ur","PK"',
        "\ufeffName,E-mail,Language,Country\r\nRiver Watch, office@river-watch.example ,UR,PK\r\n",
        "country;e-mail address;organisation;remark;language\nPK;office@river-watch.example;River Watch;x;ur",
        "\n\n,,,\nRiver Watch,office@river-watch.example,ur,PK\n;;;\n",
    ],
)
def test_any_separator_order_and_heading_will_do(text):
    found = read(text)
    assert told(found) == [("River Watch", "office@river-watch.example", "ur", "PK")]
    assert not found.wrong


def test_language_and_country_may_be_left_out():
    assert told(read(UNION, language="ps")) == [
        ("Harbour Workers' Union", "secretary@harbour-workers.example", "ps", "")
    ]


@pytest.mark.parametrize("code", ["prs", "fa-AF", "Dari", "دری"])
def test_dari_is_known_by_all_its_names(code):
    assert read(f"{UNION},{code}").rows[0].language == "prs"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_files_of_older_spreadsheets_are_read(encoding):
    content = "Société des Fleuves,bureau@fleuves.example\n".encode(encoding)
    assert read(reading.decode(content)).rows[0].name == "Société des Fleuves"


@pytest.mark.parametrize(
    "line, reason",
    [
        ("River Watch", "e-mail address"),
        ("River Watch,nowhere", "an e-mail address with an @"),
        (",office@river-watch.example", "name"),
        ("River Watch,office@river-watch.example,xx", "“xx”. Known are: en, ur, prs, ps."),
        ("River Watch,office@river-watch.example,en,Atlantis", "no country “Atlantis”"),
        ("=HYPERLINK(1),office@river-watch.example", "like a formula"),
        ("＝1+1,office@river-watch.example", "like a formula"),
        ('"River Watch,office@river-watch.example', "@"),
        ("Paypal www.evil.example,office@river-watch.example", "web addresses"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_words(line, reason):
    assert reason in reasons(line)


@pytest.mark.parametrize("with_evidence", [False, True])
@pytest.mark.parametrize(
    "line, found",
    [
        ("River Union, of Porto, a@b.example", "of Porto"),
        ("River Union;Its board;a@b.example", "Its board"),
        ("River Union,a@b.example;Its board, 3 March", "a@b.example;Its board"),
        ("River Union;a@b.example,Its board", "a@b.example,Its board"),
        ("River Union a@b.example", ""),
    ],
)
def test_a_line_that_is_divided_otherwise_is_told_in_one_wording(line, found, with_evidence):
    (wrong,) = reading.read(line, language="en", with_evidence=with_evidence).wrong
    (reason,) = wrong.reasons
    assert reason.startswith(f"In line 1 stands “{found}” where we look for an e-mail address with an @.")


def test_bad_lines_are_named_by_number_and_good_ones_kept():
    found = read(f"name,email\n{UNION}\nRiver Watch,\n\nLake Watch,office@lake.example")
    assert [row.line for row in found.rows] == [2, 5]
    assert [(wrong.line, wrong.text) for wrong in found.wrong] == [(3, "River Watch,")]


def test_an_address_stands_in_a_list_once_however_it_is_spelled():
    found = read("A Watch,river.watch@gmail.com\nB Watch,RIVERWATCH+x@googlemail.com")
    assert [wrong.reasons for wrong in found.wrong] == [["This address stands in line 1 already."]]
    assert len(found.rows) == 1


def test_an_open_quotation_mark_spoils_one_line_only():
    found = read(f'"River Watch,office@river-watch.example\n{UNION}')
    assert [row.line for row in found.rows] == [2] and [wrong.line for wrong in found.wrong] == [1]


def test_a_thousand_lines_are_read_and_one_more_is_not():
    lines = [f"River Watch {chr(97 + n % 26)},office{n}@river-watch.example" for n in range(1001)]
    assert len(read("\n".join(["name,email", *lines[:1000]])).rows) == 1000
    with pytest.raises(reading.TooLong):
        read("\n".join(lines))
