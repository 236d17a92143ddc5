from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.operations import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="operations"),
    path("jobs/", views.jobs, name="operations_jobs"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:pk>/", views.message, name="outbox_message"),
    path("audit/", views.audit, name="audit"),
]
