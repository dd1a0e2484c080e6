from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from curriculum.exit import leave, times_table

sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("x/", leave, name="quick_exit"),
    path("x/times/", times_table),
    # One door: Wagtail's own, which know nothing of allauth's limits, lead to it.
    path(f"{settings.ADMIN_PATH}login/", sign_in),
    re_path(rf"^{settings.ADMIN_PATH}password_reset/", sign_in),
    path(settings.ADMIN_PATH, include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Uploaded images in the sizes that pages show; originals and documents are not served from here.
    re_path(r"^media/images/(?P<path>.+)$", serve, {"document_root": settings.MEDIA_ROOT / "images"}),
    *i18n_patterns(
        path("_util/login/", sign_in),
        path("account/", include("audiences.urls")),
        path("certificate/", include("audiences.certificate_urls")),
        path("", include("audiences.class_urls")),
        path("api/1/", include("quizzes.urls")),
        path("", include(wagtail_urls)),
    ),
]

handler400 = "curriculum.errors.bad_request"
handler403 = "curriculum.errors.permission_denied"
handler404 = "curriculum.errors.page_not_found"
handler429 = "curriculum.errors.too_many_requests"  # allauth looks for it here
handler500 = "curriculum.errors.server_error"
