from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstallationConfig(AppConfig):
    name = "corredor.kernel.installation"
    label = "installation"
    verbose_name = _("Installation")

    def ready(self) -> None:
        from corredor.kernel.installation import permissions  # noqa: F401
