import pytest


def test_the_process_is_up_without_asking_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_when_everything_answers(client):
    response = client.get("/readyz")
    assert response.json()["checks"] == dict.fromkeys(response.json()["checks"], "ok")
    assert response.status_code == 200
