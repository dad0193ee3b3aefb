"""The REST interface: kserve's V1 and V2 endpoints, behind a guard."""

import logging
import warnings
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from kserve.errors import InvalidInput, ModelNotFound, ModelNotReady
from kserve.protocol.rest.v1_endpoints import register_v1_endpoints
from kserve.protocol.rest.v2_endpoints import register_v2_endpoints
from starlette.exceptions import HTTPException

from keras_gans.serving.batching import BusyError
from keras_gans.serving.generator import Limits
from keras_gans.serving.guard import Guard
from keras_gans.serving.planes import Data, Fixed

STATUS: dict[type[Exception], int] = {
    InvalidInput: 400,
    ModelNotFound: 404,
    NotImplementedError: 501,
    ModelNotReady: 503,
    BusyError: 503,
    TimeoutError: 504,
}
"""The status of what can go wrong; of anything else 500."""


def build(data: Data, fixed: Fixed, limits: Limits) -> Any:
    """Returns the ASGI application of a data plane.

    It has no pages of documentation: FastAPI's load scripts from elsewhere.
    """
    # kserve answers with a class that FastAPI would rather not have.
    warnings.filterwarnings("ignore", "ORJSONResponse is deprecated")
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/", data.live)
    register_v1_endpoints(app, data, fixed)
    register_v2_endpoints(app, data, fixed)
    for kind in STATUS:
        app.add_exception_handler(kind, _of_status)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
    return Guard(app, limits.bytes, limits.seconds)


async def _of_status(request: Request, error: Exception) -> JSONResponse:
    kinds = (k for k in STATUS if isinstance(error, k))
    return _answer(STATUS[next(kinds)], str(error))


async def _invalid(request: Request, error: Any) -> JSONResponse:
    wrong = [
        f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()
    ]
    return _answer(400, f"{'; '.join(wrong[:5])}. Received: another body")


async def _http(request: Request, error: Any) -> JSONResponse:
    return _answer(error.status_code, str(error.detail))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    logging.getLogger(__name__).error("unexpected", exc_info=error)
    return _answer(500, "The server failed; its log says why.")


def _answer(status: int, error: str) -> JSONResponse:
    headers = {"Retry-After": "1"} if status == 503 else {}
    return JSONResponse({"error": error}, status, headers)
