"""Addresses of the pages where a country works on its figures."""

from django.urls import URLPattern, URLResolver, path

from corredor.interfaces.web.flows.working import batch_views, import_views, quality_views, sharing_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("import/", import_views.import_figures, name="flows_import"),
    path("import/<str:token>/", import_views.draft, name="flows_draft"),
    path("import/<str:token>/columns/", import_views.columns, name="flows_columns"),
    path("import/<str:token>/keep/", import_views.keep_figures, name="flows_keep"),
    path("import/<str:token>/again/", import_views.look_again, name="flows_look_again"),
    path("import/<str:token>/discard/", import_views.discard, name="flows_discard"),
    path("import/<str:token>/refused.csv", import_views.draft_refusals, name="flows_draft_refusals"),
    path("batches/", batch_views.batches, name="flows_batches"),
    path("batches/<int:number>/", batch_views.batch, name="flows_batch"),
    path("batches/<int:number>/refused.csv", batch_views.batch_refusals, name="flows_batch_refusals"),
    path("batches/<int:number>/publish/", batch_views.publish, name="flows_publish"),
    path("batches/<int:number>/withdraw/", batch_views.withdraw, name="flows_withdraw"),
    path("sharing/", sharing_views.sharing, name="flows_sharing"),
    path("sharing/<str:source>/", sharing_views.sharing_of, name="flows_sharing_of"),
    path("quality/", quality_views.quality, name="flows_quality"),
    path("quality/<str:source>/", quality_views.quality_of, name="flows_quality_of"),
    path("quality/<str:source>/validate/", quality_views.validate, name="flows_validate"),
    path("quality/series/<int:number>/note/", quality_views.note, name="flows_note"),
]
