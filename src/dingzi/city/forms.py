"""allauth's forms under our words: labels that say what is wanted, nothing in the boxes."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.forms import Form
from django.utils.translation import gettext_lazy as _


def _word(form: Form, **labels: Any) -> None:
    for name, (label, help_text) in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, help_text
        field.widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, login=(_("账号"), ""), password=(_("密码"), ""))
        self.fields["login"].widget.attrs["autocapitalize"] = "none"


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, password=(_("密码"), ""))


class PasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            oldpassword=(_("现在的密码"), ""),
            password1=(_("新密码"), _("至少十个字符，不要用常见的密码，也不要和账号相像。")),
            password2=(_("再输一次新密码"), ""),
        )


class CodeForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class CodeAgainForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self)


class ActivateForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, help_text=_("验证器上现在显示的六位数字。"))


def _code(form: Form, help_text: Any = "") -> None:
    _word(
        form,
        code=(_("验证码"), help_text or _("验证器上的六位数字；手机不在身边时，用一个备用码。")),
    )
    form.fields["code"].widget.attrs |= {
        "inputmode": "numeric",
        "class": "short",
        "autofocus": True,
    }
