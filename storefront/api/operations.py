"""Headers of operations, for the API's description: what makes a POST safe to repeat, what guards an edit."""

from dataclasses import dataclass

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIHeader, OpenAPIResponse, OpenAPIType, Operation, Parameter, RequestBody, Schema

_KEY = Parameter(
    name="Idempotency-Key", param_in="header", required=False,
    description="any text of yours; the same again within 24 hours gets the first answer again",
    schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=255),
)  # fmt: skip
_REPLAYED = OpenAPIHeader(
    description="the answer is the first one to this Idempotency-Key",
    schema=Schema(type=OpenAPIType.STRING, const="true"),
)
_NULL = Schema(type=OpenAPIType.NULL)
_ETAG = OpenAPIHeader(
    description="the revision, to be sent back as If-Match",
    schema=Schema(type=OpenAPIType.STRING, pattern='^"[0-9]+"$'),
    required=True,
)
_FILE = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
_LOCATION = OpenAPIHeader(
    description="where it is read from now on", schema=Schema(type=OpenAPIType.STRING), required=True
)


@dataclass
class Repeatable(Operation):
    """A POST that heeds `Idempotency-Key`."""

    def __post_init__(self) -> None:
        self.parameters = [*(self.parameters or ()), _KEY]
        if isinstance(self.request_body, RequestBody):
            self.request_body.required = not _may_be_absent(self.request_body)
        _answers_with(self, "Idempotent-Replayed", _REPLAYED)


@dataclass
class Uploading(Repeatable):
    """A POST of one file in the multipart field `file`: the framework calls any such field `files`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.request_body, RequestBody):
            for content in self.request_body.content.values():
                content.schema = Schema(type=OpenAPIType.OBJECT, properties={"file": _FILE}, required=["file"])


@dataclass
class Making(Repeatable):
    """A POST that makes what has an address and an ETag."""

    def __post_init__(self) -> None:
        super().__post_init__()
        _answers_with(self, "ETag", _ETAG)
        _answers_with(self, "Location", _LOCATION)


@dataclass
class Tagged(Operation):
    """One whose answer has an ETag."""

    def __post_init__(self) -> None:
        _answers_with(self, "ETag", _ETAG)


def kind_of(handler: HTTPRouteHandler) -> type[Operation]:
    """Which of these a handler is: it takes an `UploadFile`, calls `made`, `once`, `tagged`, or none."""
    calls = handler.fn.__code__.co_names
    if "UploadFile" in calls:
        return Uploading
    if "made" in calls:
        return Making
    return Repeatable if "once" in calls else Tagged if "tagged" in calls else Operation


def _may_be_absent(body: RequestBody) -> bool:
    """Whether a handler takes null for a body: the framework calls every body required."""
    forms = [content.schema for content in body.content.values()]
    return any(isinstance(form, Schema) and _NULL in (form.one_of or ()) for form in forms)


def _answers_with(operation: Operation, name: str, header: OpenAPIHeader) -> None:
    for status, answer in (operation.responses or {}).items():
        if status.startswith("2") and isinstance(answer, OpenAPIResponse):
            answer.headers = {**(answer.headers or {}), name: header}
