from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy

policy.declare("api.read_reference", _("Read how programs use Corredor"), is_open=True)
