"""By webhook: a signed POST of JSON, after the Standard Webhooks conventions.

``webhook-id``, ``webhook-timestamp`` (seconds) and ``webhook-signature``: ``v1,`` and the base64 of
HMAC-SHA256 over ``id.timestamp.body`` under the secret that the subscription was given; for a while
after that was changed two of them, a space between, so that no receiver misses anything.
"""

from __future__ import annotations

import base64
import hmac
import http.client
import time

import orjson

from dingzi.core.errors import Invalid
from dingzi.core.text import Text

from . import outgoing
from .gateways import Failed, Message, register

#: Answers that say: do not come again.
GONE = (404, 410)


@register
class Webhook:
    name = "webhook"
    label = Text("网址回调（给程序）", "Webhook (for programs)")

    def available(self) -> bool:
        return True

    def clean(self, target: str) -> str:
        plain = target.strip()
        outgoing.reach(outgoing.split(plain))
        return plain

    def send(self, target: str, message: Message) -> None:
        body = orjson.dumps(
            {
                "type": message.kind,
                "id": message.id,
                "subject": message.subject,
                "text": message.text,
                "link": message.link,
                "end": message.end,
                "data": message.data,
            }
        )
        moment = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "dingzi",
            "webhook-id": message.id,
            "webhook-timestamp": moment,
            "webhook-signature": " ".join(
                signature(secret, message.id, moment, body) for secret in message.secrets
            ),
        }
        try:
            status = outgoing.post(target, body, headers)
        except Invalid as refusal:
            raise Failed(refusal.codes[0], for_good="private" in refusal.codes[0]) from refusal
        except (OSError, http.client.HTTPException) as error:
            raise Failed(type(error).__name__) from error
        if not 200 <= status < 300:
            raise Failed(f"answered {status}", for_good=status in GONE)


def signature(secret: str, id_: str, moment: str, body: bytes) -> str:
    """Return one signature of ``webhook-signature``."""
    signed = b".".join((id_.encode(), moment.encode(), body))
    digest = hmac.digest(secret.encode(), signed, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"
