from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("corredor.interfaces.web.flows.working.urls")),
    path("", include("corredor.interfaces.web.flows.reading_urls")),
]
