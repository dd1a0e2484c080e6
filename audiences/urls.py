"""The doors of an account: those of allauth that are open, one by one, and our own pages behind them."""

from functools import wraps

from allauth.account import views
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as authenticator_app
from django.shortcuts import render
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from audiences import account_views, certificate_views, letters


def sign_out(request):
    """allauth's signing out, which also erases the answers that wait on this device for the network."""
    response = views.logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


def by_letter(view):
    """A door that is of use only where letters can be sent; elsewhere a page says who helps."""

    @wraps(view)
    def door(request, *args, **kwargs):
        if letters.can_be_sent():
            return view(request, *args, **kwargs)
        return render(request, "account/signup_closed.html")

    return door


urlpatterns = [
    path("", account_views.account, name="account"),
    path("audience/", account_views.change_audience, name="account_audience"),
    path("export/", account_views.export, name="account_export"),
    path("delete/", account_views.delete, name="account_delete"),
    path("courses/<uuid:course>/certificate/", certificate_views.claim, name="certificate_claim"),
    path("certificates/<slug:code>/", certificate_views.pdf, name="certificate_pdf"),
    # Signing in and out
    path("login/", views.login, name="account_login"),
    path("login/code/", by_letter(views.request_login_code), name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", sign_out, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("email/", by_letter(never_cache(views.email)), name="account_email"),
    # Passwords
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", by_letter(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(  # the key has hyphens of its own: the first one ends the user's number
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # The second factor
    path("second-factor/", never_cache(second_factor.index), name="mfa_index"),
    path("second-factor/code/", never_cache(second_factor.authenticate), name="mfa_authenticate"),
    path("second-factor/confirm/", never_cache(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("second-factor/app/", never_cache(authenticator_app.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/off/", never_cache(authenticator_app.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/codes/", never_cache(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        never_cache(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
