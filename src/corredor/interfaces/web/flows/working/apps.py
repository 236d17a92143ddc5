from django.apps import AppConfig


class WorkingPagesConfig(AppConfig):
    name = "corredor.interfaces.web.flows.working"
    label = "web_flows_working"

    def ready(self) -> None:
        # The work that a worker does for these pages, known to every process.
        from corredor.interfaces.web.flows.working import carrying  # noqa: F401
