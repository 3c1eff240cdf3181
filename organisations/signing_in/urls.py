"""Addresses of account pages that are ours; included before allauth's, whose names they keep."""

from allauth.account.views import password_set
from django.urls import path

from organisations.signing_in import email_views, oidc_views, second_factor_views, views
from organisations.signing_in.freshness import freshly_confirmed

urlpatterns = [
    path("", views.home, name="account_home"),
    path("name/", views.name, name="account_name"),
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("reauthenticate/", views.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("password/reset/", views.ResetPassword.as_view(), name="account_reset_password"),
    path("password/set/", freshly_confirmed(password_set), name="account_set_password"),
    path("email/", email_views.change, name="account_email"),
    path("email/keep/", email_views.withdraw, name="account_email_withdraw"),
    path("email/answer/<str:token>/", email_views.answer, name="account_email_answer"),
    path("sessions/", views.session_list, name="account_sessions"),
    path("sessions/end-others/", views.end_other_sessions, name="account_end_others"),
    path("sessions/<int:session_id>/end/", views.end_session, name="account_end_session"),
    path("connections/", oidc_views.connections, name="account_connections"),
    path("oidc/<slug:provider_id>/login/", oidc_views.sign_in, name="account_oidc_login"),
    path("oidc/<slug:provider_id>/join/<str:token>/", oidc_views.join, name="account_oidc_join"),
    path("oidc/<slug:provider_id>/link/", oidc_views.link, name="account_oidc_link"),
    path("oidc/<slug:provider_id>/unlink/", oidc_views.unlink, name="account_oidc_unlink"),
    path("oidc/<slug:provider_id>/confirm/", oidc_views.confirm, name="account_oidc_confirm"),
    path("oidc/<slug:provider_id>/callback/", oidc_views.callback, name="account_oidc_callback"),
    path("2fa/", second_factor_views.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor_views.Authenticate.as_view(), name="mfa_authenticate"),
    path(
        "2fa/reauthenticate/",
        second_factor_views.ConfirmByCode.as_view(),
        name="mfa_reauthenticate",
    ),
    path("2fa/totp/activate/", second_factor_views.SetUpApp.as_view(), name="mfa_activate_totp"),
    path(
        "2fa/totp/deactivate/", second_factor_views.RemoveApp.as_view(), name="mfa_deactivate_totp"
    ),
    path(
        "2fa/recovery-codes/",
        second_factor_views.RecoveryCodes.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        second_factor_views.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        second_factor_views.DownloadRecoveryCodes.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("2fa/webauthn/", second_factor_views.passkeys, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", second_factor_views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/login/",
        second_factor_views.SignInByPasskey.as_view(),
        name="mfa_login_webauthn",
    ),
    path(
        "2fa/webauthn/reauthenticate/",
        second_factor_views.ConfirmByPasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        second_factor_views.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<int:pk>/edit/",
        second_factor_views.NamePasskey.as_view(),
        name="mfa_edit_webauthn",
    ),
]
