import io

import pytest

from config.wsgi import application, plain
from tests import cast


def ask(path, content_type, *, method="GET", query="", body=b"", **environ):
    said = []
    environ |= {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(), "REMOTE_ADDR": "127.0.0.1", "wsgi.version": (1, 0),
    }  # fmt: skip
    answer = application(environ, lambda status, headers: said.append(status))
    b"".join(answer)
    return int(said[0][:3])


@pytest.mark.django_db(transaction=True)  # the way in closes connections as it does in life
@pytest.mark.parametrize(
    "charset", ["hex", "rot13", "idna", "zlib", "base64", "punycode", "unicode_escape", "x"]
)
def test_what_a_request_says_of_its_encoding_breaks_nothing(charset):
    cast.clean_rivers()
    form = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\nada@okoye.example\r\n--b--\r\n'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    assert ask("/letters/clean-rivers/signatories/", f"text/html; charset={charset}", query="q=%ff") == 200
    assert ask("/letters/clean-rivers/resend/", kind, method="POST", body=form) == 303
    assert ask("/m/", "text/html; x*=idna''%ff%fe") == 200


@pytest.mark.django_db(transaction=True)  # the way in closes connections as it does in life
@pytest.mark.parametrize("cookie", ['sid="aaaaaaaaaaaa\\000"', "sid=\x00aaaaaaaaaaa", "sid=" + "a" * 5000])
def test_a_cookie_that_names_no_session_is_none(cookie):
    assert ask("/desk/", "", HTTP_COOKIE=cookie) == 302


def test_a_form_keeps_its_boundary():
    assert plain("multipart/form-data; charset=hex; boundary=x1") == "multipart/form-data; boundary=x1"
    assert plain("application/x-www-form-urlencoded") == "application/x-www-form-urlencoded"
    assert plain("") == ""
