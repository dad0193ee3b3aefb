"""The gRPC interface: kserve's V2 servicer, with limits."""

import logging
from typing import Any

import grpc
from kserve.errors import InvalidInput, ModelNotFound, ModelNotReady
from kserve.protocol.grpc import grpc_predict_v2_pb2_grpc as service
from kserve.protocol.grpc.servicer import InferenceServicer

from keras_gans.serving.batching import BusyError
from keras_gans.serving.generator import Limits
from keras_gans.serving.planes import Data, Fixed

CODES: dict[type[Exception], grpc.StatusCode] = {
    NotImplementedError: grpc.StatusCode.UNIMPLEMENTED,
    ModelNotReady: grpc.StatusCode.UNAVAILABLE,
    BusyError: grpc.StatusCode.RESOURCE_EXHAUSTED,
    TimeoutError: grpc.StatusCode.DEADLINE_EXCEEDED,
    ModelNotFound: grpc.StatusCode.NOT_FOUND,
    InvalidInput: grpc.StatusCode.INVALID_ARGUMENT,
    ValueError: grpc.StatusCode.INVALID_ARGUMENT,
}
"""The code of what can go wrong; of anything else INTERNAL."""


class Refusals(grpc.aio.ServerInterceptor):
    """Answers errors with their code and message."""

    async def intercept_service(self, continuation: Any, details: Any) -> Any:
        """Wraps what answers a call."""
        handler = await continuation(details)
        if handler is None:
            return None

        async def answer(request: Any, context: Any) -> Any:
            try:
                return await handler.unary_unary(request, context)
            except tuple(CODES) as error:
                kinds = (k for k in CODES if isinstance(error, k))
                await context.abort(CODES[next(kinds)], str(error))
            except grpc.aio.AbortError:
                raise
            except Exception as error:
                logging.getLogger(__name__).error("unexpected", exc_info=error)
                said = "The server failed; its log says why."
                await context.abort(grpc.StatusCode.INTERNAL, said)

        return grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


def build(data: Data, fixed: Fixed, limits: Limits) -> Any:
    """Returns the gRPC server of a data plane, without a port."""
    server = grpc.aio.server(
        interceptors=(Refusals(),),
        options=[
            ("grpc.max_receive_message_length", limits.bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.max_metadata_size", 2**16),
            ("grpc.so_reuseport", 0),  # else two servers share a port
        ],
        maximum_concurrent_rpcs=limits.connections,
    )
    servicer = InferenceServicer(data, fixed)
    service.add_GRPCInferenceServiceServicer_to_server(servicer, server)
    return server
