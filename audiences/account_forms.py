"""What an adult fills in about their own account."""

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audiences.models import User


class SignupForm(allauth_forms.SignupForm):
    field_order = ["audience", "email", "password1"]
    audience = User._meta.get_field("audience").formfield(widget=forms.RadioSelect, initial=None)

    def try_save(self, request):
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # takes as long as it takes for a new one
        return super().try_save(request)

    @transaction.atomic
    def save(self, request):
        """All or nothing: an account without a row for its address would count as made by an editor."""
        return super().save(request)

    def signup(self, request, user):
        user.audience = self.cleaned_data["audience"]
        user.save(update_fields=["audience"])


class AudienceForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["audience"]
        widgets = {"audience": forms.RadioSelect}


class DeletionForm(forms.Form):
    """Typing the address is the same in every language."""

    email = forms.CharField(
        label=_("Type your e-mail address to delete everything"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self):
        typed = self.cleaned_data["email"].strip()
        if typed.casefold() != self.user.email.casefold():
            raise forms.ValidationError(_("This is not the e-mail address of this account. Nothing was deleted."))
        return typed
