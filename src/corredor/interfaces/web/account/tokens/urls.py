from django.urls import path

from corredor.interfaces.web.account.tokens import views

urlpatterns = [
    path("", views.tokens, name="my_tokens"),
    path("<int:pk>/revoke/", views.revoke, name="revoke_token"),
]
