from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.people import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.accounts, name="people"),
    path("roles/", views.roles, name="roles"),
    path("me/", views.profile, name="profile"),
    path("open/", views.open_account, name="open_account"),
    path("<int:pk>/", views.account, name="account"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/close/", views.close_account, name="close_account"),
    path("<int:pk>/mandate/", views.give_mandate, name="give_mandate"),
    path("mandates/<int:pk>/end/", views.end_mandate, name="end_mandate"),
]
