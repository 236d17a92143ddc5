from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy
from corredor.kernel.tokens.models import Token

policy.declare("account.keep_tokens", _("Keep one's own tokens for programs"), is_own=True)


@policy.scope_of(Token)
def tokens_visible(actor: policy.Actor, tokens: QuerySet[Token]) -> QuerySet[Token]:
    """Each person's own; nobody sees another's."""
    return tokens.filter(person_id=actor.person_id) if actor.person_id else tokens.none()
