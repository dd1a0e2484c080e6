"""What anybody may ask about a certificate, from the address printed on it."""

from django.urls import path

from audiences import certificate_views as views

urlpatterns = [
    path("", views.look_up, name="certificate_lookup"),
    path("<slug:code>/", views.check, name="certificate_check"),
]
