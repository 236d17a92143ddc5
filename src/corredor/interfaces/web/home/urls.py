from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.home import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.situation, name="home"),
    path("situation.<str:kind>", views.situation_file, name="situation_file"),
]
