from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "corredor.kernel.tokens"
    label = "tokens"

    def ready(self) -> None:
        from corredor.kernel.tokens import permissions, services  # noqa: F401
