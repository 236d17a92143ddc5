"""Every address of the site, by door and area."""

from django.urls import URLPattern, URLResolver, include, path

from corredor.interfaces.web.layout.views import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("corredor.interfaces.web.home.urls")),
    path("language/", set_language, name="set_language"),
    path("flows/", include("corredor.interfaces.web.flows.urls")),
    path("documents/", include("corredor.interfaces.web.documents.urls")),
    path("foresight/", include("corredor.interfaces.web.foresight.urls")),
    path("people/", include("corredor.interfaces.web.people.urls")),
    path("operations/", include("corredor.interfaces.web.operations.urls")),
    path("components/", include("corredor.interfaces.web.components.urls")),
    path("account/tokens/", include("corredor.interfaces.web.account.tokens.urls")),
    path("account/", include("corredor.interfaces.web.account.urls")),
    path("", include("corredor.interfaces.web.operations.health_urls")),
    path("api/v1/", include("corredor.interfaces.api.urls")),
]
handler500 = "corredor.interfaces.web.operations.views.fault"
