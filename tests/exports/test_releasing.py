"""One asks for a list, another approves just that file, and it leaves once."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Trail
from exports import building
from exports.models import Export, Piece, State
from letters.models import Letter, Role
from signatories import signing
from signatories.enrolled import enrolling
from signatories.models import Signature, Visibility
from tests import cast
from tests.exports.conftest import staff

pytestmark = pytest.mark.django_db


def file_of(answer):
    return b"".join(answer.streaming_content)


def lines_of(file):
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


def approved(ask, post, dunya, **changes):
    export = ask(**changes)
    assert post(dunya, export, "approve", sha256=export.sha256).status_code == 302
    export.refresh_from_db()
    return export


class TestTheWayOut:
    def test_t27_one_asks_another_approves_and_the_file_of_that_hash_leaves(self, ask, post, esra, dunya):
        export = approved(ask, post, dunya)
        answer = post(esra, export, "take")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        name = f"clean-rivers-press-{export.pk}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
        file = file_of(answer)
        assert hashlib.sha256(file).hexdigest() == export.sha256
        _head, bela, foot = lines_of(file)
        assert bela[:3] == ["1", "person", "Bela Horvát"]
        assert foot[0] == name

    def test_t27_who_took_what_and_why_is_on_the_trail(self, ask, post, esra, dunya):
        export = approved(ask, post, dunya)
        post(esra, export, "take")
        lines = list(Trail.objects.filter(about_type="exports.export").order_by("pk"))
        assert [line.what for line in lines] == [
            "export proposed", "export built", "export approved", "exported",
        ]  # fmt: skip
        assert [line.who for line in lines] == [esra.user, esra.user, dunya.user, esra.user]
        assert all(line.letter == export.letter_id for line in lines)
        last = lines[-1].detail
        assert (last["rows"], last["sha256"], last["why"]) == (1, export.sha256, export.why)

    def test_t27_at_risk_who_has_the_role_since_today_is_no_second_person(self, ask, post, dunya, letter):
        export = ask()
        Letter.objects.filter(pk=letter.pk).update(risk=Letter.Risk.AT_RISK)
        Role.objects.filter(user=dunya.user).update(given_at=timezone.now())
        answer = post(dunya, export, "approve", sha256=export.sha256)
        assert answer.status_code == 409 and "less than three days" in answer.content.decode()
        assert Export.objects.get().approved_at is None
        Role.objects.filter(user=dunya.user).update(given_at=timezone.now() - timedelta(days=4))
        assert post(dunya, export, "approve", sha256=export.sha256).status_code == 302

    def test_t27_every_owner_is_told_at_each_step(self, ask, post, esra, dunya, letter, mails, settings):
        settings.EMAIL_BACKEND = "outbox.backends.OutboxBackend"
        staff("fadi", Role.Kind.OWNER, letter)
        export = approved(ask, post, dunya)
        post(esra, export, "take")
        told = [mail for mail in mails() if mail.subject.startswith("Export ")]
        names = ("dunya", "esra", "fadi")
        assert sorted(mail.to for mail in told) == [
            f"{name}@desk.example" for name in names for _ in range(3)
        ]
        assert all(export.sha256 in mail.text and "Bela" not in mail.text for mail in told)

    def test_who_asked_is_not_asked_to_approve(self, ask, mailoutbox):
        number = ask().pk
        told = {mail.to[0]: mail for mail in mailoutbox}
        assert told["dunya@desk.example"].subject == f"Export {number} waits for approval"
        assert "then approve it, or cancel it" in told["dunya@desk.example"].body
        assert told["esra@desk.example"].subject == f"Export {number} is built"
        assert "you need do nothing" in told["esra@desk.example"].body

    def test_who_is_alone_is_told_that_nobody_can_approve(self, ask, dunya, mailoutbox):
        dunya.user.roles.all().delete()
        number = ask().pk
        assert [mail.to for mail in mailoutbox] == [["esra@desk.example"]]
        assert mailoutbox[0].subject == f"Export {number}: nobody can approve it yet"
        assert "Invite somebody at the desk" in mailoutbox[0].body

    def test_t27_a_second_time_takes_a_new_approval(self, ask, post, esra, dunya):
        export = approved(ask, post, dunya)
        first = file_of(post(esra, export, "take"))
        answer = post(esra, export, "take")
        assert answer.status_code == 410
        assert "leaves once" in answer.content.decode()
        post(dunya, export, "approve", sha256=export.sha256)
        assert file_of(post(esra, export, "take")) == first

    def test_t27_after_half_an_hour_it_is_closed(self, ask, post, esra, dunya):
        export = approved(ask, post, dunya)
        almost, over = (timezone.now() - timedelta(minutes=minutes) for minutes in (29, 31))
        Export.objects.update(approved_at=over)
        assert post(esra, export, "take").status_code == 410
        Export.objects.update(approved_at=almost)
        assert post(esra, export, "take").status_code == 200

    def test_nothing_leaves_unapproved(self, ask, post, esra):
        export = ask()
        assert post(esra, export, "take").status_code == 410
        assert not Trail.objects.filter(what="exported").exists()

    @pytest.mark.parametrize("profile, names", [("press", ["Bela"]), ("government", ["Bela", "Rosa"])])
    def test_asvs36_a_list_tells_what_its_profile_may_know(self, ask, post, esra, dunya, profile, names):
        export = approved(ask, post, dunya, profile=profile, format="json")
        told = json.loads(file_of(post(esra, export, "take")))
        assert told["export"] == export.name
        assert [row["name"].split()[0] for row in told["signatories"]] == names


class TestTheSecondPerson:
    def test_t27_nobody_approves_what_they_asked_for(self, ask, post, esra):
        export = ask()
        assert post(esra, export, "approve", sha256=export.sha256).status_code == 403
        export.refresh_from_db()
        assert export.state == State.BUILT

    def test_t27_nor_does_the_database_let_them(self, ask):
        export = ask()
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.update(
                state=State.APPROVED, approved_by=export.proposed_by, approved_at=timezone.now()
            )

    def test_t27_only_a_passkey_shown_minutes_ago_approves(self, ask, post, letter):
        export = ask()
        late = staff("gul", Role.Kind.OWNER, letter, minutes_ago=6)
        by_app = staff("hana", Role.Kind.OWNER, letter, by=Authenticator.Type.TOTP)
        for client in (late, by_app):
            assert post(client, export, "approve", sha256=export.sha256).status_code == 302
        export.refresh_from_db()
        assert export.state == State.BUILT

    @pytest.mark.parametrize("sha256", ["", "0" * 64])
    def test_t27_another_hash_is_not_approved(self, ask, post, dunya, sha256):
        export = ask()
        assert post(dunya, export, "approve", sha256=sha256).status_code == 409
        export.refresh_from_db()
        assert export.state == State.BUILT

    def test_an_export_of_another_letter_is_not_found(self, ask, post):
        export = ask()
        other = staff("ilse", Role.Kind.OWNER, cast.quiet_streets())
        for act in ("approve", "take", "cancel"):
            place = f"/desk/letters/quiet-streets/exports/{export.pk}/{act}/"
            assert other.post(place, {"sha256": export.sha256}).status_code == 404


class TestWhatChangesAfterApproval:
    def test_t27_whoever_takes_their_signature_back_is_not_in_it(self, ask, post, esra, dunya, letter):
        export = approved(ask, post, dunya, profile="government")
        signing.withdraw(Signature.objects.get(visibility=Visibility.RECIPIENT))
        file = file_of(post(esra, export, "take"))
        assert [line[2] for line in lines_of(file)[1:-1]] == ["Bela Horvát"]
        export.refresh_from_db()
        assert (export.rows, export.taken_rows) == (2, 1)
        assert export.taken_sha256 == hashlib.sha256(file).hexdigest() != export.sha256
        detail = Trail.objects.get(what="exported").detail
        assert (detail["sha256"], detail["approved_sha256"]) == (export.taken_sha256, export.sha256)

    def test_t27_who_signs_later_is_not_in_it(self, ask, post, esra, dunya, letter):
        export = approved(ask, post, dunya)
        cast.confirmed(letter, name="Zoe Late", email="zoe@mail.example")
        enrolling.enrol(at_once=True)
        assert "Zoe" not in file_of(post(esra, export, "take")).decode("utf-8-sig")

    def test_t27_anything_else_that_has_changed_leaves_nothing(self, ask, post, esra, dunya):
        export = approved(ask, post, dunya)
        Export.objects.update(profile="government", sha256="1" * 64)
        answer = post(esra, export, "take")
        assert answer.status_code == 409
        assert "Bela" not in answer.content.decode()
        export.refresh_from_db()
        assert export.taken_at is None


class TestTheEnd:
    def test_t30_what_is_kept_is_sealed(self, ask):
        ask()
        assert b"Bela" not in bytes(Piece.objects.get().lines)

    def test_after_three_days_the_list_is_destroyed(self, ask):
        export = ask()
        assert building.expire() == 0
        assert building.expire(timezone.now() + timedelta(days=3, minutes=1)) == 1
        export.refresh_from_db()
        assert (export.state, export.key) == (State.EXPIRED, None)
        assert not Piece.objects.exists()

    def test_cancelling_destroys_it_too(self, ask, post, esra, dunya):
        export = approved(ask, post, dunya)
        post(dunya, export, "cancel")
        assert not Piece.objects.exists()
        assert post(esra, export, "take").status_code == 410
        assert post(dunya, export, "approve", sha256=export.sha256).status_code == 409
        assert (
            "over already"
            in esra.post(
                f"/desk/letters/clean-rivers/exports/{export.pk}/cancel/", follow=True
            ).content.decode()
        )
