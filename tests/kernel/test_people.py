from datetime import date

import pytest
from tests.factories.people import actor, holder, person

from corredor.kernel import clock, policy
from corredor.kernel.audit.models import AuditLine
from corredor.kernel.audit.queries import verify
from corredor.kernel.countries.models import Country
from corredor.kernel.errors import Invalid, NotFound, NotPermitted
from corredor.kernel.organisations.models import Organisation
from corredor.kernel.people import queries, services
from corredor.kernel.people.models import Person
from corredor.kernel.people.queries import actor_of
from corredor.kernel.policy import PUBLIC, SYSTEM

pytestmark = pytest.mark.usefixtures("countries")
JANUARY = date(2026, 1, 1)


@pytest.fixture
def secretariat(countries):
    return actor("secretariat")


def audited() -> list[tuple[str, str]]:
    return list(AuditLine.objects.order_by("pk").values_list("chain", "verb"))


def test_an_account_is_opened_without_a_password_and_its_address_in_small_letters(secretariat):
    opened = services.open_account(
        by=secretariat, email=" Demo.Nueva@Example.ORG ", name="Demo  Persona Nueva"
    )

    assert (opened.email, opened.name) == ("demo.nueva@example.org", "Demo Persona Nueva")
    assert not opened.has_usable_password()
    assert audited() == [("FORUM", "opened_account")]


def test_the_same_address_in_other_letters_is_the_same_account(secretariat):
    services.open_account(by=secretariat, email="demo.nueva@example.org", name="Demo Persona")

    with pytest.raises(services.AccountExists):
        services.open_account(by=secretariat, email="DEMO.NUEVA@example.org", name="Demo Persona")


def test_what_cannot_be_an_account_is_refused_field_by_field(secretariat):
    with pytest.raises(Invalid) as refusal:
        services.open_account(
            by=secretariat, email="no address", name=" ", language="fr", zone="Mars/Olympus"
        )

    assert set(refusal.value.fields) == {"email", "name", "language", "zone"}
    assert audited() == []


@pytest.mark.parametrize("role", ["delegate", "presidency", "data_protection_officer", "enforcement"])
def test_only_those_who_manage_accounts_open_close_give_and_end(role):
    by, other = actor(role), holder("deputy")

    for verb in (
        lambda: services.open_account(by=by, email="demo.x@example.org", name="Demo"),
        lambda: services.close_account(by=by, person=other),
        lambda: services.give_mandate(by=by, person=other, role="secretariat", starts_on=JANUARY),
        lambda: services.end_mandate(by=by, mandate=other.mandates.get(), on=JANUARY),
    ):
        with pytest.raises(NotPermitted):
            verb()
    assert audited() == []


def test_a_mandate_of_a_country_is_audited_in_the_country_s_chain(secretariat):
    given = services.give_mandate(
        by=secretariat,
        person=person(),
        role="delegate",
        country=Country.objects.get(iso3="PAN"),
        starts_on=JANUARY,
    )

    assert actor_of(given.person, JANUARY).countries == {"PAN"}
    assert audited() == [("PAN", "gave_mandate")]
    assert verify() == []


def test_a_role_says_for_whom_it_is_held(secretariat):
    with pytest.raises(Invalid) as country:
        services.give_mandate(by=secretariat, person=person(), role="delegate", starts_on=JANUARY)
    with pytest.raises(Invalid) as organisation:
        services.give_mandate(by=secretariat, person=person(), role="receiver", starts_on=JANUARY)
    with pytest.raises(Invalid) as dates:
        services.give_mandate(
            by=secretariat, person=person(), role="secretariat", starts_on=JANUARY, ends_on=date(2025, 12, 31)
        )

    assert (set(country.value.fields), set(organisation.value.fields)) == ({"country"}, {"organisation"})
    assert set(dates.value.fields) == {"ends_on"}


def test_a_country_is_not_kept_with_a_role_that_is_held_for_the_forum(secretariat):
    given = services.give_mandate(
        by=secretariat,
        person=person(),
        role="secretariat",
        country=Country.objects.get(iso3="PAN"),
        starts_on=JANUARY,
    )

    assert given.country is None


def test_the_same_mandate_is_not_given_twice_for_the_same_day(secretariat):
    somebody, panama = person(), Country.objects.get(iso3="PAN")
    give = lambda **dates: services.give_mandate(  # noqa: E731
        by=secretariat, person=somebody, role="delegate", country=panama, **dates
    )
    give(starts_on=JANUARY, ends_on=date(2026, 6, 30))

    with pytest.raises(services.MandateRepeats):
        give(starts_on=date(2026, 6, 30))
    assert give(starts_on=date(2026, 7, 1)).pk


@pytest.mark.parametrize(("first", "second"), [("enforcement", "receiver"), ("field_officer", "enforcement")])
def test_nobody_is_border_authority_and_protection_on_the_same_day(secretariat, first, second):
    somebody = holder(first)
    where = {
        "country": Country.objects.get(iso3="HND"),
        "organisation": Organisation.objects.get(code="unhcr"),
    }

    with pytest.raises(services.MandatesStayApart):
        services.give_mandate(by=secretariat, person=somebody, role=second, starts_on=JANUARY, **where)


