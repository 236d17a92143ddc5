from django.apps import AppConfig


class ForesightPagesConfig(AppConfig):
    name = "corredor.interfaces.web.foresight"
    label = "web_foresight"
