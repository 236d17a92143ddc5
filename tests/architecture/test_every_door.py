"""Every address × every role: opened or refused exactly as the policy and the page of roles say.

Nothing is listed here by hand but samples: a new address is walked as soon as it exists, fails without an action, and
fails loudly when it needs an argument that ``samples`` does not give.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.architecture import samples
from tests.architecture.doors import Door, Operation, operations, pages
from tests.factories.people import holder, person

from corredor.kernel import policy
from corredor.kernel.people.queries import actor_of
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import PUBLIC

pytestmark = pytest.mark.usefixtures("countries")

DOORS = sorted(pages(), key=lambda door: door.name)
WITHOUT_SAMPLE = [door for door in DOORS if door.arguments and door.name not in samples.SAMPLES]
# The others are walked all the same while one waits for its sample; a test of its own fails for that one.
GUARDED = [door for door in DOORS if door.action and door not in WITHOUT_SAMPLE]
KNOCKING = ["public", "signed in without a role", *ROLES]
REFUSALS = {401, 403, 404, 405}
WRITES = ("INSERT", "UPDATE", "DELETE")
BOOKKEEPING = ("django_session", "usersessions_usersession", "cache_entries")


def who(knocking: str):
    if knocking == "public":
        return None
    return person() if knocking not in ROLES else holder(knocking)


def address(door: Door, knocking) -> str:
    if not door.arguments:
        return reverse(door.name)
    return reverse(door.name, kwargs=samples.SAMPLES[door.name](knocking))


def client_of(somebody) -> Client:
    client = Client(raise_request_exception=False)
    if somebody is not None:
        client.force_login(somebody)
    return client


def knock(door: Door, somebody):
    """The answer of a door to a person: POST where it always changes something, otherwise GET."""
    there, client = address(door, somebody), client_of(somebody)
    return client.post(there) if door.changes else client.get(there)


def is_sent_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(f"{reverse('account_login')}?next=")


def opened(door: Door, answer) -> bool:
    if door.name in samples.NOTHING_THERE:
        return answer.status_code == 404
    if door.name in samples.OWN_ANSWERS:
        return answer.status_code in samples.OWN_ANSWERS[door.name]
    return answer.status_code not in REFUSALS and answer.status_code < 500 and not is_sent_to_sign_in(answer)


def refused(answer, somebody) -> bool:
    return is_sent_to_sign_in(answer) if somebody is None else answer.status_code == 403


def test_there_are_doors_and_each_has_a_name_of_its_own():
    names = [door.name for door in DOORS]

    assert len(names) > 30
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_page_names_a_declared_action_or_a_reason_to_name_none(door):
    if door.action is None:
        assert door.checks_itself, f"“{door.name}” names no action: use @page"
        assert door.name in samples.CHECK_THEMSELVES, f"“{door.name}” checks itself: say why in samples"
        return
    assert door.action in {action.name for action in policy.actions()}, f"{door.action} is not declared"


def test_every_address_with_arguments_has_a_sample():
    missing = [
        f"{door.name} ({door.route})" for door in DOORS if door.arguments and door.name not in samples.SAMPLES
    ]

    assert missing == [], "add them to tests/architecture/samples.py"


def test_the_samples_are_of_doors_that_exist():
    listed = {
        *samples.SAMPLES,
        *samples.NOTHING_THERE,
        *samples.OWN_ANSWERS,
        *samples.WRITE_ON_A_LOOK,
        *samples.CHECK_THEMSELVES,
    }

    assert listed <= {door.name for door in DOORS}
    assert set(samples.API) <= {operation.name for operation in operations()}


@pytest.mark.parametrize("knocking", KNOCKING)
def test_every_page_opens_and_refuses_as_the_policy_says(knocking):
    somebody = who(knocking)
    actor = actor_of(somebody) if somebody else PUBLIC
    wrong = []

    for door in GUARDED:
        answer = knock(door, somebody)
        may = policy.can(actor, door.action)
        if not (opened(door, answer) if may else refused(answer, somebody)):
            wrong.append(
                f"{door.name}: {'may' if may else 'may not'} {door.action}, answered {answer.status_code}"
            )

    assert wrong == []


def test_looking_changes_nothing():
    """A GET by those who may writes nothing but the bookkeeping of sessions and attempts."""
    wrong = []
    for door in GUARDED:
        if door.changes or door.name in samples.WRITE_ON_A_LOOK:
            continue
        somebody = _who_may(door)
        there, client = address(door, somebody), client_of(somebody)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(there)
        for query in queries:
            text = query["sql"].lstrip()
            if text.startswith(WRITES) and not any(table in text for table in BOOKKEEPING):
                wrong.append(f"{door.name}: {text[:100]}")

    assert wrong == []


def _who_may(door: Door):
    """Somebody whom the policy lets do what the door needs; nobody signed in, where anyone may."""
    action = next(action for action in policy.actions() if action.name == door.action)
    if action.is_open:
        return None
    role = next((code for code, role in ROLES.items() if door.action in role.may), "deputy")
    return holder(role)


def test_changing_needs_the_page_s_own_token():
    wrong = []
    for door in DOORS:
        assert not getattr(door.view, "csrf_exempt", False), f"{door.name} does without the token"
        if door not in GUARDED:
            continue
        somebody = _who_may(door)
        strict = Client(enforce_csrf_checks=True)
        if somebody is not None:
            strict.force_login(somebody)
        answer = strict.post(address(door, somebody))
        if answer.status_code != 403:
            wrong.append(f"{door.name}: {answer.status_code}")

    assert wrong == []


def test_what_always_changes_something_does_not_answer_a_look():
    for door in (door for door in GUARDED if door.changes):
        somebody = _who_may(door)
        assert client_of(somebody).get(address(door, somebody)).status_code == 405, door.name


def test_what_is_nowhere_is_not_found():
    assert Client().get("/nowhere/at/all/").status_code == 404


@pytest.mark.parametrize("knocking", KNOCKING)
def test_every_operation_of_the_api_opens_and_refuses_as_the_policy_says(knocking):
    somebody = who(knocking)
    actor = actor_of(somebody) if somebody else PUBLIC
    wrong = []

    for operation in operations():
        assert operation.action, f"{operation.name} names no x-action"
        may, answer = policy.can(actor, operation.action), call(operation, somebody)
        right = answer.status_code not in REFUSALS if may else answer.status_code in {401, 403}
        if not right:
            wrong.append(f"{operation.name}: {'may' if may else 'may not'}, answered {answer.status_code}")

    assert wrong == []


def call(operation: Operation, somebody):
    given = dict(samples.API[operation.name](somebody)) if operation.name in samples.API else {}
    try:
        there = operation.path.format(**given)
    except KeyError as missing:
        pytest.fail(f"“{operation.name}” needs {missing}: add a sample to tests/architecture/samples.py")
    rest = {name: value for name, value in given.items() if f"{{{name}}}" not in operation.path}
    send = getattr(client_of(somebody), operation.method)
    if operation.method == "get":
        return send(there, rest)
    return send(there, rest, content_type="application/json")
