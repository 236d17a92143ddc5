from django.apps import AppConfig


class HomePagesConfig(AppConfig):
    name = "corredor.interfaces.web.home"
    label = "web_home"
