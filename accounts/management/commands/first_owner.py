from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts import inviting


class Command(BaseCommand):
    help = "Makes the first account of a new site and mails it a link to set a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *, email: str, name: str, **options: Any) -> None:
        try:
            validate_email(email)
            inviting.invite_first_owner(email, name=name)
        except ValidationError as error:
            raise CommandError("This is not an e-mail address.") from error
        except inviting.SomebodyWorksHere as error:
            raise CommandError("Somebody works here already; they can invite others.") from error
        self.stdout.write("The link to set a password is on its way.")
