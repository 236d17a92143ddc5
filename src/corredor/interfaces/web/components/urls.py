from django.urls import path

from corredor.interfaces.web.components import views

urlpatterns = [
    path("", views.gallery, name="components"),
    path("situation/", views.example_situation, name="components_situation"),
    path("geometry.json", views.geometry, name="map_geometry"),
]
