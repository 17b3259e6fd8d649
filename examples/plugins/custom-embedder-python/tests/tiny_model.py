"""Makes a model's folder that is small enough for a test: real files, random weights.

    python tests/tiny_model.py FOLDER

A token's vector is tanh(E[id] W + T[type]), so that texts which share words are near.
"""

import json
import string
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = (
    "a the an is of to how do i rotate key keys password old new every month server restart "
    "service memory log full disk red green blue colour bread bake flour water salt"
).split()
LETTERS = list(string.ascii_lowercase + string.digits + string.punctuation)
VOCABULARY: List[str] = (
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "query", "passage"] + WORDS
    + [letter for letter in LETTERS if letter not in WORDS] + ["##" + letter for letter in LETTERS])
INNER, OUTER = 64, 64


class Weights:
    def __init__(self) -> None:
        random = numpy.random.RandomState(1)
        self.embeddings = random.normal(size=(len(VOCABULARY), INNER)).astype(numpy.float32)
        self.matrix = random.normal(size=(INNER, OUTER), scale=0.1).astype(numpy.float32)
        self.types = random.normal(size=(2, OUTER), scale=0.1).astype(numpy.float32)

    def hidden(self, ids: numpy.ndarray) -> numpy.ndarray:
        """Returns the network's answer, computed by numpy."""
        return numpy.tanh(self.embeddings[ids] @ self.matrix + self.types[0])


def make(
    folder: Path, pooling: Optional[Dict[str, Any]] = None, normalise: bool = True,
    length: Optional[int] = 32, prompts: Optional[Dict[str, Any]] = None, types: bool = True,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_network(folder / "model.onnx", types)
    tokenizer().save(str(folder / "tokenizer.json"))
    modules = ["Transformer", "Pooling"] + ["Normalize"] * normalise
    paths = ["", "1_Pooling", "2_Normalize"]
    write(folder / "modules.json", [
        {"idx": number, "name": str(number), "path": paths[number],
         "type": f"sentence_transformers.models.{name}"}
        for number, name in enumerate(modules)])
    write(folder / "1_Pooling" / "config.json", {
        "word_embedding_dimension": OUTER, **(pooling or {"pooling_mode_mean_tokens": True})})
    if length:
        write(folder / "sentence_bert_config.json",
              {"max_seq_length": length, "do_lower_case": False})
    if prompts:
        write(folder / "config_sentence_transformers.json", prompts)


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordPiece(
        {word: number for number, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(word, VOCABULARY.index(word)) for word in ("[CLS]", "[SEP]")])
    return made


def write_network(path: Path, types: bool) -> None:
    weights = Weights()
    inputs = ["input_ids", "attention_mask"] + ["token_type_ids"] * types
    nodes = [
        helper.make_node("Gather", ["embeddings", "input_ids"], ["words"]),
        helper.make_node("MatMul", ["words", "matrix"], ["mixed"]),
    ]
    if types:
        nodes.append(helper.make_node("Gather", ["types", "token_type_ids"], ["kinds"]))
        nodes.append(helper.make_node("Add", ["mixed", "kinds"], ["sum"]))
    nodes.append(helper.make_node("Tanh", ["sum" if types else "mixed"], ["last_hidden_state"]))
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
         for name in inputs],
        [helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", OUTER])],
        [numpy_helper.from_array(weights.embeddings, "embeddings"),
         numpy_helper.from_array(weights.matrix, "matrix"),
         numpy_helper.from_array(weights.types, "types")])
    # Runtimes that are older than the onnx package read these versions.
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    onnx.save(made, str(path))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: tiny_model.py FOLDER")
    make(Path(sys.argv[1]), prompts={
        "prompts": {"query": "query: ", "document": "passage: "}, "default_prompt_name": None})
