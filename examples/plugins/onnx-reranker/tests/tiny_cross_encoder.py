"""Makes a cross-encoder's folder that is small enough for a test: real files, simple weights.

    python tests/tiny_cross_encoder.py FOLDER

A pair's number is the number of words that question and text have in common, each counted as often
as both have it together, minus 3.
"""

import json
import sys
from pathlib import Path
from typing import Any, Dict, Optional

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = (
    "a the an is of to how do i rotate key keys password old new every month server restart "
    "service memory log full disk red green blue colour bread bake flour water salt with"
).split()
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS]


def make(folder: Path, config: Optional[Dict[str, Any]] = None, length: int = 32,
         outputs: int = 1) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_network(folder / "model.onnx", outputs)
    tokenizer().save(str(folder / "tokenizer.json"))
    write(folder / "config.json", config or {})
    write(folder / "tokenizer_config.json", {"model_max_length": length})


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value))


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel(
        {word: number for number, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(word, VOCABULARY.index(word)) for word in ("[CLS]", "[SEP]")])
    return made


def write_network(path: Path, outputs: int) -> None:
    """Writes a network that counts words on both sides by one-hot vectors."""
    size = len(VOCABULARY)
    hot = numpy.eye(size, dtype=numpy.float32)
    hot[:4] = 0
    node = helper.make_node
    nodes = [
        node("Gather", ["hot", "input_ids"], ["words"]),
        node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        node("Cast", ["token_type_ids"], ["side"], to=TensorProto.FLOAT),
        node("Mul", ["mask", "side"], ["second"]),
        node("Sub", ["mask", "second"], ["first"]),
        node("Unsqueeze", ["first", "two"], ["first_column"]),
        node("Unsqueeze", ["second", "two"], ["second_column"]),
        node("Mul", ["words", "first_column"], ["question_words"]),
        node("Mul", ["words", "second_column"], ["text_words"]),
        node("ReduceSum", ["question_words", "one"], ["question"], keepdims=0),
        node("ReduceSum", ["text_words", "one"], ["text"], keepdims=0),
        node("Mul", ["question", "text"], ["both"]),
        node("MatMul", ["both", "ones"], ["common"]),
        node("Sub", ["common", "three"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["pairs", "tokens"])
         for name in ("input_ids", "attention_mask", "token_type_ids")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["pairs", outputs])],
        [numpy_helper.from_array(hot, "hot"),
         numpy_helper.from_array(numpy.ones((size, outputs), numpy.float32), "ones"),
         numpy_helper.from_array(numpy.array([1]), "one"),
         numpy_helper.from_array(numpy.array([2]), "two"),
         numpy_helper.from_array(numpy.array(3, numpy.float32), "three")])
    # Runtimes that are older than the onnx package read these versions.
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    onnx.save(made, str(path))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: tiny_cross_encoder.py FOLDER")
    make(Path(sys.argv[1]))
