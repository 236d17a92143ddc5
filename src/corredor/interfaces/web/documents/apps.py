from django.apps import AppConfig


class DocumentsPagesConfig(AppConfig):
    name = "corredor.interfaces.web.documents"
    label = "web_documents"
