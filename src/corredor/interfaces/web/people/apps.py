from django.apps import AppConfig


class PeoplePagesConfig(AppConfig):
    name = "corredor.interfaces.web.people"
    label = "web_people"
