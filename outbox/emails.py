"""Mail that Django and allauth render themselves: sealed until it leaves."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from outbox import building
from outbox.building import Attachment, Mail, Nothing
from outbox.models import Message, Rendered

RENDERED = "rendered"


def seal(mail: Mail) -> Rendered:
    """Keep `mail` under lock and key until it has left."""
    content: dict[str, Any] = asdict(mail) | {"headers": dict(mail.headers)}
    for file in content["attachments"]:
        file["content"] = base64.b64encode(file["content"]).decode()
    return Rendered.objects.create(mail=json.dumps(content))


def unseal(rendered: Rendered) -> Mail:
    content: Mapping[str, Any] = json.loads(str(rendered.mail))
    files = [
        Attachment(**file | {"content": base64.b64decode(file["content"])}) for file in content["attachments"]
    ]
    return Mail(**{**content, "attachments": files})


def forget(message: Message, at: datetime) -> None:
    """The mail has left: its text goes."""
    Rendered.objects.filter(pk=message.subject).delete()


@building.message(RENDERED, left=forget)
def rendered(message: Message) -> Mail | Nothing:
    """The mail as it was rendered when it was posted."""
    kept = Rendered.objects.filter(pk=message.subject).first()
    return unseal(kept) if kept else Nothing("its text is gone")
