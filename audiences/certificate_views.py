"""Claiming a certificate, printing it, and checking one that somebody shows."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audiences import certificates
from audiences.certificate_forms import CheckedNameForm, CodeForm, NameForm
from audiences.progress import courses_of
from curriculum.printables import PrintingFailed


@never_cache
@login_required
def claim(request, course):
    """The course's certificate: what is left before it, the form, or the certificate itself."""
    user = request.user
    certificate = user.certificates.filter(course=course).first()
    progress = next((each for each in courses_of(user) if each.course.translation_key == course), None)
    if not certificate and not progress:
        raise Http404
    may_claim = certificate or progress.is_complete
    form = NameForm(request.POST or None, initial={"name": certificates.last_name(user)})
    if request.method == "POST" and may_claim and form.is_valid():
        certificates.issue(user, course, form.cleaned_data["name"])
        return redirect("certificate_claim", course=course)
    context = {
        "certificate": certificate,
        "course": progress.course if progress else certificates.course_of(certificate),
        "progress": progress,
        "form": form if may_claim else None,
        "page_title": _("Certificate"),
    }
    return render(request, "audiences/certificate.html", context)


@never_cache
@login_required
@require_safe
def pdf(request, code):
    certificate = get_object_or_404(request.user.certificates, code=code)
    try:
        content = certificates.printed(certificate)
    except PrintingFailed:
        context = {"course": certificate.course, "page_title": _("This sheet could not be made")}
        response = render(request, "audiences/certificate_failed.html", context, status=503)
        response.headers["Retry-After"] = "60"  # seconds
        return response
    disposition = f'inline; filename="certificate-{certificate.code}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})


@never_cache
@require_safe
def look_up(request):
    """The form for a code that was typed from paper."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid() and (code := certificates.plain_code(form.cleaned_data["code"])):
        return redirect("certificate_check", code=code)
    return unlisted(
        render(request, "audiences/certificate_lookup.html", {"form": form, "page_title": _("Certificate")})
    )


@never_cache
def check(request, code):
    """Says of a code that it is valid, for which course and since when. Never whose it is: that stands on the paper."""
    certificate = certificates.find(code)
    if certificate is None:
        context = {"form": CodeForm(initial={"code": code[:40]}), "unknown": True, "page_title": _("Certificate")}
        return unlisted(render(request, "audiences/certificate_lookup.html", context, status=404))
    form, answer = CheckedNameForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        answer = answer_to(certificate, form.cleaned_data["name"])
    context = {
        "certificate": certificate,
        "course": certificates.course_of(certificate),
        "form": form,
        "answer": answer,
        "page_title": _("Certificate"),
    }
    status = 429 if answer == "wait" else 200
    return unlisted(render(request, "audiences/certificate_check.html", context, status=status))


def answer_to(certificate, name) -> str:
    try:
        return "match" if certificates.names_match(certificate, name) else "no match"
    except certificates.TooManyGuesses:
        return "wait"


def unlisted(response):
    response.headers["X-Robots-Tag"] = "noindex"
    return response
