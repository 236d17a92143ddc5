"""Every address of the API, each behind the door."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from corredor.interfaces.api import batches, figures, forecasts, forum, places, views  # noqa: F401
from corredor.interfaces.api.contract import api
from corredor.interfaces.api.door import door


def nothing(_request: HttpRequest) -> HttpResponse:
    raise Http404


_given, _app, _space = api.urls
_behind_the_door = [
    *(
        path(str(one.pattern), door(one.callback), name=one.name)
        for one in _given
        if isinstance(one, URLPattern)
    ),
    re_path(r"^.*$", door(nothing), name="nothing"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("docs", views.reference, name="api_reference"),
    path("", include((_behind_the_door, _app), namespace=_space)),
]
