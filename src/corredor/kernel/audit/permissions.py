from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy
from corredor.kernel.audit.models import AuditLine

policy.declare("audit.read", _("Read the audit and verify it"))


@policy.scope_of(AuditLine)
def lines_visible(actor: policy.Actor, lines: QuerySet[AuditLine]) -> QuerySet[AuditLine]:
    """Auditors see every line; a person sees what he or she did."""
    if policy.can(actor, "audit.read"):
        return lines
    return lines.filter(actor=actor.person_id) if actor.person_id else lines.none()
