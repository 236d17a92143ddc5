from django.apps import AppConfig


class AccountPagesConfig(AppConfig):
    name = "corredor.interfaces.web.account"
    label = "web_account"
