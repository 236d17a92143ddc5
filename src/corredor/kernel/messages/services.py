"""Sending words, and noting how far they came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from corredor.kernel import clock
from corredor.kernel.audit import services as audit
from corredor.kernel.errors import Invalid
from corredor.kernel.jobs import enqueue, job
from corredor.kernel.messages.carriers import Letter, Undeliverable, carrier_for
from corredor.kernel.messages.models import Message
from corredor.kernel.people.models import Person
from corredor.kernel.policy import SYSTEM, Actor

log = structlog.get_logger(__name__)

LANGUAGES = ("es", "en")
BETWEEN_LANGUAGES = "\n\n— — —\n\n"
TRIED_FOR = timedelta(days=2)
KEPT_FOR = timedelta(days=365)
PRIVATE_KEPT_FOR = timedelta(days=1)
LONGEST_SUBJECT = 250
_TELEPHONE = re.compile(r"\+[1-9]\d{6,14}")


class NotTaken(Exception):
    """The carrier does not take this message now; it is tried again."""


Words = Mapping[str, str]
"""The same text in both languages: {"es": …, "en": …}."""


@transaction.atomic
def send(
    *,
    key: str,
    to: Person | str,
    by: Actor = SYSTEM,
    subject: Words | None = None,
    body: Words | None = None,
    template: str = "",
    context: Mapping[str, Any] | None = None,
    channel: str = Message.Channel.MAIL,
    language: str = "",
    country: str | None = None,
    is_private: bool = False,
) -> Message:
    """Send words to a person in the person's language; the same ``key`` sends once.

    To an address they go in the ``language`` given, or in both. Either ``subject`` and ``body`` in both languages, or a text ``template`` whose first line is the subject. ``key``
    names the occasion and the reader by numbers and codes. ``country`` (ISO alpha-3) says whose words these are when
    they are not the forum's; then nobody but the reader sees them. The words leave after the commit. Refuses an
    address that is none.
    """
    sent = Message.objects.filter(key=key).first()
    if sent:
        return sent
    address = to.email if isinstance(to, Person) else _checked(to, channel)
    language = to.language if isinstance(to, Person) else language
    written = _write(language, subject, body, template, context or {})
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "person": to if isinstance(to, Person) else None,
            "address": address,
            "channel": channel,
            "language": language,
            "subject": written[0],
            "body": written[1],
            "country_id": country,
            "is_private": is_private,
            "queued_at": clock.now(),
        },
    )
    if is_new:
        audit.record(by, "sent", message, country=country, channel=channel)
        _let_go(message)
    return message


def _let_go(message: Message) -> None:
    """Ask for the hand-over, or keep the message where no carrier serves its channel."""
    if carrier_for(message.channel):
        enqueue("messages.hand_over", key=str(message.pk), message=message.pk)
        return
    message.kept_at = clock.now()
    message.save(update_fields=["kept_at"])


def _checked(address: str, channel: str) -> str:
    address = address.strip()
    if channel == Message.Channel.SMS:
        if not _TELEPHONE.fullmatch(address):
            raise Invalid({"to": _("A telephone number is written +50412345678, with its country.")})
        return address
    try:
        validate_email(address)
    except ValidationError as fault:
        raise Invalid({"to": fault.messages}) from fault
    return address


def _write(
    language: str, subject: Words | None, body: Words | None, template: str, context: Mapping[str, Any]
) -> tuple[str, str]:
    """Subject and body in one language, or in both, Spanish first."""
    languages = (language,) if language else LANGUAGES
    if template:
        texts = [_render(template, context, language) for language in languages]
    else:
        if body is None:
            raise TypeError("a message has a body in both languages, or a template")
        texts = [((subject or {}).get(language, ""), body[language]) for language in languages]
    subjects = [" ".join(line.split()) for line, _text in texts if line.strip()]
    bodies = [text.strip() + "\n" for _line, text in texts]
    return " · ".join(subjects)[:LONGEST_SUBJECT], BETWEEN_LANGUAGES.join(bodies)


def _render(template: str, context: Mapping[str, Any], language: str) -> tuple[str, str]:
    with translation.override(language):
        first, _newline, rest = render_to_string(template, dict(context)).lstrip().partition("\n")
    return first, rest


@job("messages.hand_over", attempts=200)
def hand_over(*, message: int) -> None:
    """Give a message to its carrier. A fault for now is raised, so that it is tried again for up to two days.

    A worker that dies between the carrier's yes and our note of it hands the message over again, under the same
    Message-ID.
    """
    waiting = Message.objects.filter(pk=message, handed_over_at__isnull=True, failed_at__isnull=True).first()
    if waiting is None:
        return
    carrier = carrier_for(waiting.channel)
    if carrier is None:
        _note(waiting, kept_at=clock.now())
        return
    waiting.attempts += 1
    try:
        carrier.hand_over(
            Letter(waiting.key, waiting.address, waiting.subject, waiting.body, waiting.language)
        )
    except Undeliverable as fault:
        _note(waiting, failed_at=clock.now(), last_fault=str(fault)[:120])
    except Exception as fault:
        is_hopeless = clock.now() - waiting.queued_at >= TRIED_FOR
        _note(waiting, last_fault=type(fault).__name__, **({"failed_at": clock.now()} if is_hopeless else {}))
        if not is_hopeless:
            # A mail server's own words may hold the address; they go no further than this.
            raise NotTaken(waiting.last_fault) from None
    else:
        _note(
            waiting, handed_over_at=clock.now(), last_fault="", **({"body": ""} if waiting.is_private else {})
        )


def _note(message: Message, **news: Any) -> None:
    for name, value in news.items():
        setattr(message, name, value)
    message.save(update_fields=["attempts", *news])


@transaction.atomic
def record_delivery(*, message: Message, arrived: bool, fault: str = "", by: Actor = SYSTEM) -> Message:
    """Note what a gateway or a returned mail reports of a message that was handed over. A later report corrects."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.handed_over_at is None:
        raise Invalid({"message": _("This message has not been handed over yet.")})
    now = clock.now()
    message.delivered_at, message.failed_at = (now, None) if arrived else (None, now)
    message.last_fault = "" if arrived else fault[:120]
    message.save(update_fields=["delivered_at", "failed_at", "last_fault"])
    audit.record(by, "reported", message, country=message.country_id, arrived=arrived)
    return message


@job("messages.erase_old", heavy=True)
def erase_old() -> None:
    """Erase messages after a year, and the words of private ones kept in the outbox after a day."""
    now = clock.now()
    Message.objects.filter(queued_at__lt=now - KEPT_FOR).delete()
    Message.objects.filter(is_private=True, kept_at__lt=now - PRIVATE_KEPT_FOR).exclude(body="").update(
        body=""
    )
