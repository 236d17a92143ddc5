from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy
from corredor.kernel.documents.models import Document, Version
from corredor.kernel.people.roles import ROLES
from corredor.kernel.policy import Actor, Capacity
from corredor.kernel.sharing import countries_seen_whole

KEEPERS = frozenset({"presidency", "secretariat"})


def adds_for_its_owner(capacity: Capacity, document: Document) -> bool:
    """A country's documents are added by its own people, an organisation's by its own, the forum's by its keepers."""
    if document.country_id:
        return capacity.country == document.country_id and capacity.role not in KEEPERS
    if document.organisation:
        return capacity.organisation == document.organisation.code or capacity.role == "secretariat"
    return capacity.role in KEEPERS


def decides_for_its_owner(capacity: Capacity, document: Document) -> bool:
    """What a country said is published by its contact point alone; the rest by presidency or secretariat."""
    if document.country_id:
        return capacity.role == "delegate" and capacity.country == document.country_id
    return capacity.role in KEEPERS


policy.declare("documents.read_public", _("Read the documents that are public"), is_open=True)
policy.declare("documents.read", _("Read the forum's documents"))
policy.declare("documents.add", _("Add documents and new versions of them"), scope=adds_for_its_owner)
policy.declare(
    "documents.decide_publication",
    _("Decide that a document is public, or private again"),
    scope=decides_for_its_owner,
)


def _private(actor: Actor, at: str = "") -> Q:
    """The documents seen whole: by their owner and, unless a country owns them, by members. ``at`` leads to them."""
    readers = policy.granting(actor, "documents.read")
    if not readers:
        return Q(pk__in=[])
    organisations = [held.organisation for held in readers if held.organisation]
    seen = Q(**{f"{at}country__in": countries_seen_whole(actor)})
    seen |= Q(**{f"{at}organisation__code__in": organisations})
    if any(ROLES[held.role].clearance == "members" for held in readers):
        seen |= Q(**{f"{at}country__isnull": True})
    return seen


@policy.scope_of(Document)
def documents_visible(actor: Actor, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Everybody sees what is public; what is private is seen by its owner and, unless a country owns it, by members."""
    return documents.filter(Q(is_public=True) | _private(actor))


@policy.scope_of(Version)
def versions_visible(actor: Actor, versions: QuerySet[Version]) -> QuerySet[Version]:
    """As with documents; of what is public, the versions its decision covers."""
    covered = Q(document__is_public=True, number__lte=F("document__decision__number"))
    return versions.filter(covered | _private(actor, "document__"))
