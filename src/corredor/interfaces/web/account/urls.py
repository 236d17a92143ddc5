"""The screens of signing in. Of the sign-in library only these exist; signing up and changing addresses do not."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as institution
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from corredor.interfaces.web.access import page
from corredor.interfaces.web.account import views

sign_in = page("account.sign_in")
own = page("account.keep_own")

ENTRANCE = [
    path("login/", sign_in(views.sign_in), name="account_login"),
    path("logout/", sign_in(account.logout), name="account_logout"),
    path("closed/", sign_in(account.account_inactive), name="account_inactive"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
    path("2fa/", sign_in(second.authenticate), name="mfa_authenticate"),
    path("passkey/", sign_in(keys.login_webauthn), name="mfa_login_webauthn"),
]
FORGOTTEN = [
    path("password/reset/", sign_in(account.password_reset), name="account_reset_password"),
    path("password/reset/sent/", sign_in(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        sign_in(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
INSTITUTION = [
    path("oidc/cancelled/", sign_in(institution.login_cancelled), name="socialaccount_login_cancelled"),
    path("oidc/error/", sign_in(institution.login_error), name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>/", sign_in(views.when_it_answers(oidc.login)), name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/callback/",
        sign_in(views.when_it_answers(oidc.callback)),
        name="openid_connect_callback",
    ),
]
OWN = [
    path("", views.my_account, name="my_account"),
    path("second-step/", views.second_step_page, name="second_step"),
    path("confirm/", own(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", own(second.reauthenticate), name="mfa_reauthenticate"),
    path("confirm/key/", own(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("password/change/", own(account.password_change), name="account_change_password"),
    path("password/set/", own(account.password_set), name="account_set_password"),
    path("second/", own(second.index), name="mfa_index"),
    path("second/app/", own(app.activate_totp), name="mfa_activate_totp"),
    path("second/app/remove/", own(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("second/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second/codes/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second/codes/download/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("second/keys/", own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("second/keys/add/", own(keys.add_webauthn), name="mfa_add_webauthn"),
    path("second/keys/<int:pk>/name/", own(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("second/keys/<int:pk>/remove/", own(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("sessions/", own(sessions.list_usersessions), name="usersessions_list"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
]

urlpatterns = [*ENTRANCE, *FORGOTTEN, *INSTITUTION, *OWN]
