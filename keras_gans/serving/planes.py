"""kserve's planes, with one model that stays as it is."""

from typing import Any

import kserve
from kserve.errors import InvalidInput
from kserve.protocol.dataplane import DataPlane
from kserve.protocol.model_repository_extension import ModelRepositoryExtension

from keras_gans.serving import rest_v1, rest_v2
from keras_gans.serving.generator import Generator

JSON_LENGTH = "inference-header-content-length"
"""The header that says how many bytes of a body are JSON."""


class GeneratorModel(kserve.Model):
    """A GAN as kserve's model.

    Args:
        name: Its name in addresses.
        generator: What answers.
    """

    def __init__(self, name: str, generator: Generator):
        super().__init__(name)
        self.generator = generator

    def load(self) -> bool:
        """Says whether it is ready: once it is stopped it stays so."""
        return self.ready

    def get_input_types(self) -> list[dict[str, Any]]:
        """Returns what a V2 request may hold."""
        return rest_v2.describe_inputs(self.generator.gan)

    def get_output_types(self) -> list[dict[str, Any]]:
        """Returns what the signature `serving_default` makes."""
        return rest_v2.describe_outputs(self.generator.gan)

    async def predict(
        self, payload: Any, headers: Any = None, response_headers: Any = None
    ) -> Any:
        """Answers a V1 request, a dictionary, or a V2 one."""
        try:
            if isinstance(payload, kserve.InferRequest):
                return await rest_v2.infer(self.generator, payload)
            return await rest_v1.predict(self.generator, payload)
        except ValueError as error:
            raise InvalidInput(str(error)) from error


class Data(DataPlane):
    """kserve's data plane, whose own name and version are nobody's business."""

    def metadata(self) -> dict[str, Any]:
        """Returns what the server says of itself."""
        from keras_gans.version import __version__

        return {
            "name": "keras_gans",
            "version": __version__,
            "extensions": ["binary_tensor_data"],
        }

    def decode(
        self,
        body: Any,
        headers: Any,
        protocol_version: str = "v1",
        model_name: str | None = None,
    ) -> tuple[Any, dict[str, Any]]:
        """Reads the body of a request."""
        try:
            if isinstance(body, bytes) and protocol_version.lower() == "v2":
                length = headers.get(JSON_LENGTH, len(body))
                return rest_v2.read_binary(body, length, model_name or ""), {}
            # Whatever type it says that it has, V1's body is JSON.
            headers = {"content-type": "application/json"}
            return super().decode(body, headers, protocol_version, model_name)
        except (ValueError, TypeError, KeyError) as error:
            raise InvalidInput(str(error)) from error


class Fixed(ModelRepositoryExtension):
    """No client loads or unloads models."""

    async def load(self, model_name: str) -> None:
        """Refuses."""
        raise NotImplementedError("The model is loaded once, at the start.")

    async def unload(self, model_name: str) -> None:
        """Refuses."""
        raise NotImplementedError("The model stays until the server stops.")


def planes(model: GeneratorModel) -> tuple[Data, Fixed]:
    """Returns the planes of a model."""
    repository = kserve.ModelRepository()
    repository.update(model)
    return Data(repository), Fixed(repository)
