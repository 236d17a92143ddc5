from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "corredor.kernel.people"
    label = "people"
    verbose_name = _("People and mandates")

    def ready(self) -> None:
        from corredor.kernel.people import permissions, services  # noqa: F401
