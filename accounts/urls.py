"""The pages of allauth that exist here, under the names it knows them by, and ours beside them.

Left out, and so 404: signing in by a code alone, changing the e-mail address, phones, connections.
"""

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path

from accounts.views import ActivateApp, AddKey, RemoveKey, prove_again, signed_in

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("sessions/", signed_in, name="account_sessions"),
    path("2fa/", second_factor.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/app/", ActivateApp.as_view(), name="mfa_activate_totp"),
    path("2fa/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/keys/add/", AddKey.as_view(), name="mfa_add_webauthn"),
    path("2fa/keys/login/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/keys/reauthenticate/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/keys/<int:pk>/name/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/keys/<int:pk>/remove/", RemoveKey.as_view(), name="mfa_remove_webauthn"),
    path("reauthenticate/", prove_again, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
