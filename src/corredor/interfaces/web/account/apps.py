from django.apps import AppConfig


class AccountPagesConfig(AppConfig):
    name = "corredor.interfaces.web.account"
    label = "web_account"

    def ready(self) -> None:
        from corredor.interfaces.web.account import trail  # noqa: F401
