from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    name = "corredor.interfaces.web.components"
    label = "web_components"
