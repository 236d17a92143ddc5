"""Mail that others write through Django, such as the pages of sign-in, travels the same road as ours."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils.translation import get_language

from corredor.kernel.messages.services import send
from corredor.kernel.people.models import Person


class AccountMailBackend(BaseEmailBackend):
    """Django's door to the outbox. What comes through it is private: a link to a new password is its reader's alone."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            for address in mail.recipients():
                self._send(mail, address)
        return len(email_messages)

    def _send(self, mail: EmailMessage, address: str) -> None:
        # Already written, in the language of the page; each of these mails is an occasion of its own.
        subject, body = str(mail.subject), str(mail.body)
        send(
            key=f"account:{uuid.uuid4()}",
            to=Person.objects.filter(email__iexact=address).first() or address,
            subject={"es": subject, "en": subject},
            body={"es": body, "en": body},
            language="en" if (get_language() or "es").startswith("en") else "es",
            is_private=True,
        )
