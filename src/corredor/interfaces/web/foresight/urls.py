from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.foresight import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="foresight"),
    path("record/", views.scorecard, name="scorecard"),
    path("<int:number>/", views.forecast, name="forecast"),
    path("<int:number>/quantiles.<str:kind>", views.quantiles_file, name="quantiles_file"),
    path("<int:number>/fan.<str:kind>", views.fan_picture, name="fan_picture"),
]
