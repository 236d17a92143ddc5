from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "corredor.kernel.messages"
    label = "corredor_messages"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from corredor.kernel.messages import permissions, services  # noqa: F401
