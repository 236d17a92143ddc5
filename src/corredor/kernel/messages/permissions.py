from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy
from corredor.kernel.messages.models import Message

policy.declare("messages.read_outbox", _("Read the forum's outbox"))


@policy.scope_of(Message)
def messages_visible(actor: policy.Actor, messages: QuerySet[Message]) -> QuerySet[Message]:
    """Everybody sees the messages to themselves; presidency and secretariat those of the forum that are not private."""
    own = Q(person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    if policy.can(actor, "messages.read_outbox"):
        return messages.filter(own | Q(is_private=False, country__isnull=True))
    return messages.filter(own)
