from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.documents import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.documents, name="documents"),
    path("add/", views.add, name="add_document"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/file/", views.file, name="document_file"),
    path("<int:pk>/versions/<int:number>/file/", views.file, name="document_version_file"),
    path("<int:pk>/version/", views.add_version, name="add_version"),
    path("<int:pk>/publication/", views.decide_publication, name="decide_publication"),
]
