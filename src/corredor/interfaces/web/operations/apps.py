from django.apps import AppConfig


class OperationsPagesConfig(AppConfig):
    name = "corredor.interfaces.web.operations"
    label = "web_operations"
