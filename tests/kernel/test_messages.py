from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from tests.factories.people import actor, holder, person
from tests.fakes.carrier import FakeCarrier
from tests.fakes.mail_server import mail_server

from corredor.kernel import clock
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.errors import Invalid, NotFound
from corredor.kernel.jobs import ledger
from corredor.kernel.jobs.models import Job
from corredor.kernel.messages import queries, services
from corredor.kernel.messages.adapters import AccountMailBackend
from corredor.kernel.messages.carriers import Smtp
from corredor.kernel.messages.models import Message
from corredor.kernel.people.queries import actor_of
from corredor.kernel.policy import PUBLIC

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
SUBJECT = {"es": "Reunión del 28 de octubre", "en": "Meeting of 28 October"}
BODY = {"es": "Se espera su aporte.", "en": "Your contribution is awaited."}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carrier(monkeypatch):
    """Mail has a carrier; it is a twin of the real one."""
    carrier = FakeCarrier()
    monkeypatch.setattr(services, "carrier_for", lambda channel: carrier if channel == "mail" else None)
    return carrier


def send(to, key="reminder:7:3", **more):
    return services.send(**({"key": key, "to": to, "subject": SUBJECT, "body": BODY} | more))


def work(now: datetime = NOON) -> None:
    with clock.moved_to(now):
        ledger.hand_over_due(lambda job: ledger.carry_out(job.pk, job.turn, "worker-1"), now)


@pytest.mark.parametrize(("language", "subject"), SUBJECT.items())
def test_a_person_is_written_to_in_the_person_s_language(carrier, language, subject):
    with clock.moved_to(NOON):
        send(person(language=language))
    work()

    assert [letter.subject for letter in carrier.taken] == [subject]
    assert carrier.taken[0].body == BODY[language] + "\n"


def test_an_address_whose_language_is_not_known_gets_both(carrier):
    with clock.moved_to(NOON):
        send("office@example.org")
    work()

    assert carrier.taken[0].subject == "Reunión del 28 de octubre · Meeting of 28 October"
    assert carrier.taken[0].body.index(BODY["es"]) < carrier.taken[0].body.index(BODY["en"])


