"""`keras-gans serve` under load, beside the bare SavedModel.

python tests/benchmarks/serving_load.py zoo/conditional_gan_mnist \
    --requests 10000 --at-a-time 32

The server runs in a process of its own. Clients in threads ask for one image
each, with a seed and a class of its own, by REST (PNG files) and by gRPC
(uint8), and each answer is compared with `gan.generate` of that seed in this
process: it is wrong where a level differs by more than one, and lost where
there is none. The SavedModel of the same preset runs in this process, without
a network: its signature `generate` for one image in as many threads, and its
`serving_default` on batches. All share the machine's cores.
"""

import argparse
import base64
import http.client
import io
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import grpc
import keras
import numpy as np
import tensorflow as tf
from kserve.protocol.grpc import grpc_predict_v2_pb2 as messages
from kserve.protocol.grpc import grpc_predict_v2_pb2_grpc as service
from PIL import Image

import keras_gans
from keras_gans.modalities.image import to_uint8


def run(label, ask, wanted, at_a_time):
    """Asks for all images, and prints how it went."""

    def one(i):
        start = time.perf_counter()
        try:
            made = ask(i)
        except Exception as error:
            return time.perf_counter() - start, f"lost: {error!r}"
        seconds = time.perf_counter() - start
        if wanted is None:
            return seconds, ""
        difference = np.abs(made.astype(int) - wanted[i]).max()
        return seconds, "" if difference <= 1 else f"wrong by {difference}"

    start = time.perf_counter()
    with ThreadPoolExecutor(at_a_time) as pool:
        answers = list(pool.map(one, range(NUM)))
    rate = NUM / (time.perf_counter() - start)
    times = sorted(1e3 * seconds for seconds, _ in answers)
    bad = [said for _, said in answers if said]
    lost = sum(said.startswith("lost") for said in bad)
    print(
        f"| {label} | {rate:,.0f} | {statistics.median(times):.1f} ms | "
        f"{times[int(0.99 * (len(times) - 1))]:.1f} ms | {len(bad) - lost} | "
        f"{lost} |",
        flush=True,
    )
    if bad:
        print(bad[0])


def by_rest(address, labels, shape):
    """Returns a function that asks by REST, a connection for each thread."""
    local = threading.local()

    def ask(i):
        if not hasattr(local, "client"):
            local.client = http.client.HTTPConnection(address, timeout=60)
        inputs = {"seed": i, "count": 1, **labels(i)}
        body = {"signature_name": "generate_png", "inputs": inputs}
        path = "/v1/models/generator:predict"
        local.client.request("POST", path, json.dumps(body))
        answer = json.load(local.client.getresponse())
        file = base64.b64decode(answer["outputs"][0]["b64"])
        return np.asarray(Image.open(io.BytesIO(file))).reshape(shape)

    return ask


def by_grpc(address, labels, shape):
    """Returns a function that asks by gRPC."""
    stub = service.GRPCInferenceServiceStub(grpc.insecure_channel(address))

    def ask(i):
        request = messages.ModelInferRequest(model_name="generator")
        request.parameters["signature_name"].string_param = "generate"
        seed = request.inputs.add(name="seed", datatype="INT64", shape=[1])
        seed.contents.int64_contents.append(i)
        count = request.inputs.add(name="count", datatype="INT32", shape=[1])
        count.contents.int_contents.append(1)
        for name, (word,) in labels(i).items():
            given = request.inputs.add(name=name, datatype="BYTES", shape=[1])
            given.contents.bytes_contents.append(word.encode())
        answer = stub.ModelInfer(request, timeout=60)
        return np.frombuffer(answer.raw_output_contents[0], "uint8").reshape(
            shape
        )

    return ask


def by_saved_model(loaded, labels):
    """Returns a function that calls the signature `generate`."""
    signature = loaded.signatures["generate"]

    def ask(i):
        given = {n: tf.constant(words) for n, words in labels(i).items()}
        seed, count = tf.constant(i, tf.int64), tf.constant(1)
        made = signature(seed=seed, count=count, **given)
        return made["images"].numpy()[0]

    return ask


def batches(loaded, gan, size):
    """Prints how many images a second the SavedModel makes in batches."""
    inputs = {n: tf.constant(v) for n, v in gan.inputs_for(size, 0).items()}
    signature = loaded.signatures["serving_default"]
    for _ in range(5):
        signature(**inputs)
    start, rounds = time.perf_counter(), max(1, NUM // size)
    for _ in range(rounds):
        signature(**inputs)["images"].numpy()
    rate = size * rounds / (time.perf_counter() - start)
    print(f"| SavedModel, batches of {size} | {rate:,.0f} | | | | |")


def processor():
    """Returns the processor's name."""
    with open("/proc/cpuinfo") as file:
        return re.search(r"model name\s*: (.*)", file.read())[1]


parser = argparse.ArgumentParser()
parser.add_argument("preset")
parser.add_argument("--requests", type=int, default=10_000)
parser.add_argument("--at-a-time", type=int, default=32)
args = parser.parse_args()
NUM = args.requests
gan = keras_gans.AdversarialModel.from_preset(args.preset)
kind = gan.takes.get("labels")


def labels(i):
    """Returns the class that request i asks for, by name."""
    return (
        {} if kind is None else {"labels": [kind.name_of(i % kind.num_classes)]}
    )


wanted = [
    to_uint8(gan.generate(1, seed=i, **labels(i)))[0].astype(int)
    for i in range(NUM)
]
print(
    f"{args.preset}, {NUM:,} requests, {args.at_a_time} at a time; "
    f"{processor()}, {os.cpu_count()} threads; load before: "
    f"{os.getloadavg()[0]:.1f}; Keras {keras.__version__}"
)
with tempfile.TemporaryDirectory() as folder:
    gan.export(f"{folder}/1", verify=False)
    loaded = tf.saved_model.load(f"{folder}/1")
    ports = ["--port", "0", "--grpc-port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "keras_gans", "serve", args.preset, *ports],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        rest = re.search(r"http://([\d.:]+)", server.stdout.readline())[1]
        remote = re.search(r"gRPC: ([\d.:]+)", server.stdout.readline())[1]
        print(
            "\n| | images a second | median | 99 of 100 within | wrong | lost |"
            "\n|---|---|---|---|---|---|"
        )
        shape = wanted[0].shape
        bare = by_saved_model(loaded, labels)
        batches(loaded, gan, args.at_a_time)
        run("SavedModel, one image a call", bare, None, args.at_a_time)
        ask = by_rest(rest, labels, shape)
        run("REST, PNG", ask, wanted, args.at_a_time)
        ask = by_grpc(remote, labels, shape)
        run("gRPC, uint8", ask, wanted, args.at_a_time)
        run("SavedModel again", bare, None, args.at_a_time)
        batches(loaded, gan, args.at_a_time)
        server.terminate()
        print(server.stdout.read().strip())
