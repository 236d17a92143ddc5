"""Addresses of the pages that are read; the working pages have their own list."""

from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.flows import reading_views as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="flows"),
    path("gates/<str:code>/", views.gate, name="gate"),
    path("countries/<str:iso3>/", views.country, name="country"),
    path("nationalities/<str:iso3>/", views.nationality, name="nationality"),
    path("series/<int:number>/", views.series, name="series"),
    path("series/<int:number>/figures.<str:kind>", views.series_file, name="series_file"),
    path("series/<int:number>/trend.<str:kind>", views.trend_picture, name="trend_picture"),
    path("series/<int:number>/past.<str:kind>", views.past_picture, name="past_picture"),
    path(
        "series/<int:number>/composition/<str:by>.<str:kind>", views.composition_file, name="composition_file"
    ),
    path("figures.<str:kind>", views.figures_file, name="figures_file"),
    path("sources/", views.sources, name="sources"),
]