def test_nobody_gives_or_ends_a_mandate_of_his_or_her_own():
    manager = holder("secretariat")
    by = actor_of(manager)

    with pytest.raises(services.NotOneself):
        services.give_mandate(by=by, person=manager, role="data_protection_officer", starts_on=JANUARY)
    with pytest.raises(services.NotOneself):
        services.end_mandate(by=by, mandate=manager.mandates.get(), on=clock.today())
    with pytest.raises(services.NotOneself):
        services.close_account(by=by, person=manager)


def test_somebody_who_can_manage_accounts_always_remains():
    only = holder("secretariat")

    with pytest.raises(services.LastManager):
        services.close_account(by=SYSTEM, person=only)
    with pytest.raises(services.LastManager):
        services.end_mandate(by=SYSTEM, mandate=only.mandates.get(), on=clock.today())

    holder("secretariat")
    services.close_account(by=SYSTEM, person=only)
    assert not Person.objects.get(pk=only.pk).is_active


def test_a_mandate_ends_with_its_last_day_and_only_once(secretariat):
    given = holder("delegate").mandates.get()
    today = clock.today()

    services.end_mandate(by=secretariat, mandate=given, on=today)
    given.refresh_from_db()

    assert given.ends_on == today
    with pytest.raises(Invalid):
        services.end_mandate(by=secretariat, mandate=given, on=date(today.year + 1, 1, 1))
    with clock.moved_to(clock.now().replace(year=today.year + 1)), pytest.raises(services.MandateEnded):
        services.end_mandate(by=secretariat, mandate=given, on=today)


def test_a_mandate_that_would_end_before_it_began_is_taken_back(secretariat):
    somebody = person()
    given = services.give_mandate(
        by=secretariat, person=somebody, role="data_protection_officer", starts_on=date(2099, 1, 1)
    )

    services.end_mandate(by=secretariat, mandate=given, on=clock.today())

    assert not somebody.mandates.exists()


def test_a_closed_account_holds_nothing_and_stays_closed(secretariat):
    somebody = holder("delegate")
    somebody.set_password("una frase larga y propia")
    somebody.save()

    services.close_account(by=secretariat, person=somebody)
    somebody.refresh_from_db()

    assert actor_of(somebody) is PUBLIC
    assert not somebody.has_usable_password()
    assert somebody.mandates.get().ends_on == clock.today(somebody.zone)
    assert ("FORUM", "closed_account") in audited()
    with pytest.raises(services.AccountClosed):
        services.close_account(by=secretariat, person=somebody)
    with pytest.raises(services.AccountClosed):
        services.give_mandate(by=secretariat, person=somebody, role="secretariat", starts_on=JANUARY)


def test_people_choose_their_own_language_and_zone():
    me = actor("delegate")

    services.change_profile(by=me, language="en", zone="America/Panama")

    changed = Person.objects.get(pk=me.person_id)
    assert (changed.language, changed.zone) == ("en", "America/Panama")
    with pytest.raises(Invalid):
        services.change_profile(by=me, language="en", zone="Nowhere")
    with pytest.raises(NotPermitted):
        services.change_profile(by=PUBLIC, language="en", zone="UTC")


def test_an_account_is_found_only_by_those_who_manage_and_by_its_holder(secretariat):
    one, other = holder("delegate"), actor("deputy")

    assert queries.account(secretariat, one.pk) == one
    assert queries.account(actor_of(one), one.pk) == one
    with pytest.raises(NotFound):
        queries.account(other, one.pk)
    with pytest.raises(NotFound):
        queries.mandate(other, one.mandates.get().pk)


def test_accounts_are_searched_by_name_and_address(secretariat):
    person(name="Demo Persona Azul", email="demo.azul@example.org")
    person(name="Demo Persona Verde", email="demo.verde@example.org", is_active=False)

    assert [found.name for found in queries.accounts(secretariat, words="persona AZUL")] == [
        "Demo Persona Azul"
    ]
    assert [found.name for found in queries.accounts(secretariat, words="demo.verde")] == [
        "Demo Persona Verde"
    ]
    assert not queries.accounts(secretariat, words="verde", is_active=True).exists()


def test_the_demo_has_one_visibly_invented_person_for_each_role_and_stays_so():
    from corredor.kernel.people.demo import invent_people
    from corredor.kernel.people.roles import ROLES

    invent_people(since=JANUARY)
    invent_people(since=JANUARY)

    assert [mandate.role for mandate in queries.demo_people()] == list(ROLES)
    assert all(mandate.person.name.startswith("Demo Persona") for mandate in queries.demo_people())


def test_what_is_one_s_own_needs_a_person_but_no_role():
    assert policy.can(actor_of(person()), "account.keep_own")
    assert not policy.can(PUBLIC, "account.keep_own")
