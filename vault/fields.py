"""A model field whose value is sealed before it reaches the database."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from vault import sealing


class SealedTextField(models.BinaryField):
    """Text, encrypted at rest; None stays NULL. It can be looked up by `isnull` only.

    Equal texts seal to different bytes, so a comparison in SQL would quietly find
    nothing: it raises FieldError instead. Find rows by a blind index.
    """

    description = "Encrypted text"
    _pyi_private_set_type: str  # type: ignore[assignment]  # text goes in and comes out
    _pyi_private_get_type: str  # type: ignore[assignment]

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = sealing.seal(value, place=self.place)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else sealing.unseal(value, place=self.place)

    def as_sealed(self, name: str) -> models.Expression:
        """The value as the database holds it, looked up by `name`: for who unseals many with an opener."""
        return models.ExpressionWrapper(models.F(name), models.BinaryField())

    def opener(self) -> Callable[[bytes | None], str]:
        """What gives the texts of many values as they are sealed; of none, an empty one."""
        unseal = sealing.opener(place=self.place)
        return lambda sealed: "" if sealed is None else unseal(bytes(sealed))

    def to_python(self, value: Any) -> str | None:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it can be looked up by isnull only.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise NotImplementedError("Sealed fields are not serialised in clear.")
