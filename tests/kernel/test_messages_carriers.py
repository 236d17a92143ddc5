"""The real carrier against a real mail server, and its twin beside it: both keep the same promises."""

import pytest
from tests.fakes.carrier import FakeCarrier
from tests.fakes.mail_server import mail_server

from corredor.kernel.messages.carriers import Letter, Smtp, Undeliverable, carrier_for, message_id

LETTER = Letter(
    "meeting:7:person:3", "demo@example.org", "Reunión trimestral", "¿Asistirá usted?\n.\nGracias.\n", "es"
)


class TheRealOne:
    """The mail server's side of the promises."""

    def __init__(self, server):
        self.server, self.carrier = server, Smtp(server.url)

    def refuse(self, code):
        self.server.refuse_recipient = f"{code} no"

    @property
    def taken(self):
        return [(mail["To"], mail["Subject"], mail.get_content()) for mail in self.server.mails]


class TheTwin:
    def __init__(self):
        self.carrier = FakeCarrier()

    def refuse(self, code):
        self.carrier.refusal = code

    @property
    def taken(self):
        return [(letter.to, letter.subject, letter.body) for letter in self.carrier.taken]


@pytest.fixture
def server():
    with mail_server() as server:
        yield server


@pytest.fixture(params=["real", "twin"])
def side(request, server):
    return TheRealOne(server) if request.param == "real" else TheTwin()


def test_a_letter_arrives_as_it_was_written(side):
    side.carrier.hand_over(LETTER)

    to, subject, body = side.taken[0]
    assert (to, subject) == (LETTER.to, LETTER.subject)
    assert body.splitlines() == LETTER.body.splitlines()


@pytest.mark.parametrize("code", [550, 553])
def test_a_mailbox_that_does_not_exist_is_for_ever(side, code):
    side.refuse(code)

    with pytest.raises(Undeliverable, match=str(code)):
        side.carrier.hand_over(LETTER)
    assert side.taken == []


def test_a_full_mailbox_is_for_now(side):
    side.refuse(452)

    with pytest.raises(Exception, match="452") as fault:
        side.carrier.hand_over(LETTER)
    assert not isinstance(fault.value, Undeliverable)


def test_a_letter_refused_for_its_content_is_for_ever(server):
    server.refuse_letter = "554 no"

    with pytest.raises(Undeliverable, match="554"):
        Smtp(server.url).hand_over(LETTER)


def test_a_server_that_is_away_is_for_now():
    with pytest.raises(OSError, match="refused"):
        Smtp("smtp://127.0.0.1:1").hand_over(LETTER)


def test_a_refusal_names_no_address(server):
    server.refuse_recipient = "550 demo@example.org is unknown"

    with pytest.raises(Undeliverable) as refusal:
        Smtp(server.url).hand_over(LETTER)
    assert "@" not in str(refusal.value)


def test_a_repeat_carries_the_same_message_id(server):
    for _ in range(2):
        Smtp(server.url).hand_over(LETTER)

    first, second = (mail["Message-ID"] for mail in server.mails)
    assert first == second == message_id(LETTER.key)
    assert message_id("another") != first
    assert "meeting" not in first, "the key stays at home"


def test_mails_say_that_a_machine_wrote_them_and_in_which_language(server):
    Smtp(server.url).hand_over(LETTER)

    assert server.mails[0]["Auto-Submitted"] == "auto-generated"
    assert server.mails[0]["Content-Language"] == "es"


def test_a_demo_never_mails_its_invented_people(settings):
    settings.SMTP_URL = "smtp://mail.example.org"
    assert isinstance(carrier_for("mail"), Smtp)

    settings.IS_DEMO = True

    assert carrier_for("mail") is None


def test_without_a_server_nothing_carries_mail(settings):
    settings.SMTP_URL = ""

    assert carrier_for("mail") is None
    assert carrier_for("sms") is None
