from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy
from corredor.kernel.people.models import Mandate, Person
from corredor.kernel.people.roles import ROLES

policy.declare("people.read_roles", _("Read the page of roles"), is_open=True)
policy.declare("people.manage", _("Open and close accounts, give and end mandates"))
policy.declare("account.sign_in", _("Sign in, sign out and ask for a new password"), is_open=True)
policy.declare(
    "account.keep_own", _("Keep one's own profile, password, second step and sessions"), is_own=True
)

for role in ROLES.values():
    policy.grant(role.code, role.may)


@policy.scope_of(Person)
def people_visible(actor: policy.Actor, people: QuerySet[Person]) -> QuerySet[Person]:
    """Those who manage accounts see all; everybody sees their own."""
    if policy.can(actor, "people.manage"):
        return people
    return people.filter(pk=actor.person_id) if actor.person_id else people.none()


@policy.scope_of(Mandate)
def mandates_visible(actor: policy.Actor, mandates: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """As with people."""
    if policy.can(actor, "people.manage"):
        return mandates
    return mandates.filter(person_id=actor.person_id) if actor.person_id else mandates.none()
