"""Tokens: shown once, kept as a digest, acting with the mandates of the day, ended at will."""

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.factories.people import holder, person
from tests.interfaces.api.conftest import NOW

from corredor.kernel import clock
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.errors import Invalid, NotFound, NotPermitted
from corredor.kernel.people.queries import actor_of
from corredor.kernel.policy import PUBLIC
from corredor.kernel.tokens import queries, services
from corredor.kernel.tokens.models import Token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("countries")]
ME = "/api/v1/me"


def token_of(somebody, **said) -> tuple[Token, str]:
    return services.create_token(by=actor_of(somebody), **{"name": "report", "days": 30, **said})


def bear(secret: str, path: str = ME):
    return Client().get(path, headers={"Authorization": f"Bearer {secret}"})


def test_only_a_digest_is_kept_and_the_audit_holds_no_word_of_it():
    token, secret = token_of(holder("delegate"))

    kept = " ".join(str(value) for value in Token.objects.filter(pk=token.pk).values_list()[0])
    assert secret not in kept
    assert secret.startswith("corredor_")
    line = AuditLine.objects.get(verb="created_token")
    assert secret[-12:] not in str(line.detail)


def test_it_acts_with_the_mandates_held_that_day():
    somebody = holder("delegate", country="HND")
    _token, secret = token_of(somebody)

    before = bear(secret).json()
    somebody.mandates.update(ends_on=date(2021, 1, 1))
    after = bear(secret).json()

    assert before["capacities"] == [{"role": "delegate", "country": "HND", "organisation": None}]
    assert (before["by_token"], before["reads_only"]) == (True, True)
    assert after["capacities"] == []


def test_a_token_is_the_only_word_about_who_acts():
    delegate, other = holder("delegate"), Client()
    other.force_login(holder("secretariat"))
    _token, secret = token_of(delegate)

    by_token = other.get(ME, headers={"Authorization": f"Bearer {secret}"})
    with_nonsense = other.get(ME, headers={"Authorization": "Basic YTpi"})

    assert by_token.json()["person"] == delegate.pk
    assert with_nonsense.status_code == 401


def test_one_that_only_reads_changes_nothing(corridor, as_token):
    reading = as_token(holder("delegate"), reads_only=True)

    refused = reading.post(
        f"/api/v1/series/{corridor.whole}/notes", '{"text_es": "nota"}', content_type="application/json"
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "token-reads-only")
    assert reading.get("/api/v1/batches").status_code == 200


def test_it_ends_when_it_is_over_revoked_or_its_account_closed():
    somebody = holder("delegate")
    with clock.moved_to(NOW):
        over, old = token_of(somebody, days=1)
        assert bear(old).status_code == 200
    with clock.moved_to(NOW + timedelta(days=1)):
        assert bear(old).status_code == 401
        token, secret = token_of(somebody)
        services.revoke_token(by=actor_of(somebody), token=token.pk)
        services.revoke_token(by=actor_of(somebody), token=token.pk)
        assert bear(secret).status_code == 401
        _third, still = token_of(somebody)
        somebody.is_active = False
        somebody.save()
        assert bear(still).status_code == 401
    assert AuditLine.objects.filter(verb="revoked_token").count() == 1
    assert over.pk != token.pk


def test_invented_people_have_tokens_in_a_demo_only(settings):
    somebody = holder("delegate")
    somebody.is_demo = True
    somebody.save()
    settings.IS_DEMO = True
    _token, secret = token_of(somebody)
    inside = bear(secret).status_code

    settings.IS_DEMO = False

    assert (inside, bear(secret).status_code) == (200, 401)
    with pytest.raises(NotPermitted):
        token_of(somebody)


def test_a_role_that_needs_a_second_step_does_not_act_through_a_token_without_one(settings):
    settings.SECOND_STEP_ROLES = ["delegate"]
    _token, secret = token_of(holder("delegate"))

    assert bear(secret).json()["capacities"] == []


def test_the_day_of_last_use_is_kept():
    with clock.moved_to(NOW):
        token, secret = token_of(holder("delegate"))
        bear(secret)

    token.refresh_from_db()
    assert token.last_used_on == NOW.date()


def test_nobody_ends_another_s():
    token, _secret = token_of(holder("delegate"))

    with pytest.raises(NotFound):
        services.revoke_token(by=actor_of(holder("secretariat")), token=token.pk)
    with pytest.raises(NotPermitted):
        services.revoke_token(by=PUBLIC, token=token.pk)
    with pytest.raises(NotPermitted):
        services.create_token(by=PUBLIC, name="report", days=1)


@pytest.mark.parametrize(("said", "field"), [({"name": " "}, "name"), ({"name": "x" * 81}, "name"), ({"days": 0}, "days"), ({"days": 367}, "days")])  # fmt: skip
def test_what_no_token_can_be_is_refused(said, field):
    with pytest.raises(Invalid) as refused:
        token_of(person(), **said)

    assert list(refused.value.fields) == [field]


def test_a_person_keeps_twenty_at_most():
    somebody = person()
    for _ in range(services.MOST_TOKENS):
        token, _secret = token_of(somebody)

    with pytest.raises(services.TooManyTokens):
        token_of(somebody)
    services.revoke_token(by=actor_of(somebody), token=token.pk)
    assert token_of(somebody)


def test_those_that_ended_long_ago_are_erased():
    with clock.moved_to(NOW):
        ended, _secret = token_of(person(), days=1)
        kept, _secret = token_of(person(), days=60)
    with clock.moved_to(NOW + timedelta(days=92)):
        services.forget_ended()

    assert list(Token.objects.values_list("pk", flat=True)) == [kept.pk]
    assert ended.pk != kept.pk


@pytest.mark.parametrize(
    "secret", ["", "corredor_", "corredor_ñ", "other", "corredor_" + "a" * 5000, "corredor_\udcff"]
)
def test_nonsense_is_nobody_s_token(secret):
    assert queries.bearer(secret) is None
