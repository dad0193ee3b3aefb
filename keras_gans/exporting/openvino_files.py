"""Corrections of the files that OpenVINO writes."""

from pathlib import Path


def finish_openvino(draft: Path, path: Path, outputs: list[str]) -> None:
    """Names the outputs, of which some lose their names in conversion.

    Args:
        draft: The .xml file, beside its weights. Both are removed.
        path: The .xml file to write.
        outputs: The names of the outputs.
    """
    import openvino

    model = openvino.Core().read_model(draft)
    # TensorFlow orders a dictionary by its names.
    for output, name in zip(model.outputs, sorted(outputs), strict=True):
        output.tensor.set_names({name})
    openvino.serialize(model, path)
    del model, output  # which read the weights from their file
    for file in (draft, draft.with_suffix(".bin")):
        file.unlink()
