from django.apps import AppConfig


class TokensPagesConfig(AppConfig):
    name = "corredor.interfaces.web.account.tokens"
    label = "account_tokens"
