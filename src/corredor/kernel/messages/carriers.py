"""How words leave Corredor: a carrier takes a letter, or says whether trying again makes sense."""

from __future__ import annotations

import hashlib
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

SECONDS_TO_ANSWER = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """What a carrier is given: words already in the reader's language, and the key by which a repeat is known."""

    key: str
    to: str
    subject: str
    body: str
    language: str = ""


class Undeliverable(Exception):
    """The carrier will never take this letter; ``str`` holds a code, no address."""


class Carrier(Protocol):
    """Takes letters for one channel."""

    def hand_over(self, letter: Letter) -> None:
        """Return once the letter is taken; raise ``Undeliverable`` for ever, anything else for now."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: ``smtp://user:password@host:587?starttls=yes``, or ``smtps://…`` for TLS from the first byte."""

    url: str

    def hand_over(self, letter: Letter) -> None:
        headers = {"Message-ID": message_id(letter.key), "Auto-Submitted": "auto-generated"}
        if letter.language:
            headers["Content-Language"] = letter.language
        mail = EmailMessage(
            letter.subject,
            letter.body,
            settings.MAIL_FROM,
            [letter.to],
            headers=headers,
            connection=self._connection(),
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            _raise_if_for_ever(max(code for code, _text in refusal.recipients.values()), refusal)
            raise
        except smtplib.SMTPDataError as refusal:
            _raise_if_for_ever(refusal.smtp_code, refusal)
            raise

    def _connection(self) -> EmailBackend:
        parts = urlsplit(self.url)
        is_tls = parts.scheme == "smtps"
        asked = parse_qs(parts.query)
        return EmailBackend(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if is_tls else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_ssl=is_tls,
            use_tls=not is_tls and asked.get("starttls", ["no"])[0] in {"yes", "true", "1"},
            timeout=SECONDS_TO_ANSWER,
        )


def _raise_if_for_ever(code: int, refusal: Exception) -> None:
    """5xx is for ever, 4xx for now (RFC 5321 §4.2.1). A sender or a password refused is ours to mend: for now."""
    if 500 <= code < 600:
        raise Undeliverable(f"SMTP {code}") from refusal


def message_id(key: str) -> str:
    """The same for the same key, so that a mail server and a reader's program recognise a repeat."""
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def carrier_for(channel: str) -> Carrier | None:
    """Who takes letters for a channel; nobody in a demo, whose people are invented, nor where none was named."""
    if channel == "mail" and settings.SMTP_URL and not settings.IS_DEMO:
        return Smtp(settings.SMTP_URL)
    return None
