"""Asks TensorFlow Serving for uint8 images by gRPC, and writes them as a PNG.

pip install tensorflow-serving-api pillow
python grpc_client.py --count 8 --labels Bag 3
"""

import argparse
from typing import Any

import grpc
import numpy as np
import tensorflow as tf
from PIL import Image
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

NO_LIMIT = [("grpc.max_receive_message_length", -1)]
"""gRPC refuses answers of more than 4 MB otherwise."""


def generate(
    address: str, inputs: dict[str, Any], model: str = "generator"
) -> dict[str, np.ndarray]:
    """Returns what the signature `generate` makes, by name.

    Args:
        address: Host and port.
        inputs: What it takes, by name.
        model: The model's name.
    """
    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    request.model_spec.signature_name = "generate"
    for name, value in inputs.items():
        request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
    with grpc.insecure_channel(address, NO_LIMIT) as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        response = stub.Predict(request, timeout=60)
    return {n: tf.make_ndarray(x) for n, x in response.outputs.items()}


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="localhost:8500")
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--labels", nargs="*", help="names or numbers, in turn")
    parser.add_argument(
        "--prompts", nargs="+", help="sentences, of a GAN of words"
    )
    parser.add_argument("--out", default="samples.png")
    args = parser.parse_args()
    inputs: dict[str, Any] = {
        "seed": np.int64(args.seed),
        "count": np.int32(args.count),
    }
    if args.labels is not None:
        inputs["labels"] = np.array(args.labels, object)
    if args.prompts is not None:
        inputs["prompts"] = np.array(args.prompts, object)
        inputs["seed"] = np.int32(args.seed)
    try:
        (images,) = generate(args.address, inputs).values()
    except grpc.RpcError as error:
        raise SystemExit(f"The server says: {error.details()}") from error
    row = np.concatenate(list(images), axis=1)
    Image.fromarray(row.squeeze()).save(args.out)
    print(f"{len(images)} images in {args.out}")


if __name__ == "__main__":
    main()
