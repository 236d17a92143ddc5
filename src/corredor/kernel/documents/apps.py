from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "corredor.kernel.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from corredor.kernel.documents import permissions, services  # noqa: F401
