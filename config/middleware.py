from django.conf import settings


def admin_policy(get_response):
    """Under the admin's path, replaces the strict policy by one that Wagtail's inline scripts can live with."""

    def middleware(request):
        response = get_response(request)
        if request.path.startswith(f"/{settings.ADMIN_PATH}"):
            response._csp_replace = settings.ADMIN_SECURITY_POLICY
        return response

    return middleware


def closed_doors(get_response):
    """Tells browsers that no page of ours needs a camera, a place or another site's embrace."""

    def middleware(request):
        response = get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), display-capture=()"
        return response

    return middleware
