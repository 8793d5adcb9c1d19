"""By e-mail, with the headers by which a mail program ends it in one click (RFC 2369, RFC 8058)."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from dingzi.core.errors import Invalid
from dingzi.core.text import Text

from .gateways import Failed, Message, register


@register
class Mail:
    name = "mail"
    label = Text("电子邮件", "E-mail")

    def available(self) -> bool:
        return bool(settings.MAIL_FROM)

    def clean(self, target: str) -> str:
        plain = target.strip()
        try:
            validate_email(plain)
        except ValidationError:
            raise Invalid.of("notices_bad_address", field="target") from None
        if len(plain) > 254:
            raise Invalid.of("notices_bad_address", field="target")
        return plain

    def send(self, target: str, message: Message) -> None:
        headers = {
            "Message-ID": f"<{message.id}@dingzi>",
            "List-Unsubscribe": f"<{message.end}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        connection = get_connection()
        mail = EmailMessage(
            message.subject, message.text, settings.MAIL_FROM, [target],
            headers=headers, connection=connection,
        )  # fmt: skip
        try:
            mail.send()
        except SMTPRecipientsRefused as error:
            # a code below 500 says "not now": greylisting, a full mailbox
            code = min(code for code, _said in error.recipients.values())
            raise Failed(f"refused by the mail server, {code}", for_good=code >= 500) from error
        except (SMTPException, OSError) as error:
            raise Failed(type(error).__name__) from error
        finally:
            connection.close()  # a refused sign-in leaves it open
