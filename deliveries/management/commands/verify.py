from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from deliveries.proofs import bundles, verifying

UNTOLD = 2  # the command's end where nothing was found to be true or false


class Command(BaseCommand):
    help = (
        "Check a dossier, its paper, a receipt, a certificate, a case file or an archive bundle, "
        "offline. Ends with 0 if it is whole and known, with 1 if not, with 2 if that cannot be told: it "
        "cannot be read, its format is not known, or it holds no proof yet."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--keys", type=Path, help="JSON with the keys to trust instead of this site's own"
        )

    def handle(self, *args: Any, file: Path, keys: Path | None = None, **options: Any) -> None:
        trusted = _keys(keys)
        try:
            finding = _verified(file, trusted)
        except verifying.CheckFailed as error:
            raise CommandError(_("Not genuine. %(reason)s") % {"reason": error}) from None
        except verifying.CannotTell as error:
            raise _untold(_("It could not be checked here. %(reason)s") % {"reason": error}) from None
        for sentence in finding.checked:
            self.stdout.write(sentence)
        if not finding.is_known:
            raise CommandError(_("Whole, signer unknown: %(signer)s") % {"signer": finding.signer})
        self.stdout.write(
            _("Whole, and signed by a key that is trusted: %(signer)s") % {"signer": finding.signer}
        )


def _untold(reason: str) -> CommandError:
    return CommandError(reason, returncode=UNTOLD)


def _keys(file: Path | None) -> verifying.Keys:
    if file is None:
        return verifying.own_keys()
    try:
        return verifying.read_keys(_read(file))
    except verifying.KeysUnreadable:
        raise _untold(_("%(file)s holds no keys.") % {"file": file.name}) from None


def _verified(file: Path, keys: verifying.Keys) -> verifying.Finding:
    """A file alone, or the folder of an archive bundle, which may also be named by its manifest."""
    folder = file.parent if file.name == bundles.NAME else file
    if not folder.is_dir():
        return verifying.verify(_read(file), keys=keys)
    try:
        return verifying.verify_folder(folder, keys=keys)
    except OSError as error:
        raise _untold(
            _("%(file)s cannot be read: %(reason)s") % {"file": file.name, "reason": error.strerror}
        ) from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _untold(
            _("%(file)s cannot be read: %(reason)s") % {"file": file.name, "reason": error.strerror}
        ) from None
