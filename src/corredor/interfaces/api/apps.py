from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "corredor.interfaces.api"
    label = "api"
