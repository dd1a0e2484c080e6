"""The name on a certificate, as its holder and as its checker types it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from audiences.certificates import clean_name


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name on the certificate"),
        required=False,  # `clean_name` says it better
        help_text=_("As you want it printed, in any of the four languages. Who checks the code never sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self):
        return clean_name(self.cleaned_data["name"])


class CheckedNameForm(forms.Form):
    name = forms.CharField(
        label=_("Name on the paper"),
        max_length=200,
        help_text=_("If you want to know whether it is the name that was printed."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the certificate"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
