from django.apps import AppConfig


class FlowsPagesConfig(AppConfig):
    name = "corredor.interfaces.web.flows"
    label = "web_flows"
