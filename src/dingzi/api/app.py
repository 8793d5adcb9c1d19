"""The machines' door: one NinjaAPI."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.renderers import BaseRenderer

from . import doors, edges, problems
from .bodies import StrictJson

ABOUT = """\
Matters, acts and figures of a city, for machines. 城市的事项、动作与指标，供系统之间使用。

**Who calls** is told by one of three: `Authorization: Bearer …` (an API client, acting on its \
post), `X-Receipt: …` (the citizen of one matter), or a staff session in the browser. What the \
caller may not see is answered as if it were not there (404).

**Numbers** such as 袁纠〔2025〕4172号 stand percent-encoded (UTF-8) in paths.

**Acts**: what each action asks is told by `GET /api/v1/processes/{process}` as JSON Schema; what \
can be done now by `GET …/actions`. Send `Idempotency-Key`, a UUID of your own: the same key with \
the same body does the act once and gives the same answer again (`Idempotency-Replayed: true`), \
with another body it is refused (422). `seen` is the `seq` you looked at: if the matter moved on, \
409 says what changed.

**Refusals** are `application/problem+json` (RFC 9457) with `reasons`: a stable `code`, words in \
your `Accept-Language` (zh-CN or en), and the `field` to blame. Nothing is written then.

**Values**: money is whole fen; numbers are whole (a share is two of them); times are RFC 3339 \
with their zone; dates are days in the city (Asia/Shanghai).

**Reading**: every read has an `ETag`; send it back in `If-None-Match` and get 304. Lists are \
paged by cursor: give `next` back as `after`.

Limits on rates are set by the proxy in front of this site, which then answers 429 with \
`Retry-After`.
"""


class Json(BaseRenderer):
    """UTF-8 as it is, times in UTC with Z."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class DingziAPI(NinjaAPI):
    """Reads carry an ETag; the document is completed by ``document``."""

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        response = super().create_response(
            request, data, status=status, temporal_response=temporal_response
        )
        if request.method == "GET" and response.status_code == 200:
            return edges.tagged(request, response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Keep what was given, which ninja drops: words of a refusal say what is wrong with it."""
        return ValidationError(
            [
                {**error, "loc": (source, *names.get(error["loc"], error["loc"]))}
                for context in error_contexts
                for error in context.pydantic_validation_error.errors(include_url=False)
                for source, names in [
                    (
                        context.model.__ninja_param_source__,
                        context.model.__ninja_flatten_map_reverse__,
                    )
                ]
            ]
        )


api = DingziAPI(
    title="Dingzi 钉子",
    version="1",
    description=ABOUT,
    urls_namespace="api-v1",
    openapi_url=None,  # ``document`` serves it
    docs_url=None,
    auth=doors.ANY,
    parser=StrictJson(),
    renderer=Json(),
    servers=[{"url": "/", "description": "this site"}],
    openapi_extra={
        "info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "tags": [
            {"name": "processes", "description": "What kinds of matters there are, and their acts"},
            {"name": "matters", "description": "Reading and doing"},
            {"name": "papers", "description": "Files"},
            {
                "name": "open data",
                "description": "Figures and divisions; pages of any origin may read them",
            },
        ],
    },
)
problems.attach(api)
