from django.utils.translation import gettext_lazy as _

from corredor.kernel import policy

policy.declare("operations.health", _("Ask whether the installation answers"), is_open=True)
policy.declare("operations.read", _("See how the installation is doing"))
