from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "corredor.kernel.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from corredor.kernel.audit import permissions  # noqa: F401
