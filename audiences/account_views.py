"""The account page: who I am here, how far I am, what is kept of me, and the way out of it."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from audiences import certificates, own_data
from audiences.account_forms import AudienceForm, DeletionForm
from audiences.models import User
from audiences.progress import courses_of


@never_cache
@login_required
@require_safe
def account(request):
    return _account_page(request, AudienceForm(instance=request.user))


@never_cache
@login_required
@require_POST
def change_audience(request):
    form = AudienceForm(request.POST, instance=User.objects.get(pk=request.user.pk))
    if not form.is_valid():
        return _account_page(request, form)
    form.save()
    messages.success(request, _("Saved."))
    return redirect("account")


def _account_page(request, form):
    mine = list(request.user.certificates.order_by("-issued_on"))
    courses = certificates.courses_by_key([certificate.course for certificate in mine])
    context = {
        "form": form,
        "progress": courses_of(request.user),
        "certificates": [(certificate, courses.get(certificate.course)) for certificate in mine],
        "has_second_factor": is_mfa_enabled(request.user),
        "page_title": _("My account"),
    }
    return render(request, "audiences/account.html", context)


@never_cache
@login_required
@reauthentication_required
@require_safe
def export(request):
    """A file in the Downloads folder stays there: the page says so beside the button."""
    response = JsonResponse(own_data.export(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@never_cache
@login_required
@reauthentication_required
def delete(request):
    form = DeletionForm(request.POST or None, user=request.user)
    refused = own_data.is_the_only_superuser(request.user)
    if request.method == "POST" and form.is_valid() and not refused:
        try:
            counts = own_data.erase(request.user)
        except own_data.OnlySuperuser:
            refused = True
        else:
            logout(request)
            response = render(request, "audiences/account_deleted.html", {**counts, "page_title": _("Account deleted")})
            response.headers["Clear-Site-Data"] = '"storage"'
            return response
    context = {"form": form, "refused": refused, "page_title": _("Delete your account")}
    return render(request, "audiences/account_delete.html", context, status=403 if refused else 200)