def test_a_template_gives_subject_and_words(carrier, settings, tmp_path):
    (tmp_path / "reminder.txt").write_text(
        "{% load i18n %}{% get_current_language as code %}{{ code }}: 28/10\n\n{{ name }}\n"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    somebody = person(language="en")
    with clock.moved_to(NOON):
        services.send(key="1", to=somebody, template="reminder.txt", context={"name": "Demo"})

    sent = Message.objects.get()
    assert (sent.subject, sent.body) == ("en: 28/10", "Demo\n")


def test_sending_twice_is_sending_once(carrier):
    somebody = person()
    with clock.moved_to(NOON):
        first, second = send(somebody), send(somebody)
    work()
    work(NOON + timedelta(hours=1))

    assert first == second
    assert len(carrier.taken) == 1
    assert AuditLine.objects.filter(verb="sent").count() == 1


def test_nothing_leaves_when_the_verb_is_undone(carrier):
    somebody = person()
    with clock.moved_to(NOON), transaction.atomic():
        send(somebody)
        transaction.set_rollback(True)
    work()

    assert carrier.taken == []
    assert not Message.objects.exists()


def test_a_line_break_in_a_subject_cannot_add_a_header(carrier):
    with clock.moved_to(NOON):
        send(person(), subject={"es": "Hola\r\nBcc: x@example.org", "en": "Hello"})
    work()

    assert carrier.taken[0].subject == "Hola Bcc: x@example.org"


@pytest.mark.parametrize(
    ("address", "channel"), [("nobody", "mail"), ("a@b", "mail"), ("5041234", "sms"), ("+", "sms")]
)
def test_an_address_that_is_none_is_refused(address, channel):
    with pytest.raises(Invalid) as refusal:
        send(address, channel=channel)
    assert "to" in refusal.value.fields


def test_without_a_carrier_a_message_is_kept_in_the_outbox():
    with clock.moved_to(NOON):
        kept = send("+50412345678", channel="sms")

    assert kept.state == Message.State.KEPT
    assert not Job.objects.exists()


def test_queued_handed_over_and_delivered_keep_their_own_times(carrier):
    with clock.moved_to(NOON):
        message = send(person())
    assert message.state == Message.State.QUEUED
    with pytest.raises(Invalid):
        services.record_delivery(message=message, arrived=True)

    work(NOON + timedelta(minutes=1))
    message.refresh_from_db()
    assert message.state == Message.State.HANDED_OVER
    with clock.moved_to(NOON + timedelta(minutes=2)):
        message = services.record_delivery(message=message, arrived=True)

    assert message.state == Message.State.DELIVERED
    minutes = [moment - NOON for moment in (message.queued_at, message.handed_over_at, message.delivered_at)]
    assert minutes == [timedelta(minutes=n) for n in range(3)]


def test_a_returned_mail_is_failed_though_it_was_handed_over(carrier):
    with clock.moved_to(NOON):
        message = send(person())
    work()

    message = services.record_delivery(message=message, arrived=False, fault="5.1.1")

    assert (message.state, message.last_fault) == (Message.State.FAILED, "5.1.1")


def test_a_mail_server_that_is_away_is_tried_again_until_it_is_back(carrier):
    carrier.refusal = 421
    with clock.moved_to(NOON):
        send(person())
    for minutes in (0, 1, 5, 20):
        work(NOON + timedelta(minutes=minutes))
    assert queries.waiting() == 1

    carrier.refusal = 0
    work(NOON + timedelta(hours=3))

    message = Message.objects.get()
    assert (message.state, message.attempts, message.last_fault) == (Message.State.HANDED_OVER, 5, "")
    assert len(carrier.taken) == 1


def test_after_two_days_of_trying_a_message_has_failed(carrier):
    carrier.refusal = 421
    with clock.moved_to(NOON):
        send(person())
    for hours in range(0, 50, 7):
        work(NOON + timedelta(hours=hours))

    message = Message.objects.get()
    assert (message.state, message.last_fault) == (Message.State.FAILED, "ConnectionError")
    assert queries.waiting() == 0
    assert Job.objects.get().done_at, "nothing is left to be done"


def test_a_mailbox_that_does_not_exist_is_not_tried_again(carrier):
    carrier.refusal = 550
    with clock.moved_to(NOON):
        send(person())
    work()
    work(NOON + timedelta(days=1))

    message = Message.objects.get()
    assert (message.state, message.attempts, message.last_fault) == (Message.State.FAILED, 1, "SMTP 550")


def test_account_mail_travels_the_same_road_and_is_its_reader_s_alone(countries):
    reader, secretariat = holder("delegate", language="en"), actor("secretariat")
    with translation.override("en"):
        AccountMailBackend().send_messages(
            [EmailMessage("Reset", "https://example.org/reset/1", to=[reader.email.upper()])]
        )

    assert [message.subject for message in queries.outbox(actor_of(reader))] == ["Reset"]
    assert queries.outbox(secretariat) == []


def test_account_mail_to_a_stranger_is_in_the_language_of_the_page():
    with translation.override("en"):
        AccountMailBackend().send_messages([EmailMessage("Hello", "Words", to=["stranger@example.org"])])

    sent = Message.objects.get()
    assert (sent.language, sent.subject, sent.body) == ("en", "Hello", "Words\n")


def test_private_words_are_erased_once_they_have_left(carrier):
    with clock.moved_to(NOON):
        message = send(person(), is_private=True)
    work()

    message.refresh_from_db()
    assert carrier.taken[0].body == BODY["es"] + "\n"
    assert message.body == ""


def test_old_messages_are_erased():
    with clock.moved_to(NOON):
        send(person(), key="old")
        send(person(), key="private", is_private=True)

    with clock.moved_to(NOON + timedelta(days=2)):
        services.erase_old()
    assert {message.key: message.body for message in Message.objects.all()} == {
        "old": BODY["es"] + "\n",
        "private": "",
    }
    with clock.moved_to(NOON + timedelta(days=366)):
        services.erase_old()
    assert not Message.objects.exists()


def test_each_role_sees_what_it_may_of_the_outbox(countries):
    delegate, presidency, secretariat = (holder(role) for role in ("delegate", "presidency", "secretariat"))
    send(delegate, key="forum")
    send(delegate, key="honduras", country="HND")
    send(secretariat, key="own", country="HND")

    def seen(reader):
        return {queries.message(reader, row.pk).pk for row in queries.outbox(reader)}

    by_key = dict(Message.objects.values_list("key", "pk"))
    assert seen(actor_of(delegate)) == {by_key["forum"], by_key["honduras"]}
    assert seen(actor_of(presidency)) == {by_key["forum"]}
    assert seen(actor_of(secretariat)) == {by_key["forum"], by_key["own"]}
    assert seen(actor("deputy")) == set()
    assert seen(PUBLIC) == set()
    with pytest.raises(NotFound):
        queries.message(actor_of(presidency), by_key["honduras"])


def test_logs_and_the_audit_hold_no_address(monkeypatch, caplog):
    with mail_server() as server, clock.moved_to(NOON):
        monkeypatch.setattr(services, "carrier_for", lambda channel: Smtp(server.url))
        message = send(person())
        server.refuse_recipient = f"452 the mailbox of {message.address} is full"
        work()

    assert "SMTPRecipientsRefused" in caplog.text, "the fault is logged"
    assert message.address not in caplog.text + str(list(AuditLine.objects.values()))
    assert Message.objects.get().last_fault == "SMTPRecipientsRefused"


def test_a_mail_taken_by_a_server_that_then_hangs_up_is_recognised_as_a_repeat(monkeypatch):
    with mail_server() as server, clock.moved_to(NOON):
        monkeypatch.setattr(services, "carrier_for", lambda channel: Smtp(server.url))
        send(person())
        server.hangs_up_after_taking = True
        work()
        server.hangs_up_after_taking = False
        work(NOON + timedelta(minutes=1))

    assert len(server.mails) == 2
    assert len({mail["Message-ID"] for mail in server.mails}) == 1
    assert Message.objects.get().state == Message.State.HANDED_OVER
