from django.apps import AppConfig


class LayoutConfig(AppConfig):
    name = "corredor.interfaces.web.layout"
    label = "web_layout"
