from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.operations import health_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health_views.live, name="health_live"),
    path("health/ready", health_views.ready, name="health_ready"),
]
