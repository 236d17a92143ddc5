from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "corredor.interfaces.api"
    label = "api"

    def ready(self) -> None:
        from corredor.interfaces.api import permissions  # noqa: F401
